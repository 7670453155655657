// What a date range means in a site's time zone: moments in UTC, from inclusive, to exclusive.

import { Temporal } from "temporal-polyfill";
import { type Grain, localDate, startOfDate } from "./buckets.ts";
import type { ComparisonInput, Query } from "./query.ts";

export { type Bucket, bucketEstimate, bucketsOf, GRAINS, type Grain, localDate } from "./buckets.ts";

export type DateRange = Query["date_range"];

/** Milliseconds UTC, [from, to). */
export interface Period {
  from: number;
  to: number;
}

export interface Calendar {
  now: number;
  timeZone: string;
  /** The site's first event, milliseconds; where `all` begins. */
  earliest?: number;
}

const DAY = 24 * 3_600_000;

/** How many days or months `7d` and its like count, with the one that runs. */
function lastOf(range: string): { days: number } | { months: number } | null {
  if (range === "day") return { days: 1 };
  if (range === "month") return { months: 1 };
  const [, count, unit] = /^(\d+)(d|mo)$/.exec(range) ?? [];
  if (count === undefined) return null;
  return unit === "d" ? { days: Number(count) } : { months: Number(count) };
}

function between(from: Temporal.PlainDate, to: Temporal.PlainDate, timeZone: string): Period {
  return { from: startOfDate(from, timeZone), to: startOfDate(to, timeZone) };
}

/** A last moment that ends in second 59 is meant with that second, as Plausible writes it; any other is left out. */
function momentOf(text: string, timeZone: string, addDays: number): number {
  if (text.includes("T")) return Date.parse(text) + (addDays > 0 && /T\d\d:\d\d:59(?!\.)/.test(text) ? 1000 : 0);
  return startOfDate(Temporal.PlainDate.from(text, { overflow: "reject" }).add({ days: addDays }), timeZone);
}

function customPeriod([first, last]: [string, string], timeZone: string): Period | { problem: string } {
  let period: Period;
  try {
    period = { from: momentOf(first, timeZone, 0), to: momentOf(last, timeZone, 1) };
  } catch {
    return { problem: `${first} to ${last} is not in the calendar` };
  }
  return period.to > period.from ? period : { problem: "the second date must not be before the first" };
}

/** `7d` is today and the six days before; months are whole; `24h` ends with the current minute. */
export function periodOf(range: DateRange, calendar: Calendar): Period | { problem: string } {
  const { now, timeZone } = calendar;
  if (typeof range !== "string") return customPeriod(range, timeZone);
  const today = localDate(now, timeZone);
  const tomorrow = today.add({ days: 1 });
  const last = lastOf(range);
  if (last && "days" in last) return between(tomorrow.subtract(last), tomorrow, timeZone);
  if (last) {
    const next = today.with({ day: 1 }).add({ months: 1 });
    return between(next.subtract(last), next, timeZone);
  }
  if (range === "year") {
    const first = today.with({ month: 1, day: 1 });
    return between(first, first.add({ years: 1 }), timeZone);
  }
  if (range === "24h") {
    const to = Math.floor(now / 60_000) * 60_000 + 60_000;
    return { from: to - DAY, to };
  }
  return between(localDate(Math.min(calendar.earliest ?? now, now), timeZone), tomorrow, timeZone);
}

/** First and last second of the period as a pair that asks for it again, with the zone's offsets. */
export function rangeText({ from, to }: Period, timeZone: string): [string, string] {
  const text = (at: number) =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toString({ timeZoneName: "never" });
  // An end that does not close a minute is itself left out when asked for.
  return [text(from), text(to % 60_000 === 0 ? to - 1000 : to)];
}

export type ComparisonMode = "previous_period" | "year_over_year";
/** `match_day_of_week`, and for `custom` the other period. */
export type Compared = ComparisonInput | { mode: ComparisonMode };

function isWholeDays(period: Period, timeZone: string): boolean {
  return [period.from, period.to].every((at) => startOfDate(localDate(at, timeZone), timeZone) === at);
}

function yearBefore(moment: number, timeZone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(timeZone).subtract({ years: 1 })
    .epochMilliseconds;
}

function periodBefore(range: DateRange, period: Period, timeZone: string): Period {
  const first = localDate(period.from, timeZone);
  const last = typeof range === "string" ? lastOf(range) : null;
  const months = range === "year" ? 12 : last && "months" in last ? last.months : null;
  if (months) return { from: startOfDate(first.subtract({ months }), timeZone), to: period.from };
  if (!isWholeDays(period, timeZone)) return { from: period.from - (period.to - period.from), to: period.from };
  const { days } = first.until(localDate(period.to, timeZone));
  return { from: startOfDate(first.subtract({ days }), timeZone), to: period.from };
}

/** Moves `other` to the nearest days on which it begins on the weekday on which `period` does, but not onto `period`. */
function onSameWeekday(other: Period, period: Period, timeZone: string): Period {
  const first = localDate(other.from, timeZone);
  const wanted = localDate(period.from, timeZone);
  const ahead = (wanted.dayOfWeek - first.dayOfWeek + 7) % 7;
  const nearest = ahead > 3 ? ahead - 7 : ahead;
  const days = first.add({ days: nearest }).equals(wanted) ? nearest - 7 : nearest;
  const moved = (at: number) =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).add({ days }).epochMilliseconds;
  return { from: moved(other.from), to: moved(other.to) };
}

/**
 * The period to compare with, by local dates, so that a change of clocks moves nothing; null for `all`, which has none but
 * one that is named.
 */
export function comparisonPeriod(
  range: DateRange,
  period: Period,
  options: { compared: Compared; timeZone: string },
): Period | { problem: string } | null {
  const { compared, timeZone } = options;
  if (compared.mode === "custom") return customPeriod(compared.date_range, timeZone);
  if (range === "all") return null;
  const other =
    compared.mode === "year_over_year"
      ? { from: yearBefore(period.from, timeZone), to: yearBefore(period.to, timeZone) }
      : periodBefore(range, period, timeZone);
  const matches = "match_day_of_week" in compared && compared.match_day_of_week === true;
  return matches ? onSameWeekday(other, period, timeZone) : other;
}

/** The period's first `elapsed` milliseconds, or all of it when it is shorter. */
export function firstPartOf(period: Period, elapsed: number): Period {
  return { from: period.from, to: Math.min(period.to, period.from + Math.max(1, elapsed)) };
}

/** The grain that a chart of the period reads well in: what the dimension `time` stands for. */
export function grainOf(range: DateRange, period: Period): Grain {
  const days = (period.to - period.from) / DAY;
  if (days <= 1 / 8) return "minute";
  if (days <= 2.1) return "hour";
  return range === "year" || days > 92 ? "month" : "day";
}
