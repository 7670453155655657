// Detectors to stand beside ours: two of those that NAB publishes scores of, after their definitions, and two naive ones.
// Each gives a score from 0 to 1 for every point, and knows only what came before.

import type { NabSeries } from "./nab-series.ts";

export type Detector = (series: Pick<NabSeries, "at" | "values">) => Float64Array;

/** Upper tail of the normal distribution: erfc by its continued fraction (Abramowitz and Stegun 7.1.14), a series below 2. */
export function upperTail(z: number): number {
  const x = z / Math.SQRT2;
  if (x < 2) {
    let [term, sum] = [x, x];
    for (let n = 1; n < 80; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return 0.5 - sum / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / (x + fraction) / (2 * Math.sqrt(Math.PI));
}

function momentsOf(values: number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) || 1e-6 };
}

/** NAB's windowedGaussian: the tail of a normal distribution over the last 6400 points, refreshed each 100. */
export const windowedGaussian: Detector = ({ values }) => {
  const [windowSize, stepSize] = [6400, 100];
  let window: number[] = [];
  let step: number[] = [];
  let moments = { mean: 0, deviation: 1 };
  return Float64Array.from(values, (value) => {
    const score = window.length === 0 ? 0 : 1 - upperTail(Math.abs(value - moments.mean) / moments.deviation);
    if (window.length < windowSize) {
      window.push(value);
      moments = momentsOf(window);
    } else if (step.push(value) === stepSize) {
      window = [...window.slice(stepSize), ...step];
      step = [];
      moments = momentsOf(window);
    }
    return score;
  });
};

/** NAB's null: never more certain than not. */
export const silent: Detector = ({ values }) => new Float64Array(values.length).fill(0.5);

const squash = (z: number): number => 1 - 1 / (1 + Math.abs(z));

/** How far from the mean of all before, in standard deviations. */
export const naiveThreshold: Detector = ({ values }) => {
  let [count, mean, squares] = [0, 0, 0];
  return Float64Array.from(values, (value) => {
    const deviation = Math.sqrt(squares / Math.max(count, 1));
    const score = count < 2 ? 0 : squash((value - mean) / (deviation || 1e-6));
    count++;
    const change = value - mean;
    mean += change / count;
    squares += change * (value - mean);
    return score;
  });
};

/** How far from the value a day before, in deviations of such differences. */
export const seasonalNaive: Detector = ({ at, values }) => {
  const interval = Math.max(1, (at.at(-1)! - at[0]!) / (at.length - 1));
  const lag = Math.max(1, Math.round(86_400_000 / interval));
  let [count, squares] = [0, 0];
  return Float64Array.from(values, (value, i) => {
    if (i < lag) return 0;
    const change = value - values[i - lag]!;
    const score = count < 2 ? 0 : squash(change / (Math.sqrt(squares / count) || 1e-6));
    count++;
    squares += change ** 2;
    return score;
  });
};
