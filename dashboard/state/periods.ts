// The periods that the date menu offers: what each asks of the API, which days it covers, and which grains suit it.
import type { QueryInput } from "../../workers/domain/query.ts";
import { addDays, isDay, localDay, monthEnd, monthStart, spanDays } from "./days.ts";

type DateRange = QueryInput["date_range"];
export type Days = readonly [from: string, to: string];

interface Preset {
  label: string;
  /** The key that chooses it. */
  key?: string;
  range: (today: string) => DateRange;
  days: (today: string) => Days;
}

const lastDays =
  (count: number) =>
  (today: string): Days => [addDays(today, 1 - count), today];
const yesterday = (today: string): [string, string] => [addDays(today, -1), addDays(today, -1)];
const thisYear = (today: string): [string, string] => [`${today.slice(0, 4)}-01-01`, `${today.slice(0, 4)}-12-31`];
const lastMonth = (today: string): [string, string] => [monthStart(today, -1), addDays(monthStart(today), -1)];

export const PRESETS = {
  today: { label: "Today", key: "d", range: () => "day", days: (today) => [today, today] },
  yesterday: { label: "Yesterday", key: "y", range: yesterday, days: yesterday },
  "7d": { label: "Last 7 days", key: "w", range: () => "7d", days: lastDays(7) },
  "28d": { label: "Last 28 days", key: "f", range: () => "28d", days: lastDays(28) },
  "30d": { label: "Last 30 days", key: "t", range: () => "30d", days: lastDays(30) },
  "91d": { label: "Last 91 days", key: "q", range: () => "91d", days: lastDays(91) },
  month: { label: "This month", key: "m", range: () => "month", days: (today) => [monthStart(today), monthEnd(today)] },
  "last-month": { label: "Last month", key: "p", range: lastMonth, days: lastMonth },
  year: { label: "This year", range: () => "year", days: thisYear },
  "12mo": { label: "Last 12 months", range: () => "12mo", days: (today) => [monthStart(today, -11), monthEnd(today)] },
  all: { label: "All time", key: "a", range: () => "all", days: (today) => [monthStart(today, -11), today] },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;
export type Period = { name: PresetName } | { name: "custom"; from: string; to: string };

export const GRAINS = ["hour", "day", "week", "month"] as const;
export type Grain = (typeof GRAINS)[number];

/** Where "all time" begins and what today is, in the site's own zone. */
export interface Calendar {
  today: string;
  firstDay: string;
}

export function calendarOf(site: { timeZone: string; since: number }, now: number): Calendar {
  return { today: localDay(now, site.timeZone), firstDay: localDay(site.since, site.timeZone) };
}

export function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(PRESETS, name);
}

export function dateRange(period: Period, today: string): DateRange {
  return period.name === "custom" ? [period.from, period.to] : PRESETS[period.name].range(today);
}

/** The period that asks this of the API; null where none does. */
export function periodAsking(range: DateRange, today: string): Period | null {
  const wanted = JSON.stringify(range);
  for (const name of Object.keys(PRESETS)) {
    if (isPresetName(name) && JSON.stringify(PRESETS[name].range(today)) === wanted) return { name };
  }
  if (!Array.isArray(range)) return null;
  const [from, to] = range;
  return isDay(from) && isDay(to) ? { name: "custom", from, to } : null;
}

/** First and last day, both counted; months and years are whole, so the last may lie ahead. */
export function daysOf(period: Period, calendar: Calendar): Days {
  if (period.name === "custom") return [period.from, period.to];
  if (period.name === "all") return [calendar.firstDay, calendar.today];
  return PRESETS[period.name].days(calendar.today);
}

export function includesToday(period: Period, calendar: Calendar): boolean {
  const [from, to] = daysOf(period, calendar);
  return from <= calendar.today && calendar.today <= to;
}

/** The grains that give a readable chart: neither two points nor thousands. */
export function grainsOf(period: Period, calendar: Calendar): readonly Grain[] {
  const span = spanDays(...daysOf(period, calendar));
  if (span <= 1) return ["hour"];
  if (span <= 14) return ["hour", "day"];
  if (span <= 62) return ["day", "week"];
  if (span <= 400) return ["day", "week", "month"];
  return ["week", "month"];
}

/** The chosen grain where it fits the period, else the one that reads best. */
export function grainOf(chosen: Grain | "auto", period: Period, calendar: Calendar): Grain {
  if (chosen !== "auto" && grainsOf(period, calendar).includes(chosen)) return chosen;
  const span = spanDays(...daysOf(period, calendar));
  if (span <= 2) return "hour";
  if (span <= 91) return "day";
  return span <= 190 ? "week" : "month";
}

function notAfter(day: string, last: string): string {
  if (day > last) return last;
  return day;
}

const wholeYear = ([from, to]: Days): boolean => from.endsWith("-01-01") && to === `${from.slice(0, 4)}-12-31`;
const wholeMonth = ([from, to]: Days): boolean => from === monthStart(from) && to === monthEnd(from);

function named(days: Days, calendar: Calendar): Period {
  for (const name of ["today", "yesterday", "month", "last-month", "year"] as const) {
    const [from, to] = PRESETS[name].days(calendar.today);
    if (from === days[0] && to === days[1]) return { name };
  }
  return { name: "custom", from: days[0], to: days[1] };
}

/** The period of equal length before (-1) or after (+1); null where that lies in the future or has no sense. */
export function shiftPeriod(period: Period, direction: -1 | 1, calendar: Calendar): Period | null {
  if (period.name === "all") return null;
  const days = daysOf(period, calendar);
  const [from, to] = days;
  if (direction === 1 && to >= calendar.today) return null;
  if (wholeMonth(days)) {
    const start = monthStart(from, direction);
    return named([start, monthEnd(start)], calendar);
  }
  if (wholeYear(days)) return named(thisYear(monthStart(from, 12 * direction)), calendar);
  const step = spanDays(from, to) * direction;
  return named([addDays(from, step), notAfter(addDays(to, step), calendar.today)], calendar);
}

/**
 * The first day that is known of what a period is compared with, where only a part of that is; null where all of it is, or
 * nothing.
 */
export function comparisonKnownFrom(period: Period, compare: "previous" | "year", calendar: Calendar): string | null {
  const days = daysOf(period, calendar);
  const before = shiftPeriod(period, -1, calendar);
  const [from, to] =
    compare === "year" ? [yearBefore(days[0]), yearBefore(days[1])] : before ? daysOf(before, calendar) : days;
  return from < calendar.firstDay && calendar.firstDay <= to ? calendar.firstDay : null;
}

const yearBefore = (day: string): string => `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;

/** What a click on a bucket of the chart opens: its days, or null when it is already one hour. */
export function bucketPeriod(label: string, grain: Grain, calendar: Calendar): Period | null {
  if (grain === "hour") return null;
  const from = label.slice(0, 10);
  const last = { day: from, week: addDays(from, 6), month: monthEnd(from) }[grain];
  return named([from, grain === "month" ? last : notAfter(last, calendar.today)], calendar);
}
