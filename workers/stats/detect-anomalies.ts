import { ExcessTail } from "./excess-tail.ts";
import { type Expected, SeasonalExpectation } from "./seasonal-expectation.ts";
import { Window } from "./window.ts";

const DAY_MS = 86_400_000;
/** Points whose mean is watched beside each single point: what is a little off for long is an anomaly too. */
const RUN = 12;
/** Decades of improbability that make a score of one half. */
const HALF_SCORE_DECADES = 5;
const DECADES_AT_MOST = 40;
const DEFAULT_THRESHOLD = 0.5;
const QUIET_MS = 14 * DAY_MS;
/** Within this time an alarm is part of the one before, unless it is more improbable still. */
const INCIDENT_MS = DAY_MS / 2;

export interface SeriesPoint {
  /** Start of its interval, milliseconds UTC. */
  at: number;
  /** Null where nothing was measured; such a point is told what was expected, is not judged and teaches nothing. */
  value: number | null;
}

/** How it differs from what was expected: one point, or the mean of the last twelve. */
export type AnomalyReason = "spike" | "drop" | "run_above" | "run_below";

export interface JudgedPoint extends SeriesPoint {
  /** Null while too little is known, as are the bounds. */
  expected: number | null;
  /** Between them a value is usual, by `rarity` of the options. */
  low: number | null;
  high: number | null;
  /** 0 usual, 0.5 improbable by five decades, towards 1. */
  score: number;
  /** More improbable than everything in the half day before. */
  peak: boolean;
  /** A peak above the threshold, once enough was seen: one alarm. */
  anomalous: boolean;
  reason: AnomalyReason | null;
}

export interface DetectOptions {
  intervalMs: number;
  /** Score from which a point is anomalous; higher is quieter. */
  threshold?: number;
  /** How seldom a usual value lies beyond either bound: 0.005 puts 99 of 100 between them. That of the threshold when left out. */
  rarity?: number;
  /** No alarms in this time from the first point on, two weeks when left out: a first weekend is no anomaly. */
  quietMs?: number;
  /** Milliseconds to add to UTC for the local time at this moment; days and weeks are local ones. UTC when left out. */
  offsetAt?: (at: number) => number;
  /** Days known to be unlike others, holidays above all: judged by the whole week's range, and nothing is learned there. */
  isExceptional?: (at: number) => boolean;
}

export const scoreOf = (probability: number): number => {
  const decades = Math.min(DECADES_AT_MOST, -Math.log10(probability));
  return decades / (decades + HALF_SCORE_DECADES);
};

const probabilityOf = (score: number): number => 10 ** ((-HALF_SCORE_DECADES * score) / (1 - score));

/** How far a value lies outside of what the same times brought. */
function beyond(value: number, { low, high }: Expected): number {
  if (value > high) return value - high;
  return value < low ? value - low : 0;
}

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

interface Terms {
  rarity: number;
  exceptional: boolean;
}

/** A statistic of the stream, what it should be and how its deviations are spread. */
class Watch {
  private readonly expectation: SeasonalExpectation;
  private readonly above = new ExcessTail();
  private readonly below = new ExcessTail();

  constructor(intervalMs: number) {
    this.expectation = new SeasonalExpectation(intervalMs);
  }

  /** What should come there, and the bounds of what is usual. */
  range(slot: number, { rarity, exceptional }: Terms) {
    const expected = this.expectation.expect(slot, exceptional);
    const low = expected && expected.low - expected.scale * this.below.level(rarity);
    const high = expected && expected.high + expected.scale * this.above.level(rarity);
    return { expected: expected?.value ?? null, low: finite(low), high: finite(high) };
  }

  /** Judges the value by what came before, then learns it. */
  observe(slot: number, value: number, terms: Terms) {
    const { exceptional } = terms;
    const range = this.range(slot, terms);
    const expected = this.expectation.expect(slot, exceptional);
    const excess = expected ? beyond(value, expected) : 0;
    const deviation = expected ? excess / expected.scale : 0;
    const above = this.above.probability(deviation);
    const below = this.below.probability(-deviation);
    if (expected && !exceptional) {
      this.above.learn(Math.max(0, deviation));
      this.below.learn(Math.max(0, -deviation));
    }
    if (!exceptional) this.expectation.learn(slot, value);
    return { range, excess, above, below };
  }
}

/**
 * A detector that is fed point by point and knows only the past, in time order. Each point, and the mean of the last
 * twelve, is compared with its seasonal expectation; how rare the deviation is says the tail of those before. Counts or
 * rates at equal intervals from a minute to a week; says nothing for the first forty points or so.
 */
export function anomalyDetector(options: DetectOptions): (point: SeriesPoint) => JudgedPoint {
  const { intervalMs, threshold = DEFAULT_THRESHOLD, quietMs = QUIET_MS } = options;
  const { offsetAt = () => 0, isExceptional = () => false } = options;
  const single = new Watch(intervalMs);
  const run = new Watch(intervalMs);
  const last = new Window(RUN);
  const alarming = probabilityOf(threshold);
  const outlasts = RUN * intervalMs > DAY_MS;
  const rarity = options.rarity ?? alarming;
  let first: number | null = null;
  let lastSlot = Number.NEGATIVE_INFINITY;
  let recent: { at: number; score: number }[] = [];

  /** What was not measured, or skipped as clocks change, is taken as expected: the last twelve are then of the same times. */
  function remember(slot: number, value: number, terms: Terms): void {
    for (let missed = Math.max(lastSlot + 1, slot - RUN); missed < slot; missed++) {
      const { expected } = single.range(missed, terms);
      if (expected !== null) last.push(expected);
    }
    if (slot !== lastSlot) last.push(value);
    lastSlot = slot;
  }

  return ({ at, value }) => {
    const slot = Math.round((at + offsetAt(at)) / intervalMs);
    const terms = { rarity, exceptional: isExceptional(at) };
    if (value === null) {
      return { at, value, ...single.range(slot, terms), score: 0, peak: false, anomalous: false, reason: null };
    }
    first ??= at;
    const one = single.observe(slot, value, terms);
    // Within an incident the rarest is told; where twelve points are longer, what is told by itself must not come again with them.
    const isTold = outlasts && Math.min(one.above, one.below) < alarming;
    const { expected } = one.range;
    // Of a day unlike others only what no day brings.
    const odd = terms.exceptional && !isTold ? one.excess : 0;
    remember(slot, expected !== null && (isTold || terms.exceptional) ? expected + odd : value, terms);
    const many = run.observe(slot, last.mean(), terms);
    const found: readonly (readonly [AnomalyReason, number])[] = [
      ["spike", one.above],
      ["drop", one.below],
      ["run_above", many.above],
      ["run_below", many.below],
    ];
    const [reason, probability] = found.reduce((rarest, each) => (each[1] < rarest[1] ? each : rarest));
    const score = scoreOf(probability);
    recent = recent.filter((before) => before.at >= at - INCIDENT_MS);
    const peak = score > 0 && recent.every((before) => before.score < score);
    recent.push({ at, score });
    return {
      at,
      value,
      ...one.range,
      score,
      peak,
      anomalous: peak && score >= threshold && at >= first + quietMs,
      reason: score > 0 ? reason : null,
    };
  };
}

/** The same over a series that is there as a whole; no point is judged by a later one. */
export function detectAnomalies(series: readonly SeriesPoint[], options: DetectOptions): JudgedPoint[] {
  return series.map(anomalyDetector(options));
}
