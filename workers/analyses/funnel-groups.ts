// A funnel's counts by the first step's value, and their layout as a result.

import { addValue, emptyHistogram, type Histogram, mergeHistograms, quantile } from "../engine/histogram.ts";

export interface FunnelGroup {
  value: string;
  /** Persons that reached each step. */
  reached: number[];
  /** Time to each step but the first: from the step before, and from the first. */
  sincePrevious: Histogram[];
  sinceFirst: Histogram[];
}

/** Milliseconds. Quantiles are of nearest rank; unless `exact`, they are off by 0.4 % at most. */
export interface Timing {
  count: number;
  sum_ms: number;
  mean_ms: number;
  median_ms: number;
  p90_ms: number;
  exact: boolean;
}

export interface FunnelStep {
  name: string;
  count: number;
  /** Of the step before, those who did not get here; 0 for the first. */
  dropped: number;
  /** Percent of the first step and of the step before; null of nobody. */
  from_first: number | null;
  from_previous: number | null;
  /** Null for the first step, and where nobody got. */
  since_previous: Timing | null;
  since_first: Timing | null;
}

export function emptyGroup(value: string, steps: number): FunnelGroup {
  const histograms = () => Array.from({ length: steps - 1 }, emptyHistogram);
  return { value, reached: Array(steps).fill(0), sincePrevious: histograms(), sinceFirst: histograms() };
}

/** An attempt as its judge leaves it: of `times` the first `reached` count. */
export interface Judged {
  times: ArrayLike<number>;
  reached: number;
  value: string;
}

/** In place. */
export function addAttempt(groups: Map<string, FunnelGroup>, { times, reached, value }: Judged, steps: number): void {
  let group = groups.get(value);
  if (!group) {
    group = emptyGroup(value, steps);
    groups.set(value, group);
  }
  for (let step = 0; step < reached; step++) {
    group.reached[step]! += 1;
    if (step === 0) continue;
    addValue(group.sincePrevious[step - 1]!, times[step]! - times[step - 1]!);
    addValue(group.sinceFirst[step - 1]!, times[step]! - times[0]!);
  }
}

function addGroup(a: FunnelGroup, b: FunnelGroup): FunnelGroup {
  return {
    value: a.value,
    reached: a.reached.map((count, step) => count + b.reached[step]!),
    sincePrevious: a.sincePrevious.map((histogram, step) => mergeHistograms(histogram, b.sincePrevious[step]!)),
    sinceFirst: a.sinceFirst.map((histogram, step) => mergeHistograms(histogram, b.sinceFirst[step]!)),
  };
}

export function mergeGroups(a: readonly FunnelGroup[], b: readonly FunnelGroup[]): FunnelGroup[] {
  const groups = new Map(a.map((group) => [group.value, group]));
  for (const group of b) {
    const known = groups.get(group.value);
    groups.set(group.value, known ? addGroup(known, group) : group);
  }
  return [...groups.values()];
}

export function sumOfGroups(groups: readonly FunnelGroup[], steps: number): FunnelGroup {
  return groups.reduce(addGroup, emptyGroup("", steps));
}

function timingOf(histogram: Histogram | undefined): Timing | null {
  if (!histogram || histogram.count === 0) return null;
  const { count, sum, values } = histogram;
  return {
    count,
    sum_ms: sum,
    mean_ms: sum / count,
    median_ms: quantile(histogram, 0.5)!,
    p90_ms: quantile(histogram, 0.9)!,
    exact: values !== null,
  };
}

const percent = (part: number, whole: number | undefined) => (whole ? (100 * part) / whole : null);

export function stepsOf(group: FunnelGroup, names: readonly string[]): FunnelStep[] {
  return names.map((name, step) => {
    const count = group.reached[step]!;
    const before = step === 0 ? count : group.reached[step - 1]!;
    return {
      name,
      count,
      dropped: before - count,
      from_first: percent(count, group.reached[0]),
      from_previous: percent(count, before),
      since_previous: timingOf(group.sincePrevious[step - 1]),
      since_first: timingOf(group.sinceFirst[step - 1]),
    };
  });
}
