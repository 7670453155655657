// The local hours, days, weeks and months of a period as moments in UTC. Buckets are gapless and in order; each starts
// where its label says, in zones of 30 and 45 minutes, on days of 23, 24.5 and 25 hours, and where a date is missing.

import { Temporal } from "temporal-polyfill";

export const GRAINS = ["minute", "hour", "day", "week", "month"] as const;
export type Grain = (typeof GRAINS)[number];

export interface Bucket {
  /** Milliseconds UTC; of the first bucket it may lie before the period. */
  start: number;
  /** Local start: `2026-11-21`, or with a time `2026-11-21 14:00:00`. Where an hour comes twice (clocks set back), the
   * second carries its offset: `2026-10-25 02:00:00+01:00`. */
  label: string;
}

const MINUTE = 60_000;
const HOUR = 3_600_000;

export function localDate(moment: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** Every question asks for the same few dates, and a zone's rules take some twenty times as long as looking one up. */
const STARTS_HELD = 10_000;
const starts = new Map<string, number>();

/** The first moment of a local date, milliseconds UTC; where midnight is skipped, the first moment after it. */
export function startOfDate(date: Temporal.PlainDate, timeZone: string): number {
  const name = `${timeZone} ${date.year}-${date.month}-${date.day}`;
  const held = starts.get(name);
  if (held !== undefined) return held;
  const start = date.toZonedDateTime(timeZone).epochMilliseconds;
  if (starts.size >= STARTS_HELD) starts.clear();
  starts.set(name, start);
  return start;
}

function firstDate(moment: number, grain: Grain, timeZone: string): Temporal.PlainDate {
  const date = localDate(moment, timeZone);
  if (grain === "month") return date.with({ day: 1 });
  if (grain === "week") return date.subtract({ days: date.dayOfWeek - 1 });
  return date;
}

const STEPS = { day: { days: 1 }, week: { weeks: 1 }, month: { months: 1 } } as const;

function dateBuckets(from: number, to: number, grain: keyof typeof STEPS, timeZone: string): Bucket[] {
  const buckets: Bucket[] = [];
  let date = firstDate(from, grain, timeZone);
  let start = startOfDate(date, timeZone);
  while (start < to) {
    const next = date.add(STEPS[grain]);
    const end = startOfDate(next, timeZone);
    // A date that the zone skipped (Apia, 2011-12-30) starts where the next one does.
    if (end > start && end > from) buckets.push({ start, label: date.toString() });
    date = next;
    start = end;
  }
  return buckets;
}

interface Stretch {
  from: number;
  to: number;
  /** Milliseconds ahead of UTC. */
  offset: number;
}

/** The parts of a local day between changes of offset: one on all but two days of a year. */
function stretchesOf(from: number, to: number, timeZone: string): Stretch[] {
  const stretches: Stretch[] = [];
  let at = from;
  while (at < to) {
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
    const change = local.getTimeZoneTransition("next")?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
    const end = Math.min(change, to);
    stretches.push({ from: at, to: end, offset: local.offsetNanoseconds / 1e6 });
    at = end;
  }
  return stretches;
}

function labelOf(moment: number, offset: number, unit: number): string {
  const local = new Date(Math.floor((moment + offset) / unit) * unit);
  return local.toISOString().slice(0, 19).replace("T", " ");
}

function offsetLabel(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

function clockBuckets(from: number, to: number, unit: number, timeZone: string): Bucket[] {
  const buckets: Bucket[] = [];
  const used = new Set<string>();
  const start = startOfDate(localDate(from, timeZone), timeZone);
  for (const stretch of stretchesOf(start, to, timeZone)) {
    for (let at = stretch.from; at < stretch.to; ) {
      const label = labelOf(at, stretch.offset, unit);
      const end = Math.min(Math.floor((at + stretch.offset) / unit + 1) * unit - stretch.offset, stretch.to);
      if (end > from) buckets.push({ start: at, label: used.has(label) ? label + offsetLabel(stretch.offset) : label });
      used.add(label);
      at = end;
    }
  }
  return buckets;
}

/** The buckets that overlap [from, to), milliseconds UTC; weeks begin on Monday. */
export function bucketsOf(from: number, to: number, grain: Grain, timeZone: string): Bucket[] {
  if (grain === "minute") return clockBuckets(from, to, MINUTE, timeZone);
  if (grain === "hour") return clockBuckets(from, to, HOUR, timeZone);
  return dateBuckets(from, to, grain, timeZone);
}

const SPANS: Record<Grain, number> = {
  minute: MINUTE,
  hour: HOUR,
  day: 24 * HOUR,
  week: 168 * HOUR,
  month: 730 * HOUR,
};

/** About how many buckets a period has, to refuse a million minutes before making them. */
export function bucketEstimate(from: number, to: number, grain: Grain): number {
  return Math.ceil((to - from) / SPANS[grain]);
}
