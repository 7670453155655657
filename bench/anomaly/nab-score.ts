// The scoring of the Numenta Anomaly Benchmark (Lavin and Ahmad, 2015; NAB 1.1): labelled windows, a sigmoid that rewards
// early alarms, one threshold for all series. 0 is a detector that never alarms, 100 one that alarms at once and only then.

import type { NabSeries } from "./nab-series.ts";

export interface Profile {
  truePositive: number;
  falseNegative: number;
  falsePositive: number;
}

/** Costs as NAB's config/profiles.json has them. */
export const PROFILES = {
  standard: { truePositive: 1, falseNegative: 1, falsePositive: 0.11 },
  reward_low_FP_rate: { truePositive: 1, falseNegative: 1, falsePositive: 0.22 },
  reward_low_FN_rate: { truePositive: 1, falseNegative: 2, falsePositive: 0.11 },
} as const satisfies Record<string, Profile>;
export type ProfileName = keyof typeof PROFILES;

const PROBATION_SHARE = 0.15;
const PROBATION_AT_MOST = 5000;
/** A false alarm further behind a window than this many widths costs all it can. */
const FAR = 3;

const scaledSigmoid = (position: number): number => (position > FAR ? -1 : 2 / (1 + Math.exp(5 * position)) - 1);

/** Points at the beginning that are not scored. */
export const probationOf = (length: number): number =>
  Math.floor(PROBATION_SHARE * Math.min(length, PROBATION_AT_MOST));

interface ScoredPoint {
  score: number;
  /** What an alarm here adds. */
  gain: number;
  /** Which window of its series it lies in, by a name of its own; null outside. */
  window: string | null;
}

/** What an alarm at each scored point is worth. */
function pointsOf(series: NabSeries, scores: ArrayLike<number>, profile: Profile): ScoredPoint[] {
  const best = scaledSigmoid(-1);
  const probation = probationOf(series.times.length);
  const limits = series.windows.map(({ from, to }) => ({
    first: series.times.indexOf(from),
    last: series.times.indexOf(to),
  }));
  const points: ScoredPoint[] = [];
  let next = 0;
  for (let i = 0; i < series.times.length; i++) {
    while (next < limits.length && limits[next]!.last < i) next++;
    const inside = limits[next];
    const score = scores[i] ?? 0;
    if (inside && i >= inside.first) {
      const width = inside.last - inside.first + 1;
      const gain = (scaledSigmoid(-(inside.last - i + 1) / width) * profile.truePositive) / best;
      points.push({ score, gain, window: `${series.name} ${next}` });
      continue;
    }
    const before = limits[next - 1];
    const past = before ? scaledSigmoid((i - before.last) / (before.last - before.first)) : -1;
    points.push({ score, gain: past * profile.falsePositive, window: null });
  }
  return points.slice(probation);
}

export interface Threshold {
  threshold: number;
  /** Sum of NAB's raw scores over the series. */
  raw: number;
  truePositives: number;
  falsePositives: number;
}

/** Every threshold that makes a difference, the highest first. */
function sweep(points: ScoredPoint[], profile: Profile, windows: readonly string[]): Threshold[] {
  const sorted = [...points].sort((a, b) => b.score - a.score);
  const found = new Map(windows.map((name) => [name, -profile.falseNegative]));
  let raw = -profile.falseNegative * windows.length;
  let [truePositives, falsePositives, threshold] = [0, 0, 1.1];
  const steps: Threshold[] = [];
  for (const { score, gain, window } of sorted) {
    if (score !== threshold) {
      steps.push({ threshold, raw, truePositives, falsePositives });
      threshold = score;
    }
    if (window === null) {
      falsePositives++;
      raw += gain;
      continue;
    }
    truePositives++;
    const known = found.get(window) ?? 0;
    if (gain > known) {
      found.set(window, gain);
      raw += gain - known;
    }
  }
  steps.push({ threshold, raw, truePositives, falsePositives });
  return steps;
}

export interface NabResult extends Threshold {
  /** 0 for no alarms, 100 for perfect ones. */
  score: number;
}

export interface ScoreOptions {
  profile?: ProfileName;
  /** Instead of the best for the set. */
  threshold?: number;
}

const windowNames = (series: NabSeries): string[] => series.windows.map((_, index) => `${series.name} ${index}`);

/** One list of scores a series, each score from 0 to 1 and known when its point came. */
export function nabScore(
  set: readonly NabSeries[],
  scores: readonly ArrayLike<number>[],
  { profile: name = "standard", threshold }: ScoreOptions = {},
): NabResult {
  const profile = PROFILES[name];
  const points = set.flatMap((series, index) => pointsOf(series, scores[index] ?? [], profile));
  const windows = set.flatMap(windowNames);
  const steps = sweep(points, profile, windows);
  const chosen =
    threshold === undefined
      ? steps.reduce((best, step) => (step.raw > best.raw ? step : best))
      : steps.filter((step) => step.threshold >= threshold).at(-1)!; // the first stands above every score
  const nothing = -profile.falseNegative * windows.length;
  const perfect = profile.truePositive * windows.length;
  return { ...chosen, score: (100 * (chosen.raw - nothing)) / (perfect - nothing) };
}
