import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { METRIC_NAMES } from "../../dashboard/state/metrics.ts";
import { GRAINS, type Period, PRESETS, type PresetName } from "../../dashboard/state/periods.ts";
import {
  COMPARISONS,
  DEFAULT_VIEW,
  FILTER_OPERATORS,
  negated,
  parseView,
  printView,
  toggleFilter,
  type View,
  type ViewFilter,
  withTab,
} from "../../dashboard/state/view.ts";

const presetNames = Object.keys(PRESETS) as PresetName[];
const day = fc
  .integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) })
  .map((at) => new Date(at).toISOString().slice(0, 10));

const custom = (from: string, to: string): Period => ({ name: "custom", from, to });
const period: fc.Arbitrary<Period> = fc.oneof(
  fc.constantFrom(...presetNames).map((name): Period => ({ name })),
  fc.tuple(day, day).map(([a, b]) => (a <= b ? custom(a, b) : custom(b, a))),
);

const filter: fc.Arbitrary<ViewFilter> = fc.record({
  operator: fc.constantFrom(...FILTER_OPERATORS),
  dimension: fc.constantFrom("event:page", "visit:country", "event:props:plan"),
  values: fc.array(fc.string({ unit: "grapheme", maxLength: 30 }), { minLength: 1, maxLength: 4 }),
});

const view: fc.Arbitrary<View> = fc.record({
  period,
  metric: fc.constantFrom(...METRIC_NAMES),
  grain: fc.constantFrom("auto", ...GRAINS),
  compare: fc.constantFrom(...COMPARISONS),
  filters: fc.array(filter, { maxLength: 4 }),
  tabs: fc.dictionary(fc.constantFrom("pages", "sources", "places"), fc.constantFrom("entry", "utm_source", "cities"), {
    noNullPrototype: true,
  }),
  own: fc.dictionary(fc.constantFrom("by", "show", "chart"), fc.string({ unit: "grapheme", maxLength: 30 }), {
    noNullPrototype: true,
  }),
});

describe("the view in the address", () => {
  it("comes back from its address as it was", () => {
    fc.assert(
      fc.property(view, (original) => {
        expect(parseView(printView(original))).toEqual(original);
      }),
    );
  });

  it("survives the browser's own writing of the address", () => {
    fc.assert(
      fc.property(view, (original) => {
        const url = new URL(`https://example.com/sites/x?${printView(original)}`);
        expect(parseView(url.search.slice(1))).toEqual(original);
      }),
    );
  });

  it("is an empty address for the default view", () => {
    expect(printView(DEFAULT_VIEW)).toBe("");
    expect(parseView("")).toEqual(DEFAULT_VIEW);
  });

  it("reads like what it means", () => {
    const filters: ViewFilter[] = [{ operator: "is", dimension: "visit:country", values: ["DE", "FR"] }];
    expect(printView({ ...DEFAULT_VIEW, period: { name: "7d" }, filters })).toBe("period=7d&f=is,visit:country,DE,FR");
  });

  it("takes the default for whatever is not understood, and never throws", () => {
    expect(parseView("period=eon&metric=__proto__&grain=minute&compare=x&f=is&f=like,visit:os,x&tab=a")).toEqual(
      DEFAULT_VIEW,
    );
    expect(parseView("period=custom&from=2026-02-30&to=2026-03-01").period).toEqual(DEFAULT_VIEW.period);
    fc.assert(fc.property(fc.string(), (query) => printView(parseView(query)).length >= 0));
  });
});

describe("filters", () => {
  it("are added, and taken away by the same click again", () => {
    const germany: ViewFilter = { operator: "is", dimension: "visit:country", values: ["DE"] };
    const added = toggleFilter([], germany);
    expect(added).toEqual([germany]);
    expect(toggleFilter(added, germany)).toEqual([]);
  });

  it("replace one of the same dimension and operator, and leave others be", () => {
    const germany: ViewFilter = { operator: "is", dimension: "visit:country", values: ["DE"] };
    const page: ViewFilter = { operator: "is", dimension: "event:page", values: ["/"] };
    const france: ViewFilter = { ...germany, values: ["FR"] };
    expect(toggleFilter([germany, page], france)).toEqual([page, france]);
  });

  it("are themselves again when turned round twice", () => {
    fc.assert(
      fc.property(filter, (one) => {
        expect(negated(negated(one))).toEqual(one);
      }),
    );
  });
});

describe("tabs", () => {
  it("mention only panels that are not on their first", () => {
    const chosen = withTab({}, { panel: "pages", id: "entry", first: "top" });
    expect(chosen).toEqual({ pages: "entry" });
    expect(withTab(chosen, { panel: "pages", id: "top", first: "top" })).toEqual({});
  });
});
