import { describe, expect, it } from "vitest";
import { errorBudget } from "../../../workers/domain/error-budget.ts";
import { errorTrouble } from "../../../workers/domain/error-rate.ts";
import { noTotals } from "../../../workers/domain/measures.ts";
import { addTo } from "../../../workers/domain/tally.ts";

describe("the error budget", () => {
  it("of 10,000 requests at 99.5 % is 50 failures, of which 20 leave 60 %", () => {
    expect(errorBudget(10_000, 20)).toEqual({
      objective: 0.995,
      requests: 10_000,
      failed: 20,
      availability: 0.998,
      allowed: 50,
      left: 0.6,
    });
  });

  it("is overdrawn below 0", () => {
    expect(errorBudget(1_000, 10)).toMatchObject({ allowed: 5, left: -1, availability: 0.99 });
  });

  it("is whole while nothing was asked", () => {
    expect(errorBudget(0, 0)).toMatchObject({ allowed: 0, left: 1, availability: null });
  });
});

describe("the limit of errors", () => {
  const slot = (count: number, failed: number) => {
    const totals = noTotals();
    if (failed > 0) addTo(totals.api, 9, { outcome: "failed", times: failed });
    addTo(totals.api, 9, { times: count - failed });
    return totals;
  };

  it("is over one in twenty, of all the slots together", () => {
    expect(errorTrouble([slot(50, 1), slot(50, 4)])).toEqual([]);
    expect(errorTrouble([slot(50, 2), slot(50, 4)])).toEqual([
      { kind: "api errors", reason: "6.0 % of 100 requests to the API failed; the Worker's log says why" },
    ]);
  });

  it("says nothing of a handful of requests", () => {
    expect(errorTrouble([slot(19, 19)])).toEqual([]);
  });
});
