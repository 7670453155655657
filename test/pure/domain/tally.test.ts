import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addTo, emptyTally, mergedTally, quantileOf, type Tally } from "../../../workers/domain/tally.ts";

function tallyOf(values: readonly number[]): Tally {
  const tally = emptyTally();
  for (const value of values) addTo(tally, value);
  return tally;
}

/** The smallest value with that share of all at or below it. */
function exactQuantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}

const times = fc.array(fc.integer({ min: 0, max: 120_000 }), { minLength: 1, maxLength: 300 });

describe("a tally", () => {
  it("is the same however its values were divided over isolates", () => {
    fc.assert(
      fc.property(times, times, times, (a, b, c) => {
        const whole = tallyOf([...a, ...b, ...c]);
        expect(mergedTally(mergedTally(tallyOf(a), tallyOf(b)), tallyOf(c))).toEqual(whole);
        expect(mergedTally(tallyOf(c), mergedTally(tallyOf(b), tallyOf(a)))).toEqual(whole);
        expect(mergedTally(emptyTally(), whole)).toEqual(whole);
      }),
    );
  });

  it("knows percentiles to within a bucket, a fifth", () => {
    fc.assert(
      fc.property(times, fc.constantFrom(0.5, 0.95, 0.99, 1), (values, q) => {
        const exact = exactQuantile(values, q);
        const found = quantileOf(tallyOf(values), q) ?? Number.NaN;
        expect(found).toBeLessThanOrEqual(Math.max(1, exact * 1.2001));
        expect(found).toBeGreaterThanOrEqual(exact <= 1 ? 0 : exact / 1.2001);
      }),
    );
  });

  it("counts what was refused and what failed", () => {
    const tally = emptyTally();
    addTo(tally, 5, { outcome: "refused" });
    addTo(tally, 7, { outcome: "failed", times: 3 });
    addTo(tally, 2);
    expect(tally).toMatchObject({ count: 5, refused: 1, failed: 3, sum: 28, max: 7 });
  });

  it("has no percentile of nothing", () => {
    expect(quantileOf(emptyTally(), 0.95)).toBeNull();
  });
});
