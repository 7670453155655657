import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Props } from "../../../workers/domain/event.ts";
import { trackingPlanSchema } from "../../../workers/domain/plan-schema.ts";
import type { TrackingPlan } from "../../../workers/domain/tracking-plan.ts";
import { isHeld, planChecker } from "../../../workers/ingest/plan-checker.ts";
import { aBeacon, collect, someFacts } from "./facts.ts";

const plan: TrackingPlan = trackingPlanSchema.parse({
  mode: "enforce",
  unplanned: { events: "warn", properties: "observe" },
  events: {
    order_completed: {
      properties: {
        order_id: { type: "string", required: true, pattern: "[A-Z]{2}-\\d+" },
        total: { type: "number", required: true, min: 0, max: 10_000 },
        seats: { type: "integer" },
        plan: { type: "string", values: ["free", "team"] },
        shipped_at: { type: "date-time" },
        tags: { type: "array<string>", values: ["new", "sale"] },
        items: {
          type: "array<object>",
          properties: { sku: { type: "string", required: true }, price: { type: "number" } },
        },
        gift: { type: "boolean" },
      },
    },
    page_searched: { mode: "observe", properties: { query: { type: "string", required: true } } },
  },
});
const checker = planChecker(plan);
const good = { order_id: "AB-12", total: 19.5 };
const wrong = (props: Props) =>
  checker.check("order_completed", props).map(({ property, rule }) => `${property} ${rule}`);

describe("an event and the tracking plan", () => {
  it("fits with all that the plan asks for and nothing else", () => {
    expect(wrong(good)).toEqual([]);
    const full = { ...good, seats: 3, plan: "team", shipped_at: "2026-11-21T10:00:00Z", tags: ["sale"], gift: false };
    expect(wrong({ ...full, items: [{ sku: "a", price: 1 }] })).toEqual([]);
    expect(wrong({ ...good, seats: null })).toEqual([]);
  });

  it.each<[string, Props, string[]]>([
    ["a required property that is missing, or null", { total: 1, order_id: null }, ["order_id missing"]],
    ["a number as text", { ...good, total: "12" }, ["total type"]],
    ["a fraction for an integer", { ...good, seats: 1.5 }, ["seats type"]],
    ["a value that is not allowed", { ...good, plan: "pro" }, ["plan value"]],
    ["a number out of range", { ...good, total: -1 }, ["total range"]],
    ["a text that only partly fits the pattern", { ...good, order_id: "xAB-12" }, ["order_id pattern"]],
    ["no date", { ...good, shipped_at: "2026-13-45" }, ["shipped_at type"]],
    ["one entry of a list", { ...good, tags: ["new", "old"] }, ["tags[] value"]],
    ["no list", { ...good, tags: "new" }, ["tags type"]],
    [
      "inside a list's objects, once",
      { ...good, items: [{ price: 1 }, { price: "2" }, {}] },
      ["items[].sku missing", "items[].price type"],
    ],
    ["what the plan does not name", { ...good, colour: "red" }, ["colour unplanned_property"]],
  ])("names %s", (_, props, found) => {
    expect(wrong(props)).toEqual(found);
  });

  it("is kept back only for what is enforced", () => {
    expect(isHeld(checker.check("order_completed", { ...good, total: -1 }))).toBe(true);
    expect(isHeld(checker.check("order_completed", { ...good, colour: "red" }))).toBe(false);
    expect(checker.check("page_searched", {})).toMatchObject([{ rule: "missing", mode: "observe" }]);
    expect(checker.check("stranger", {})).toMatchObject([{ property: "", rule: "unplanned_event", mode: "warn" }]);
    expect(checker.check("pageview", { any: 1 })).toEqual([]);
  });

  it("is told by a sample without addresses of people", () => {
    const result = collect({ name: "order_completed", props: { ...good, plan: "ann@example.com" } }, { plan: checker });
    expect("violations" in result && result.violations?.map(({ sample }) => sample)).toEqual(['"(e-mail)"']);
  });

  it("goes through the pipeline with its visitor, whatever is wrong with it", () => {
    const result = collect({ name: "order_completed", props: { total: "x" } }, { plan: checker });
    expect(result).toMatchObject({ event: { visitorId: expect.stringMatching(/^[0-9a-f]{16}$/) } });
    expect("violations" in result && result.violations?.map(({ rule }) => rule)).toEqual(["missing", "type"]);
    expect(collect({}, { plan: checker })).not.toHaveProperty("violations");
    expect(collect(aBeacon({ name: "stranger" }), someFacts())).not.toHaveProperty("violations");
  });

  it("never throws and never finds more than twenty things, whatever is sent", () => {
    const anything = fc.dictionary(fc.string(), fc.anything({ maxDepth: 3 }));
    fc.assert(
      fc.property(anything, (props) => {
        const found = checker.check("order_completed", props as Props); // any JSON and worse
        expect(found.length).toBeLessThanOrEqual(20);
      }),
    );
  });
});

describe("a plan", () => {
  it.each([
    [{ type: "string", min: 1 }, "min"],
    [{ type: "number", min: 2, max: 1 }, "max"],
    [{ type: "number", pattern: "a" }, "pattern"],
    [{ type: "string", pattern: "(?=a)" }, "pattern"],
    [{ type: "integer", values: ["a"] }, "values"],
    [{ type: "string", properties: {} }, "properties"],
    [{ type: "array<array<string>>" }, "type"],
  ])("%j is refused", (property, field) => {
    const parsed = trackingPlanSchema.safeParse({ events: { a_done: { properties: { x: property } } } });
    expect(parsed.error?.issues.map(({ path }) => path.join("."))).toContain(`events.a_done.properties.x.${field}`);
  });
});
