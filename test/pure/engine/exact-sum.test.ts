import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addExactly, type ExactSum, mergeExactly, roundedSum } from "../../../workers/engine/exact-sum.ts";

const SCALE = 1100n;

/** A double as a whole number of 2^-1100, exactly. */
function exactly(value: number): bigint {
  let exponent = 0;
  let whole = value;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    exponent++;
  }
  return (BigInt(whole) << SCALE) >> BigInt(exponent);
}

const value = fc.oneof(
  fc.double({ min: -1e15, max: 1e15, noNaN: true }).filter((number) => number === 0 || Math.abs(number) > 1e-200),
  fc.constantFrom(0.1, 0.2, 0.3, -0.3, 1e100, -1e100, 1e-100, 2 ** 53, 1),
);

function sumOf(values: readonly number[]): ExactSum {
  const sum: ExactSum = [];
  for (const one of values) addExactly(sum, one);
  return sum;
}

describe("an exact sum", () => {
  it("differs from the true sum by less than any other double does", () => {
    const cases = fc.property(fc.array(value), (values) => {
      const truth = values.reduce((sum, one) => sum + exactly(one), 0n);
      const rounded = roundedSum(sumOf(values));
      const off = (number: number) => {
        const difference = exactly(number) - truth;
        return difference < 0n ? -difference : difference;
      };
      const step = Math.max(Math.abs(rounded) * 2 ** -52, 1e-300);
      expect(off(rounded) <= off(rounded + step) && off(rounded) <= off(rounded - step)).toBe(true);
    });
    fc.assert(cases, { numRuns: 500 });
  });

  it("does not depend on order or on how parts are merged", () => {
    const cases = fc.property(fc.array(value), fc.array(value), (a, b) => {
      const merged = roundedSum(mergeExactly(sumOf(b), sumOf(a)));
      expect(merged).toBe(roundedSum(sumOf([...a, ...b])));
      expect(roundedSum(sumOf([...a, ...b].reverse()))).toBe(merged);
    });
    fc.assert(cases, { numRuns: 500 });
  });

  it("of nothing is zero, and of opposites too", () => {
    expect(roundedSum([])).toBe(0);
    expect(roundedSum(sumOf([0.1, 1e100, -1e100, -0.1]))).toBe(0);
    expect(roundedSum(sumOf([0.1, 0.2, 0.3]))).toBe(0.6);
  });
});
