import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { upperTail, windowedGaussian } from "../../../bench/anomaly/baselines.ts";
import { edgewise } from "../../../bench/anomaly/measure.ts";
import { nabScore } from "../../../bench/anomaly/nab-score.ts";
import { type NabSet, readNabSet } from "../../../bench/anomaly/nab-series.ts";
import { fixturesDir } from "../../support/fixtures.ts";

const MINUTES = 5;

describe.skipIf(!fixturesDir)("on the labelled series of the Numenta Anomaly Benchmark", () => {
  let set: NabSet;
  beforeAll(async () => {
    set = await readNabSet(join(fixturesDir ?? "", "anomaly"));
  });

  it("the scoring gives what the benchmark published of its windowed Gaussian, for every series", () => {
    // Where the published threshold reads 1.0 it is one less than some 5e-13.
    const scored = set.series.map((series) => {
      const { raw, truePositives, falsePositives } = nabScore([series], [windowedGaussian(series)], {
        threshold: 1 - 5e-13,
      });
      return { name: series.name, Score: raw.toFixed(9), TP: truePositives, FP: falsePositives };
    });
    const published = set.series.map(({ name }) => {
      const { Score = Number.NaN, TP, FP } = set.publishedRows.windowedGaussian?.[name] ?? {};
      return { name, Score: Score.toFixed(9), TP, FP };
    });
    expect(scored).toEqual(published);
  }, 60_000);

  it("silence scores 0, an alarm at each window's start and nowhere else 100", () => {
    const silence = set.series.map(({ values }) => new Float64Array(values.length));
    expect(nabScore(set.series, silence).score).toBe(0);
    const perfect = set.series.map(({ times, windows }) =>
      Float64Array.from(times, (time) => (windows.some(({ from }) => from === time) ? 1 : 0)),
    );
    expect(nabScore(set.series, perfect).score).toBeCloseTo(100, 9);
  });

  it(
    "the detector scores 70, with the threshold that it comes with 68, and raises few false alarms",
    () => {
      const scores = set.series.map(edgewise);
      const best = nabScore(set.series, scores);
      expect(best.score).toBeGreaterThan(70);
      expect(best.falsePositives).toBeLessThan(60);
      expect(nabScore(set.series, scores, { threshold: 0.5 }).score).toBeGreaterThan(68);
      expect(nabScore(set.series, scores, { profile: "reward_low_FP_rate" }).score).toBeGreaterThan(63);
    },
    MINUTES * 60_000,
  );
});

describe("upper tail of the normal distribution", () => {
  it.each([
    [0, 0.5],
    [1, 0.15865525393145707],
    [1.959963984540054, 0.025],
    [5, 2.866515718791939e-7],
    [8, 6.220960574271785e-16],
  ])("beyond %d is %d", (z, tail) => expect(upperTail(z) / tail).toBeCloseTo(1, 9));
});
