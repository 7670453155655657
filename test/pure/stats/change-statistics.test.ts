// The statistics behind insights, against published values and their own definitions.
import * as fc from "fast-check";
import { sampleVariance } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { gStatistic } from "../../../workers/stats/g-statistic.ts";
import { longRunVariance } from "../../../workers/stats/long-run-variance.ts";
import { mixAndRate } from "../../../workers/stats/mix-and-rate.ts";
import { studentQuantile } from "../../../workers/stats/student-quantile.ts";

describe("Student's quantile", () => {
  it.each([
    // Abramowitz and Stegun, table 26.10.
    [0.95, 5, 2.015],
    [0.975, 10, 2.228],
    [0.995, 5, 4.032],
    [0.995, 20, 2.845],
    [0.9995, 10, 4.587],
    [0.9995, 30, 3.646],
    [0.975, 120, 1.98],
  ])("of %d with %d degrees of freedom is that of the tables", (probability, freedom, published) => {
    expect(Math.abs(studentQuantile(probability, freedom) / published - 1)).toBeLessThan(0.02);
  });
});

describe("the G statistic", () => {
  it.each([
    ["McDonald's vaccine, Handbook of Biological Statistics, G-test of independence", [4758, 30], [8840, 76], 2.14, 2],
    ["Sokal and Rohlf's leaves and soils, Biometry, chapter 17", [12, 22], [16, 50], 1.3325, 4],
  ] as const)("is that of %s", (_, one, other, published, digits) => {
    expect(gStatistic([one, other])).toBeCloseTo(published, digits);
  });
  it("is nothing where both rows have the same shares, or one is empty", () => {
    expect(
      gStatistic([
        [10, 30],
        [20, 60],
      ]),
    ).toBeCloseTo(0, 9);
    expect(
      gStatistic([
        [0, 0],
        [20, 60],
      ]),
    ).toBe(0);
  });
});

describe("the long-run variance", () => {
  const alternating = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 1 : -1));
  it("without lags is the plain one", () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    expect(longRunVariance(values, 0)).toBeCloseTo((sampleVariance(values) * 7) / 8, 12);
  });
  it("is small where each point takes the former back, and large where points last", () => {
    expect(longRunVariance(alternating, 1)).toBeLessThan(0.1);
    expect(
      longRunVariance(
        alternating.toSorted((a, b) => a - b),
        4,
      ),
    ).toBeGreaterThan(4);
  });
  it("weighs lags by Bartlett's triangle: of 1 2 4 with one lag by hand", () => {
    // Off the mean: -4/3, -1/3, 5/3; γ(0) = 14/9, γ(1) = (4/9 - 5/9) / 3 = -1/27, weight 1/2.
    expect(longRunVariance([1, 2, 4], 1)).toBeCloseTo(14 / 9 - 1 / 27, 12);
  });
});

describe("mix and rate", () => {
  const group = fc.record({
    weight: fc.integer({ min: 0, max: 1000 }),
    rate: fc.double({ min: 0, max: 100, noNaN: true }),
  });
  const sides = fc.array(fc.tuple(group, group), { minLength: 1, maxLength: 8 });
  const known = ({ weight, rate }: { weight: number; rate: number }) => ({ weight, rate: weight > 0 ? rate : null });
  const overall = (groups: { weight: number; rate: number | null }[]) => {
    const weight = groups.reduce((sum, one) => sum + one.weight, 0);
    return groups.reduce((sum, one) => sum + one.weight * (one.rate ?? 0), 0) / weight;
  };

  it("of all groups are the change, nothing left over", () => {
    fc.assert(
      fc.property(sides, (pairs) => {
        const [now, before] = [pairs.map(([one]) => known(one)), pairs.map(([, one]) => known(one))];
        fc.pre([now, before].every((side) => side.some(({ weight }) => weight > 0)));
        const sum = mixAndRate(now, before).reduce((all, { mix, rate }) => all + mix + rate, 0);
        expect(sum).toBeCloseTo(overall(now) - overall(before), 6);
      }),
    );
  });
  it("are mix alone where only sizes changed, and rate alone where only ratios did", () => {
    const before = [
      { weight: 50, rate: 20 },
      { weight: 50, rate: 60 },
    ];
    const sizes = mixAndRate(
      [
        { weight: 80, rate: 20 },
        { weight: 20, rate: 60 },
      ],
      before,
    );
    expect(sizes.map(({ rate }) => rate)).toEqual([0, 0]);
    const ratios = mixAndRate(
      [
        { weight: 5, rate: 30 },
        { weight: 5, rate: 60 },
      ],
      before,
    );
    expect(ratios.map(({ rate }) => rate)).toEqual([5, 0]);
    for (const { mix } of ratios) expect(mix).toBeCloseTo(0, 12);
  });
});
