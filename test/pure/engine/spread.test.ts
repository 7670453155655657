import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDistinct,
  addText,
  countOf,
  DISTINCT_ERROR,
  type Distinct,
  EXACT_TEXTS,
  emptyDistinct,
} from "../../../workers/engine/distinct.ts";
import { addProduct } from "../../../workers/engine/exact-product.ts";
import { addExactly, type ExactSum, roundedSum } from "../../../workers/engine/exact-sum.ts";
import {
  addSpread,
  addTimes,
  EXACT_VALUES,
  emptySpread,
  QUANTILE_ERROR,
  quantileOf,
  type Spread,
} from "../../../workers/engine/spread.ts";

const spreadOf = (values: readonly number[]): Spread => {
  const spread = emptySpread();
  for (const value of values) addTimes(spread, value, 1);
  return spread;
};

const distinctOf = (texts: readonly string[]): Distinct => {
  const distinct = emptyDistinct();
  for (const text of texts) addText(distinct, text);
  return distinct;
};

/** Both wholly, whatever state they are in. */
const numbers = fc.array(
  fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value + 0),
  { minLength: 1 },
);
const SHARES = [0, 0.01, 0.25, 0.5, 0.95, 1];
const rank = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * values.length)) - 1];

describe("a spread", () => {
  it("of few distinct values tells quantiles exactly, however they were gathered", () => {
    const cases = fc.property(numbers, numbers, (a, b) => {
      const merged = spreadOf(a);
      addSpread(merged, spreadOf(b));
      expect(merged).toEqual(spreadOf([...b, ...a]));
      const all = [...a, ...b];
      expect(SHARES.map((share) => quantileOf(merged, share, all.length))).toEqual(
        SHARES.map((share) => rank(all, share)),
      );
    });
    fc.assert(cases);
  });

  it("of many is off by no more than it says, and is the same in any order of merging", () => {
    const values = Array.from({ length: 3 * EXACT_VALUES }, (_, n) => (n % 3 === 0 ? -1 : 1) * 1.003 ** (n - 2000));
    const [a, b] = [spreadOf(values.slice(0, EXACT_VALUES)), spreadOf(values.slice(EXACT_VALUES))];
    expect([a.values === null, b.values === null]).toEqual([false, true]);
    const [one, other] = [structuredClone(a), structuredClone(b)];
    addSpread(one, b);
    addSpread(other, a);
    expect(other.buckets).toEqual(one.buckets);
    for (const share of SHARES) {
      const [found, truth] = [quantileOf(one, share, values.length)!, rank(values, share)!];
      expect(Math.abs(found - truth)).toBeLessThanOrEqual(Math.abs(truth) * QUANTILE_ERROR * 1.0001);
    }
  });
});

describe("a count of distinct texts", () => {
  it("of few is exact, names like those of objects included", () => {
    const cases = fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor"))), (texts) => {
      const merged = distinctOf(texts.slice(0, 2));
      addDistinct(merged, JSON.parse(JSON.stringify(distinctOf(texts))));
      expect(countOf(merged)).toBe(new Set(texts).size);
    });
    fc.assert(cases);
  });

  it.each([EXACT_TEXTS + 1, 12_000, 20_000, 200_000])("of %i is within three standard errors, in any order", (size) => {
    const texts = Array.from({ length: size }, (_, n) => `user-${n * 7919}`);
    const [a, b] = [distinctOf(texts.slice(0, 3000)), distinctOf(texts.slice(2000))];
    const one = structuredClone(a);
    addDistinct(one, b);
    const other = structuredClone(b);
    addDistinct(other, a);
    expect(countOf(other)).toBe(countOf(one));
    expect(one.texts).toBeNull();
    expect(Math.abs(countOf(one) / size - 1)).toBeLessThan(3 * DISTINCT_ERROR);
  });
});

describe("a product added to a sum", () => {
  it("is the same to the last bit as adding the value so many times", () => {
    const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    const cases = fc.property(fc.array(fc.tuple(value, fc.integer({ min: 1, max: 300 }))), (terms) => {
      const [once, often]: [ExactSum, ExactSum] = [[], []];
      for (const [number, times] of terms) {
        addProduct(once, number, times);
        for (let time = 0; time < times; time++) addExactly(often, number);
      }
      expect(roundedSum(once)).toBe(roundedSum(often));
    });
    fc.assert(cases);
  });
});
