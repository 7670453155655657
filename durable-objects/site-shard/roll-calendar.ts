// The local hours, days and months around moments in UTC, as roll-ups need them. Pure.
import { bucketsOf, type Grain, type Bucket as Labelled } from "../../workers/domain/period.ts";

export const HOUR_MS = 3600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Days before that a day's visitors are looked for on: a run of 32 days then counts each of them once. */
export const LOOK_BACK_DAYS = 31;

export interface Bucket {
  start: number;
  end: number;
}

type RolledGrain = Extract<Grain, "hour" | "day" | "month">;

/** Longer than any bucket of the grain. */
const SPANS: Record<RolledGrain, number> = { hour: 3 * HOUR_MS, day: 3 * DAY_MS, month: 63 * DAY_MS };

function withEnds(buckets: readonly Labelled[], before: number): Bucket[] {
  const found: Bucket[] = [];
  for (const [index, { start }] of buckets.entries()) {
    const end = buckets[index + 1]?.start;
    if (end === undefined || start >= before) break;
    found.push({ start, end });
  }
  return found;
}

/** The buckets that overlap any of the UTC hours, or with `to` all from the first of them to there; each once, rising. */
export function bucketsTouched(
  hours: readonly number[],
  to: number | null,
  grain: RolledGrain,
  timeZone: string,
): Bucket[] {
  if (hours.length === 0) return [];
  const rising = hours.toSorted((a, b) => a - b);
  const before = to ?? rising.at(-1)! + HOUR_MS;
  const all = withEnds(bucketsOf(rising[0]!, before + SPANS[grain], grain, timeZone), before);
  if (to !== null) return all;
  let next = 0;
  return all.filter(({ start, end }) => {
    while (next < rising.length && rising[next]! + HOUR_MS <= start) next++;
    return next < rising.length && rising[next]! < end;
  });
}

/** The bucket that holds the moment. */
export function bucketOf(moment: number, grain: RolledGrain, timeZone: string): Bucket {
  return bucketsTouched([moment], moment + 1, grain, timeZone)[0]!;
}

/** Starts of the days before, oldest first, and the day's own. */
export function dayStartsBefore(day: number, days: number, timeZone: string): number[] {
  const before = bucketsOf(day - (days + 2) * DAY_MS, day, "day", timeZone).map(({ start }) => start);
  return [...before.slice(-days), day];
}

/** Every question to a shard asks for those after its last days. */
const after = new Map<string, readonly number[]>();
const HELD = 500;

/** Starts of the days after that are closed. */
export function daysAfter(
  day: number,
  { days, until, timeZone }: { days: number; until: number; timeZone: string },
): readonly number[] {
  const to = Math.min(until, day + (days + 2) * DAY_MS);
  if (to <= day) return [];
  const name = `${timeZone} ${day} ${days} ${to}`;
  const held = after.get(name);
  if (held) return held;
  const all = bucketsOf(day, to, "day", timeZone).map(({ start }) => start);
  const found = all.slice(1, days + 1);
  if (after.size >= HELD) after.clear();
  after.set(name, found);
  return found;
}
