import { expect, it } from "vitest";
import { createRefusalCount, REFUSALS_AN_HOUR } from "../../../durable-objects/audit-trail/refusals.ts";
import { jobAct } from "../../../workers/domain/audit.ts";

it("refused tries are told up to so many an hour, and then how many were not", () => {
  const act = jobAct("test", { action: "x", summary: "x" });
  const count = createRefusalCount();
  const told = Array.from({ length: REFUSALS_AN_HOUR + 30 }, (_, i) => count.count(act, 1_000_000_000 + i));
  expect(told.filter(Boolean)).toHaveLength(REFUSALS_AN_HOUR);
  const later = 1_000_000_000 + 3_600_000;
  expect(count.count(act, later)).toEqual({ ...act, after: '{"refusalsNotTold":30}' });
  expect(count.count(act, later)).toEqual(act);
});
