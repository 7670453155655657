import { describe, expect, it } from "vitest";
import { qualityRuleSchema } from "../../../workers/domain/quality-rule.ts";
import { evaluateRules } from "../../../workers/quality/evaluate-rules.ts";
import { qualityScore } from "../../../workers/quality/quality-score.ts";

const rule = (condition: object, more: object = {}) =>
  qualityRuleSchema.parse({ on: "events", name: "a rule", condition, ...more });

const kept = (condition: object, event: object): boolean | undefined =>
  evaluateRules([rule(condition)], [{ ...event }])[0]?.kept;

describe("a rule about events", () => {
  it.each<[object, object, boolean]>([
    [{ kind: "range", field: "props.price", min: 0, max: 10 }, { props: { price: 10 } }, true],
    [{ kind: "range", field: "props.price", min: 0, max: 10 }, { props: { price: 10.01 } }, false],
    [{ kind: "range", field: "props.price", min: 0 }, { props: { price: "12" } }, true],
    [{ kind: "range", field: "props.price", min: 0 }, { props: { price: "cheap" } }, false],
    [{ kind: "range", field: "props.price", min: 0 }, { props: {} }, true],
    [{ kind: "pattern", field: "path", pattern: "^/[a-z/]*$" }, { path: "/shop/cart" }, true],
    [{ kind: "pattern", field: "path", pattern: "^/[a-z/]*$" }, { path: "/Shop" }, false],
    [{ kind: "one_of", field: "props.plan", values: ["free", "pro"] }, { props: { plan: "pro" } }, true],
    [{ kind: "one_of", field: "props.plan", values: ["free", "pro"] }, { props: { plan: "Pro" } }, false],
    [{ kind: "compare", field: "props.a", operator: "<=", other: "props.b" }, { props: { a: 9, b: 10 } }, true],
    [{ kind: "compare", field: "props.a", operator: "<=", other: "props.b" }, { props: { a: "11", b: "9" } }, false],
    [{ kind: "compare", field: "props.a", operator: "<", other: "props.b" }, { props: { a: 1 } }, true],
    [{ kind: "compare", field: "at", operator: "<=", other: "receivedAt" }, { at: 5, receivedAt: 4 }, false],
    [
      { kind: "together", fields: ["revenue.amount", "revenue.currency"] },
      { revenue: { amount: 1, currency: "EUR" } },
      true,
    ],
    [{ kind: "together", fields: ["revenue.amount", "revenue.currency"] }, { revenue: { amount: 1 } }, false],
    [{ kind: "together", fields: ["revenue.amount", "revenue.currency"] }, { revenue: null }, true],
    [{ kind: "required", field: "props.product.id" }, { props: { product: { id: "a" } } }, true],
    [{ kind: "required", field: "props.product.id" }, { props: { product: { id: "" } } }, false],
    [{ kind: "required", field: "props.constructor" }, { props: {} }, false],
  ])("%j of %j is kept: %s", (condition, event, expected) => expect(kept(condition, event)).toBe(expected));

  it("that add_to_cart without a product stays under one percent is kept at it and broken above", () => {
    const carts = (without: number) =>
      Array.from({ length: 200 }, (_, index) => ({
        name: "add_to_cart",
        props: index < without ? {} : { product_id: "p1" },
      }));
    const wanted = rule(
      { kind: "required", field: "props.product_id" },
      { name: "carts name a product", event: "add_to_cart", tolerated: 1 },
    );
    const others = [{ name: "pageview" }, { name: "pageview" }];
    expect(evaluateRules([wanted], [...others, ...carts(2)])).toMatchObject([{ kept: true, checked: 200, broken: 2 }]);
    expect(evaluateRules([wanted], [...others, ...carts(3)])).toEqual([
      {
        rule: "carts name a product",
        kept: false,
        checked: 200,
        broken: 3,
        examples: [2, 3, 4],
        reason: "3 of 200 add_to_cart (1.5 %) break it; 1.0 % may",
      },
    ]);
  });

  it.each<[string, object]>([
    ["a range without bounds", { kind: "range", field: "path" }],
    ["a range upside down", { kind: "range", field: "path", min: 2, max: 1 }],
    ["a field that is none", { kind: "required", field: "props..a" }],
    ["one field together with nothing", { kind: "together", fields: ["path"] }],
    ["a kind that is none", { kind: "hope", field: "path" }],
  ])("is refused with %s", (_, condition) =>
    expect(qualityRuleSchema.safeParse({ on: "events", name: "a rule", condition }).success).toBe(false),
  );
});

describe("a rule about a metric", () => {
  const bounce = qualityRuleSchema.parse({ on: "metric", name: "bounce", metric: "bounce_rate", min: 0.1, max: 0.9 });

  it("is kept within its bounds, broken outside, and kept where there is no value", () => {
    expect(evaluateRules([bounce], [], { bounce_rate: 0.5 })).toMatchObject([{ kept: true, checked: 1 }]);
    expect(evaluateRules([bounce], [], { bounce_rate: 0.95 })).toMatchObject([
      { kept: false, broken: 1, reason: "bounce_rate is 0.95, wanted at least 0.1 and at most 0.9" },
    ]);
    expect(evaluateRules([bounce], [], {})).toMatchObject([{ kept: true, checked: 0 }]);
  });
});

describe("the score", () => {
  it("is 100 without a fault, and nothing without evidence", () => {
    const faultless = qualityScore([{ aspect: "validity", checked: 10, faulty: 0, reason: "values" }]);
    expect(faultless).toMatchObject({ total: 100, aspects: { validity: 100, uniqueness: null }, reasons: [] });
    expect(qualityScore([]).total).toBeNull();
  });

  it("loses what is wrong, says why, the dearest first, and does not hide one bad aspect", () => {
    const score = qualityScore([
      { aspect: "validity", checked: 1000, faulty: 100, reason: "prices that are texts" },
      { aspect: "validity", checked: 1000, faulty: 100, reason: "paths that are none" },
      { aspect: "uniqueness", checked: 1000, faulty: 30, reason: "repeats" },
      { aspect: "timeliness", checked: 1000, faulty: 0, reason: "late events" },
    ]);
    expect(score.aspects).toEqual({
      validity: 81,
      completeness: null,
      uniqueness: 97,
      timeliness: 100,
      consistency: null,
    });
    // The third root of 0.81 × 0.97 × 1.
    expect(score.total).toBe(92.2);
    expect(score.reasons.map(({ cost, reason }) => [cost, reason])).toEqual([
      [10, "prices that are texts"],
      [10, "paths that are none"],
      [3, "repeats"],
    ]);
    const bad = qualityScore([
      ...(["validity", "completeness", "uniqueness", "timeliness"] as const).map((aspect) => ({
        aspect,
        checked: 10,
        faulty: 0,
        reason: "",
      })),
      { aspect: "consistency", checked: 10, faulty: 9, reason: "counts differ" },
    ]);
    expect(bad.total).toBeLessThan(70);
  });

  it("has 100 only where nothing is wrong", () =>
    expect(qualityScore([{ aspect: "uniqueness", checked: 1_000_000, faulty: 1, reason: "one" }]).total).toBe(99.9));
});
