// What a date range means in a site's time zone: moments in UTC, from inclusive, to exclusive.

import { Temporal } from "temporal-polyfill";
import { type Grain, localDate, startOfDate } from "./buckets.ts";
import type { Query } from "./query.ts";

export { type Bucket, bucketEstimate, bucketsOf, GRAINS, type Grain } from "./buckets.ts";

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
const LAST_DAYS: Partial<Record<string, number>> = { day: 1, "7d": 7, "28d": 28, "30d": 30, "91d": 91 };
const LAST_MONTHS: Partial<Record<string, number>> = { month: 1, "6mo": 6, "12mo": 12 };

function between(from: Temporal.PlainDate, to: Temporal.PlainDate, timeZone: string): Period {
  return { from: startOfDate(from, timeZone), to: startOfDate(to, timeZone) };
}

function momentOf(text: string, timeZone: string, addDays: number): number {
  if (text.includes("T")) return Date.parse(text);
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
  const days = LAST_DAYS[range];
  if (days) return between(tomorrow.subtract({ days }), tomorrow, timeZone);
  const months = LAST_MONTHS[range];
  if (months) {
    const next = today.with({ day: 1 }).add({ months: 1 });
    return between(next.subtract({ months }), next, timeZone);
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

export type ComparisonMode = "previous_period" | "year_over_year";

function isWholeDays(period: Period, timeZone: string): boolean {
  return [period.from, period.to].every((at) => startOfDate(localDate(at, timeZone), timeZone) === at);
}

function yearBefore(moment: number, timeZone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(timeZone).subtract({ years: 1 })
    .epochMilliseconds;
}

/** The period to compare with, by local dates, so that a change of clocks moves nothing; null for `all`, which has none. */
export function comparisonPeriod(
  range: DateRange,
  period: Period,
  options: { mode: ComparisonMode; timeZone: string },
): Period | null {
  const { timeZone } = options;
  if (range === "all") return null;
  if (options.mode === "year_over_year") {
    return { from: yearBefore(period.from, timeZone), to: yearBefore(period.to, timeZone) };
  }
  const first = localDate(period.from, timeZone);
  const months = range === "year" ? 12 : typeof range === "string" ? LAST_MONTHS[range] : undefined;
  if (months) return { from: startOfDate(first.subtract({ months }), timeZone), to: period.from };
  if (!isWholeDays(period, timeZone)) return { from: period.from - (period.to - period.from), to: period.from };
  const days = first.until(localDate(period.to, timeZone)).days;
  return { from: startOfDate(first.subtract({ days }), timeZone), to: period.from };
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
