// Numbers, times and dates as text, by Intl in the reader's language. Null (a ratio without a base) shows as a dash.
import type { MetricText, Written } from "./metrics.ts";
import type { Grain } from "./periods.ts";

export const MISSING = "–";

const formats = new Map<string, Intl.NumberFormat>();

function number(value: number, options: Intl.NumberFormatOptions, locale: string | undefined): string {
  const key = `${locale}${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, options);
    formats.set(key, format);
  }
  return format.format(value);
}

/** Every digit: `12,345`. */
export function formatExact(value: number | null, locale?: string): string {
  return value === null ? MISSING : number(value, { maximumFractionDigits: 2 }, locale);
}

/** Short from 10,000 on: `12.3K`. */
export function formatCount(value: number | null, locale?: string): string {
  if (value === null) return MISSING;
  if (Math.abs(value) < 10_000) return number(value, { maximumFractionDigits: 0 }, locale);
  return number(value, { notation: "compact", maximumSignificantDigits: 3 }, locale);
}

/** `1 visit`, `1,204 visits`. */
export function counted(count: number, thing: string, format: (count: number) => string = formatExact): string {
  return `${format(count)} ${thing}${count === 1 ? "" : "s"}`;
}

/** `38s`, `2m 05s`, `1h 04m`. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null) return MISSING;
  const total = Math.round(seconds);
  const two = (part: number) => String(part).padStart(2, "0");
  if (total < 60) return `${total}s`;
  if (total < 3600) return `${Math.floor(total / 60)}m ${two(total % 60)}s`;
  return `${Math.floor(total / 3600)}h ${two(Math.floor((total % 3600) / 60))}m`;
}

/** Takes percent, not a fraction: 41.3 is `41%`, and below ten one decimal is kept. */
export function formatPercent(percent: number | null, locale?: string): string {
  if (percent === null) return MISSING;
  const digits = Math.abs(percent) < 9.95 ? 1 : 0;
  return number(percent / 100, { style: "percent", maximumFractionDigits: digits }, locale);
}

/** An amount in its currency to the cent: `€12,345.60`; a plain number where the currency is not known. */
export function formatMoney(value: number, currency: string | undefined, locale?: string): string {
  const cents = { minimumFractionDigits: currency && !Number.isInteger(value) ? 2 : 0, maximumFractionDigits: 2 };
  return number(value, { ...cents, ...styleOf(currency) }, locale);
}

const styleOf = (currency: string | undefined): Intl.NumberFormatOptions =>
  currency ? { style: "currency", currency, currencyDisplay: "narrowSymbol" } : {};

/** Short from 10,000 on: `€12.3k`. */
function shortMoney(value: number, currency: string | undefined, locale?: string): string {
  if (Math.abs(value) < 10_000) return formatMoney(value, currency, locale);
  return number(value, { ...styleOf(currency), notation: "compact", maximumSignificantDigits: 3 }, locale);
}

export function formatMetric(value: number | null, { unit, currency }: Written, locale?: string): string {
  switch (unit) {
    case "count":
      return formatCount(value, locale);
    case "percent":
      return formatPercent(value, locale);
    case "seconds":
      return formatDuration(value);
    case "milliseconds":
      return formatDuration(value === null ? null : value / 1000);
    case "bytes":
      return formatCount(value, locale);
    case "ratio":
      return value === null ? MISSING : number(value, { maximumFractionDigits: 2 }, locale);
    case "dollars":
      return value === null ? MISSING : shortMoney(value, "USD", locale);
    case "money":
      return value === null ? MISSING : shortMoney(value, currency, locale);
  }
}

export interface ChangeText {
  text: string;
  tone: "better" | "worse" | "same";
  direction: "up" | "down" | "none";
}

const UP_IS = { higher: "better", lower: "worse", neither: "same" } as const;
const DOWN_IS = { higher: "worse", lower: "better", neither: "same" } as const;

/**
 * A change as the API gives it, judged by which direction is better: percent, or points where the metric is a percentage
 * itself. Null where there was nothing to compare with.
 */
export function describeChange(
  change: number | null | undefined,
  { unit, better }: Pick<MetricText, "unit" | "better">,
): ChangeText | null {
  if (change === null || change === undefined) return null;
  const rounded = Math.abs(change) < 10 ? Math.round(change * 10) / 10 : Math.round(change);
  const size = Math.abs(rounded);
  const text = unit === "percent" ? `${formatExact(size)} pts` : formatPercent(size);
  if (rounded === 0) return { text, tone: "same", direction: "none" };
  return rounded > 0
    ? { text, tone: UP_IS[better], direction: "up" }
    : { text, tone: DOWN_IS[better], direction: "down" };
}

// Labels are local to the site already, so they are read and written as if UTC.
const labelTime = (label: string): number => Date.parse(`${label.slice(0, 10)}T${label.slice(11, 19) || "00:00:00"}Z`);

const dates = (options: Intl.DateTimeFormatOptions, locale?: string) =>
  new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });

/** A time label of the API, short for an axis and long for a tooltip. */
export function formatBucket(label: string, grain: Grain, form: "axis" | "full", locale?: string): string {
  const at = labelTime(label);
  if (Number.isNaN(at)) return label;
  if (form === "axis") {
    if (grain === "hour") return dates({ hour: "numeric" }, locale).format(at);
    if (grain === "month") return dates({ month: "short", year: "2-digit" }, locale).format(at);
    return dates({ day: "numeric", month: "short" }, locale).format(at);
  }
  if (grain === "hour") {
    return dates(
      { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" },
      locale,
    ).format(at);
  }
  if (grain === "month") return dates({ month: "long", year: "numeric" }, locale).format(at);
  const day = dates({ weekday: "short", day: "numeric", month: "short", year: "numeric" }, locale).format(at);
  return grain === "week" ? `Week of ${day}` : day;
}

/** Two local dates as a range: `Nov 3 – 9, 2026`. */
export function formatDays(from: string, to: string, locale?: string): string {
  const format = dates({ day: "numeric", month: "short", year: "numeric" }, locale);
  return from === to ? format.format(labelTime(from)) : format.formatRange(labelTime(from), labelTime(to));
}

/** A moment's day in the given zone, the reader's own when left out. */
export function formatDate(at: number, locale?: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", ...(timeZone ? { timeZone } : {}) }).format(at);
}

/** A moment as a clock in the given zone, the browser's when left out. */
export function formatClock(at: number, options: { timeZone?: string; seconds?: boolean } = {}): string {
  return new Intl.DateTimeFormat(undefined, {
    hour: "numeric",
    minute: "2-digit",
    ...(options.seconds ? { second: "2-digit" } : {}),
    ...(options.timeZone ? { timeZone: options.timeZone } : {}),
  }).format(at);
}

/** A value of a dimension, shortened in the middle where it would break a line. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const head = Math.ceil((length - 1) * 0.6);
  return `${text.slice(0, head)}…${text.slice(text.length - (length - 1 - head))}`;
}

/** What the API says in lower case, as a sentence. */
export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
