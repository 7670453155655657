import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addValue,
  EXACT_VALUES,
  emptyHistogram,
  mergeHistograms,
  QUANTILE_ERROR,
  quantile,
} from "../../../workers/engine/histogram.ts";

function histogramOf(values: readonly number[]) {
  const histogram = emptyHistogram();
  for (const value of values) addValue(histogram, value);
  return histogram;
}

const duration = fc.oneof(fc.nat(1000), fc.nat(3_600_000), fc.integer({ min: 0, max: 4e12 }));
const share = fc.constantFrom(0, 0.01, 0.5, 0.9, 0.99, 1);
const ranked = (values: number[], at: number) =>
  values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(at * values.length)) - 1]!;

describe("a histogram", () => {
  it("of few values has exact quantiles", () => {
    const cases = fc.property(fc.array(duration, { minLength: 1 }), share, (values, at) => {
      expect(quantile(histogramOf(values), at)).toBe(ranked(values, at));
    });
    fc.assert(cases);
  });

  it("of many values has quantiles off by no more than it states", () => {
    const many = fc.array(duration, { minLength: EXACT_VALUES + 1, maxLength: EXACT_VALUES + 200, size: "max" });
    const cases = fc.property(many, share, (values, at) => {
      const truth = ranked(values, at);
      const off = Math.abs(quantile(histogramOf(values), at)! - truth);
      expect(off).toBeLessThanOrEqual(truth * QUANTILE_ERROR);
    });
    fc.assert(cases, { numRuns: 20 });
  });

  it("is the same however its parts were merged", () => {
    const part = fc.array(duration, { maxLength: EXACT_VALUES, size: "max" });
    const cases = fc.property(part, part, part, share, (a, b, c, at) => {
      const whole = histogramOf([...a, ...b, ...c]);
      const [x, y, z] = [a, b, c].map(histogramOf);
      for (const merged of [
        mergeHistograms(mergeHistograms(x!, y!), z!),
        mergeHistograms(x!, mergeHistograms(z!, y!)),
      ]) {
        expect([merged.count, merged.sum]).toEqual([whole.count, whole.sum]);
        expect(quantile(merged, at)).toBe(quantile(whole, at));
        expect(merged.values === null).toBe(whole.values === null);
      }
    });
    fc.assert(cases, { numRuns: 30 });
  });

  it("of nothing has no quantiles", () => {
    expect(quantile(emptyHistogram(), 0.5)).toBeNull();
  });
});
