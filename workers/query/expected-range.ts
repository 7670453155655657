// What a metric was expected to be in each hour or day of a period, from what came before, and what is out of the ordinary.
import type { Unit } from "../catalog/metric.ts";
import { bucketsOf, type Period } from "../domain/period.ts";
import { type AnomalyReason, anomalyDetector, scoreOf } from "../stats/detect-anomalies.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** By grain: how far back is read, and how many buckets must have been before anything is said. */
export const WATCHED_GRAINS = {
  hour: { stepMs: HOUR_MS, backMs: 42 * DAY_MS, needed: 14 * 24 },
  day: { stepMs: DAY_MS, backMs: 112 * DAY_MS, needed: 42 },
} as const;

export type WatchedGrain = keyof typeof WATCHED_GRAINS;

/** Of a hundred usual buckets one lies beyond the bounds. */
const RARITY = 0.005;
/** An anomaly is far rarer. Of simulated sites' clean months hardly one has any, and half of the days at half or twice are found. */
const ANOMALY = 3e-5;

const REASONS: Readonly<Record<AnomalyReason, (grain: WatchedGrain) => string>> = {
  spike: (grain) => `far above what this ${grain} of the week brings`,
  drop: (grain) => `far below what this ${grain} of the week brings`,
  run_above: (grain) => `the last 12 ${grain}s together are far above what they bring`,
  run_below: (grain) => `the last 12 ${grain}s together are far below what they bring`,
};

export interface ExpectedPoint {
  /** Label of the bucket, local to the site. */
  time: string;
  value: number | null;
  /** Null while there is too little history, as are the bounds. */
  expected: number | null;
  low: number | null;
  high: number | null;
  /** 0 usual, 0.47 and more anomalous, towards 1. */
  score: number;
  anomalous: boolean;
  reason: AnomalyReason | null;
  /** The reason in words, of an anomalous bucket. */
  why: string | null;
}

export interface ExpectedRange {
  points: ExpectedPoint[];
  /** Whole buckets since the first one with anything in it, how many are needed, and how many more until then. */
  history: { buckets: number; needed: number; missing: number };
}

export interface Watched {
  grain: WatchedGrain;
  timeZone: string;
  period: Period;
  now: number;
  unit: Unit;
  /** Days known to be unlike others, as holidays are. */
  isExceptional?: (at: number) => boolean;
  /** Of a bucket's label; null where there is none. */
  valueAt(label: string): number | null;
}

/** The period with what has to be known of the time before. */
export function withHistory({ from, to }: Period, grain: WatchedGrain): Period {
  return { from: from - WATCHED_GRAINS[grain].backMs, to };
}

const localMs = (label: string): number => Date.parse(`${label.slice(0, 10)}T${label.slice(11, 19) || "00:00:00"}Z`);

/**
 * Counts spread with their size: a busy hour by more than a quiet one. Their square roots spread alike (Bartlett 1936; with
 * Anscombe's 3/8 from 0 on), so one width of the band is right for day and night.
 */
const ROOTS = {
  of: (value: number) => Math.sqrt(value + 3 / 8),
  back: (root: number) => Math.max(0, root) ** 2 - 3 / 8,
};
const PLAIN = { of: (value: number) => value, back: (value: number) => value };

/** Nothing is less than none, where nothing ever was, and no share more than all. */
function within(bound: number, { least, unit }: { least: number; unit: Unit }): number {
  const floored = least >= 0 ? Math.max(0, bound) : bound;
  return unit === "percent" ? Math.min(100, floored) : floored;
}

const isUp = (reason: AnomalyReason | null) => reason === "spike" || reason === "run_above";

/**
 * A day that is lower or higher as a whole grows odder by the hour: what follows an alarm the same way within a day is the same
 * story, and no alarm, unless an hour between was as expected. Twelve hours together remember it for longer than that.
 */
function onceADay(points: readonly ExpectedPoint[], stepMs: number): ExpectedPoint[] {
  const told = { up: Number.NEGATIVE_INFINITY, down: Number.NEGATIVE_INFINITY };
  const goesOn = { up: false, down: false };
  return points.map((point, place) => {
    const { value, expected, anomalous, reason } = point;
    if (value !== null && expected !== null && value >= expected) goesOn.down = false;
    if (value !== null && expected !== null && value <= expected) goesOn.up = false;
    if (!anomalous) return point;
    const way = isUp(reason) ? "up" : "down";
    const isRun = reason === "run_above" || reason === "run_below";
    const isTold = (place - told[way]) * stepMs < DAY_MS && (isRun || goesOn[way]);
    if (isTold) return { ...point, anomalous: false, reason: null, why: null };
    told[way] = place;
    goesOn[way] = true;
    return point;
  });
}

/** A bucket that still runs is told what is expected of it, and not judged. */
export function expectedRange({ grain, timeZone, period, now, unit, valueAt, ...days }: Watched): ExpectedRange {
  const { stepMs, needed } = WATCHED_GRAINS[grain];
  const history = withHistory(period, grain);
  const all = bucketsOf(history.from, history.to, grain, timeZone);
  const known = all.map((bucket, place) => ({
    bucket,
    value: valueAt(bucket.label),
    whole: (all[place + 1]?.start ?? bucket.start + stepMs) <= now,
  }));
  // What was before a site's first event, or before the first that fits the filters, says nothing of what is usual.
  const begun = known.findIndex(({ value }) => value !== null && value !== 0);
  const seen = begun < 0 ? [] : known.slice(begun);
  const offsets = new Map(seen.map(({ bucket }) => [bucket.start, localMs(bucket.label) - bucket.start]));
  const offsetAt = (at: number) => offsets.get(at) ?? 0;
  const detect = anomalyDetector({
    intervalMs: stepMs,
    rarity: RARITY,
    threshold: scoreOf(ANOMALY),
    quietMs: needed * stepMs,
    offsetAt,
    ...days,
  });
  const least = Math.min(0, ...seen.map(({ value }) => value ?? 0));
  const scale = unit === "count" && least >= 0 ? ROOTS : PLAIN;
  const told = (value: number | null): number | null =>
    value === null ? null : within(scale.back(value), { least, unit });
  const judge = ({ bucket, value, whole }: (typeof seen)[number], place: number): ExpectedPoint => {
    const { expected, low, high, score, anomalous, reason } = detect({
      at: bucket.start,
      value: whole && value !== null ? scale.of(value) : null,
    });
    const isKnown = place >= needed;
    const why = anomalous && reason ? REASONS[reason](grain) : null;
    return {
      time: bucket.label,
      value,
      expected: isKnown ? told(expected) : null,
      low: isKnown ? told(low) : null,
      high: isKnown ? told(high) : null,
      score,
      anomalous,
      reason: anomalous ? reason : null,
      why,
    };
  };
  const judged = new Map(onceADay(seen.map(judge), stepMs).map((point) => [point.time, point]));
  const unjudged = { expected: null, low: null, high: null, score: 0, anomalous: false, reason: null, why: null };
  const buckets = seen.filter(({ whole }) => whole).length;
  return {
    points: bucketsOf(period.from, period.to, grain, timeZone).map(
      ({ label }) => judged.get(label) ?? { time: label, value: valueAt(label), ...unjudged },
    ),
    history: { buckets, needed, missing: Math.max(0, needed - buckets) },
  };
}
