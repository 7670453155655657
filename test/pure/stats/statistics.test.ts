import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../workers/local/simulator/random.ts";
import { ExcessTail } from "../../../workers/stats/excess-tail.ts";
import { levelShift } from "../../../workers/stats/level-shift.ts";
import { median } from "../../../workers/stats/median.ts";
import { robustScale } from "../../../workers/stats/robust-scale.ts";
import { SeasonalExpectation } from "../../../workers/stats/seasonal-expectation.ts";

const DAY_MS = 86_400_000;

// Annual flow of the Nile at Aswan, 1871 to 1970 (Cobb 1978; R's dataset of that name).
const NILE = [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140, 1100,
  1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456,
  824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897,
  822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975,
  815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
];

describe("robust location and scale", () => {
  it("are the median and the scaled median absolute deviation", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
    expect(robustScale([1, 2, 3, 4, 100])).toBeCloseTo(1.4826, 10);
    // NumPy gives the same.
    expect(median(NILE)).toBe(893.5);
    expect(robustScale(NILE)).toBeCloseTo(179.3946, 4);
  });
});

describe("a shift of level", () => {
  it("of the Nile lies at 1899, where it is known to be", () => {
    const shift = levelShift(NILE);
    expect(shift?.index).toBe(28);
    // |2 U - 28 × 72| with SciPy's Mann-Whitney U of the two sides; p by the formula.
    expect(shift?.statistic).toBe(1617);
    expect(shift?.probability).toBeCloseTo(3.59e-7, 9);
  });

  it("is not seen where there is none", () => {
    expect(levelShift([5, 5, 5, 5])).toBeNull();
    expect(levelShift([1])).toBeNull();
    expect(levelShift([3, 9, 4, 8, 5, 7, 6, 3, 9, 4])?.probability).toBeGreaterThan(0.5);
  });
});

describe("the tail beyond what was seen", () => {
  const learned = (values: Iterable<number>) => {
    const tail = new ExcessTail();
    for (const value of values) tail.learn(value);
    return tail;
  };
  const exponentials = (count: number) => {
    const random = seededRandom("tail");
    return Array.from({ length: count }, () => -Math.log(1 - random.next()));
  };

  it("of an exponential distribution is that distribution's, four decades out", () => {
    const tail = learned(exponentials(4000));
    for (const value of [5, 7, 9]) {
      const decades = Math.log10(tail.probability(value) / Math.exp(-value));
      expect(Math.abs(decades)).toBeLessThan(0.5);
    }
  });

  it("gives the level that belongs to a probability", () => {
    const tail = learned(exponentials(1000));
    for (const probability of [1e-3, 1e-5, 1e-8]) {
      expect(Math.log10(tail.probability(tail.level(probability)))).toBeCloseTo(Math.log10(probability), 6);
    }
  });

  it("says nothing with fewer than thirty values", () => {
    const tail = learned(exponentials(29));
    expect(tail.probability(1000)).toBe(1);
    expect(tail.level(1e-5)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("what a season lets expect", () => {
  const weekly = (day: number) => (day % 7 < 5 ? 100 : 40) + (day % 3);

  it("is the same day of the week, also after a holiday", () => {
    const season = new SeasonalExpectation(DAY_MS);
    for (let day = 0; day < 70; day++) season.learn(day, day === 63 ? 5 : weekly(day));
    expect(season.expect(70)?.value).toBeGreaterThan(95);
    expect(season.expect(75)?.value).toBeLessThan(45);
  });

  it("is the new level within days of a shift, and the old season again once it is learned", () => {
    const season = new SeasonalExpectation(DAY_MS);
    for (let day = 0; day < 140; day++) season.learn(day, weekly(day) + (day >= 70 ? 1000 : 0));
    expect(season.expect(140)?.value).toBeGreaterThan(1095);
    expect(season.expect(145)?.value).toBeLessThan(1045);
  });

  it("is anything of the two weeks before on an exceptional day", () => {
    const season = new SeasonalExpectation(DAY_MS);
    for (let day = 0; day < 70; day++) season.learn(day, weekly(day));
    expect(season.expect(70)?.low).toBeGreaterThan(95);
    expect(season.expect(70, true)?.low).toBeLessThan(45);
  });

  it("is nothing at first", () => {
    const season = new SeasonalExpectation(DAY_MS);
    expect(season.expect(0)).toBeNull();
  });
});
