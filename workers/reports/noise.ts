// How much a metric changes by itself from one period to the next, from the site's own days before.
import { mean, probit } from "simple-statistics";
import { longRunVariance } from "../stats/long-run-variance.ts";
import { median } from "../stats/median.ts";
import { studentQuantile } from "../stats/student-quantile.ts";

const DAY_MS = 86_400_000;
const WEEK = 7;
/** A change that noise brings more often than once in 1,000 looks is not told. */
const ALPHA = 0.001;
/** Days over which deviations may last; the widest answer counts. */
const LAGS = [0, 7, 14] as const;
/** As many days as each needs; and, since neighbours tell partly the same, of how many one is free. */
const POINTS_A_LAG = 8;
const POINTS_A_FREEDOM = 3;
/** More than ever before. */
const CLEARLY = 1.2;
const SHORTEST_DAYS = 1 / 24;

export interface DayValue {
  /** Local date. */
  date: string;
  value: number | null;
}

export interface Spell {
  /** Length of the period in days; less than one of a day that runs. */
  days: number;
  /** From the beginning of the period compared with to that of the period, in days. */
  lag: number;
}

interface Known {
  day: number;
  value: number;
}

const knownOf = (history: readonly DayValue[]): Known[] =>
  history.flatMap(({ date, value }) => (value === null ? [] : [{ day: Date.parse(date) / DAY_MS, value }]));

/** What each day has over its day of the week; as many as there are days. */
function offWeekday(known: readonly Known[]): number[] {
  const levels = new Map(
    [...Map.groupBy(known, ({ day }) => day % WEEK)].map(([weekday, days]) => [
      weekday,
      median(days.map(({ value }) => value)),
    ]),
  );
  return known.map(({ day, value }) => value - levels.get(day % WEEK)!);
}

/** Of one day; seven levels were taken from the same days, and so many are free no more. */
function dailyVariance(known: readonly Known[]): number {
  const off = offWeekday(known);
  const count = known.length;
  if (count <= WEEK) return Number.POSITIVE_INFINITY;
  const variances = LAGS.filter((lags) => lags === 0 || lags <= count / POINTS_A_LAG).map((lags) =>
    longRunVariance(off, lags),
  );
  return (Math.max(...variances) * count) / (count - WEEK);
}

/** Symmetric, so that a rise and the fall back are as large: -2 to 2. */
export const relativeChange = (now: number, before: number): number =>
  now + before === 0 ? 0 : (now - before) / ((now + before) / 2);

/** The largest change between the windows of history that lie as the two periods do; 0 where none do. */
function largestPast(known: readonly Known[], { days, lag }: Spell, change: (a: number, b: number) => number): number {
  const length = Math.max(1, Math.round(days));
  const apart = Math.max(length, Math.round(lag));
  const level = (start: number) => mean(known.slice(start, start + length).map(({ value }) => value));
  const starts = Array.from({ length: Math.max(0, known.length - apart - length + 1) }, (_, start) => start);
  const changes = starts.map((start) => Math.abs(change(level(start + apart), level(start))));
  return Math.max(0, ...changes) * Math.sqrt(length / Math.max(days, SHORTEST_DAYS));
}

/**
 * The size that a change must have to be more than noise: what so many days differ by when each strays from its day of the
 * week as the days of history do, or clearly more than such periods ever differed by in history, or `floor`, the standard error that chance
 * alone makes, whichever is the widest.
 * `relative`: of `relativeChange`, for counts and amounts; else of the plain difference.
 */
export function leastChange(
  history: readonly DayValue[],
  { days, lag, relative, floor }: Spell & { relative: boolean; floor: number },
): number {
  const known = knownOf(history);
  const level = mean(known.length > 0 ? known.map(({ value }) => value) : [0]);
  if (relative && level <= 0) return Number.POSITIVE_INFINITY;
  const scaled = relative ? known.map(({ day, value }) => ({ day, value: value / level })) : known;
  const expected = Math.sqrt((2 * dailyVariance(scaled)) / Math.max(days, SHORTEST_DAYS));
  const past = largestPast(known, { days, lag }, relative ? relativeChange : (a, b) => a - b);
  const freedom = Math.max(5, known.length / POINTS_A_FREEDOM);
  const rare = 1 - ALPHA / 2;
  return Math.max(studentQuantile(rare, freedom) * expected, CLEARLY * past, probit(rare) * floor);
}

/** Variance over mean of a day's count: 1 where visitors come by chance alone, more where they come in crowds. */
export function dispersionOf(history: readonly DayValue[]): number {
  const known = knownOf(history);
  const level = mean(known.length > 0 ? known.map(({ value }) => value) : [0]);
  return level > 0 ? dailyVariance(known) / level : Number.POSITIVE_INFINITY;
}

/** Variance of one visit's share in a ratio that is known day by day, by how many visits a day has. */
export function visitVariance(history: readonly DayValue[], visitsADay: number): number {
  return dailyVariance(knownOf(history)) * visitsADay;
}
