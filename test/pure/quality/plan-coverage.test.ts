import { expect, it } from "vitest";
import { propertyShapes } from "../../../workers/analyses/property-shapes.ts";
import { trackingPlanSchema } from "../../../workers/domain/plan-schema.ts";
import { planChecker } from "../../../workers/ingest/plan-checker.ts";
import { planCoverage } from "../../../workers/quality/plan-coverage.ts";
import { draftPlan } from "../../../workers/quality/plan-draft.ts";
import { anEvent } from "../../support/events.ts";
import { inBatches, scanAll, sourceOf } from "../../support/shards.ts";

const events = Array.from({ length: 200 }, (_, i) =>
  anEvent({
    name: i % 2 === 0 ? "order_completed" : "cart_opened",
    visitorId: (i % 7).toString(16).padStart(16, "0"),
    props:
      i % 2 === 0
        ? {
            plan: i % 4 === 0 ? "free" : "team",
            total: i / 4,
            seats: i,
            at: "2026-11-21T10:00:00Z",
            tags: ["a", "b"],
            coupon: i % 10 === 0 ? "X" : "",
            item: { sku: "a" },
            ...(i % 8 === 0 ? { late: true } : {}),
            mixed: i % 4 === 0 ? 1 : "one",
          }
        : { note: "" },
  }),
);

async function seen() {
  const { name } = propertyShapes;
  const { partials } = await scanAll(sourceOf(inBatches(events, 64)), [
    { analysis: name, params: {}, from: 0, to: Date.UTC(2027, 0, 1), timeZone: "UTC", filters: [] },
  ]);
  return propertyShapes.answer(partials, {});
}

it("a plan is drawn from traffic: types, what is always there, the few values; and the traffic fits it", async () => {
  const plan = draftPlan(await seen());
  expect(trackingPlanSchema.parse(plan)).toEqual(plan);
  expect(plan.events.order_completed?.properties).toEqual({
    at: { type: "date-time", required: true },
    coupon: { type: "string" },
    item: { type: "object", required: true },
    late: { type: "boolean" },
    mixed: { type: "string", required: true, description: "seen as integer, string" },
    plan: { type: "string", required: true, values: ["free", "team"] },
    seats: { type: "integer", required: true },
    tags: { type: "array<string>", required: true },
    total: { type: "number", required: true },
  });
  const { check } = planChecker(plan);
  const wrong = events.flatMap(({ name, props }) => check(name, props)).filter(({ property }) => property !== "mixed");
  expect(wrong).toEqual([]);
});

it("what is planned and what was seen stand side by side", async () => {
  const property = { type: "string" } as const;
  const plan = trackingPlanSchema.parse({
    events: { cart_opened: { properties: { note: property, source: property } }, mail_sent: {} },
  });
  expect(planCoverage(plan, await seen())).toEqual({
    planned: 2,
    seen: 1,
    neverSeen: ["mail_sent"],
    unplanned: [{ event: "order_completed", events: 100 }],
    properties: [
      { event: "cart_opened", property: "source", gap: "never_sent", events: 0, of: 100 },
      { event: "cart_opened", property: "note", gap: "always_empty", events: 100, of: 100 },
    ],
  });
});
