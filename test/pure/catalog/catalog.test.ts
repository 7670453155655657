import { describe, expect, it } from "vitest";
import { newMetricSchema } from "../../../workers/catalog/custom-metric.ts";
import { dimensionOf, dimensions } from "../../../workers/catalog/dimensions/index.ts";
import { MEASURES, noMeasures } from "../../../workers/catalog/measure.ts";
import type { Metric } from "../../../workers/catalog/metric.ts";
import { isMetric, metrics } from "../../../workers/catalog/metrics/index.ts";
import type { Pack } from "../../../workers/catalog/pack.ts";
import { CATALOGUED, packs } from "../../../workers/catalog/packs/index.ts";
import { EVENT_FIELDS } from "../../../workers/domain/event.ts";
import { trackingPlanSchema } from "../../../workers/domain/plan-schema.ts";
import { lintNames } from "../../../workers/quality/naming-lint.ts";
import { askedMetric } from "../../../workers/query/asked-metric.ts";
import { definitionErrors } from "../../../workers/query/custom-metric.ts";

describe.each(Object.entries<Metric>(metrics))("the metric %s", (_, metric) => {
  it("says what it is", () => {
    expect(metric.label).toMatch(/^[A-Z]/);
    expect(metric.about).toMatch(/^[A-Z].*\.$/);
  });

  it("is made of known measures", () => {
    expect(metric.from.filter((measure) => !MEASURES.includes(measure))).toEqual([]);
  });

  it("is zero or null where nothing was counted", () => {
    expect([0, null]).toContain(metric.compute(noMeasures(), noMeasures()));
  });

  it("reads no measure that it does not name", () => {
    const read = new Set<string>();
    const watched = new Proxy(noMeasures(), {
      get(target, key, receiver) {
        read.add(String(key));
        return Reflect.get(target, key, receiver);
      },
    });
    metric.compute(watched, noMeasures());
    expect([...read].filter((key) => !metric.from.some((measure) => measure === key))).toEqual([]);
  });
});

describe.each(Object.entries<Pack>(packs))("the pack %s", (_, pack) => {
  it.each(Object.entries(pack.metrics))(
    "defines %s as a user could, of what there is",
    (name, { definition, ...texts }) => {
      expect(texts.label).toMatch(/^[A-Z]/);
      expect(texts.about).toMatch(/^[A-Z].*\.$/);
      expect(newMetricSchema.parse({ name: "own", label: "Own", definition }).definition).toEqual(definition);
      expect(definitionErrors(definition, { goals: [], customMetrics: [] })).toEqual([]);
      expect(askedMetric(name, [])).toMatchObject({ id: name, unit: texts.unit });
      expect(newMetricSchema.safeParse({ name, label: "Own", definition }).success).toBe(false);
    },
  );

  it("brings entries that are a plan, said in words, and named by its convention", () => {
    expect([pack.label, pack.about]).toEqual([expect.stringMatching(/^[A-Z]/), expect.stringMatching(/^[A-Z].*\.$/)]);
    expect(trackingPlanSchema.parse({ events: pack.events })).toEqual({ events: pack.events });
    expect(Object.keys(pack.events).length).toBeGreaterThan(0);
    for (const { section, trigger } of Object.values(pack.events))
      expect([section, trigger]).toEqual([expect.stringMatching(/^[A-Z]/), expect.stringMatching(/^[A-Z].*\.$/)]);
    expect(lintNames(Object.keys(pack.events), "object_action", [])).toEqual([]);
  });

  it("says the same as any other pack that has the event", () => {
    for (const other of Object.values<Pack>(packs))
      for (const [name, entry] of Object.entries(pack.events)) expect(other.events[name] ?? entry).toEqual(entry);
  });
});

it("no two metrics of the catalogue have one name", () => {
  expect(new Set(CATALOGUED).size).toBe(CATALOGUED.length);
});

describe.each(Object.entries(dimensions))("the dimension %s", (name, dimension) => {
  it("has a label, a word for the empty value, and the scope its name says", () => {
    expect(dimension.label).toMatch(/^[A-Z]/);
    expect(dimension.empty).not.toBe("");
    expect({ "event:": "event", "visit:": "session", "time:": "time" }).toHaveProperty(
      `${name.split(":")[0]}:`,
      dimension.scope,
    );
  });

  it("reads a field that events have", () => {
    const { read } = dimension;
    if ("field" in read) expect(EVENT_FIELDS).toContain(read.field);
  });
});

describe("names", () => {
  it("of properties are dimensions of their own", () => {
    expect(dimensionOf("event:props:plan")).toMatchObject({ label: "plan", empty: "(none)" });
    expect(dimensionOf("event:props:")).toBeUndefined();
  });

  it.each(["__proto__", "constructor", "toString", "time", ""])("like %j are not found by accident", (name) => {
    expect(dimensionOf(name)).toBeUndefined();
    expect(isMetric(name)).toBe(false);
  });
});
