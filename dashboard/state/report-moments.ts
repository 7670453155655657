// The moments at which a schedule comes due, as the server reckons them: in the schedule's own zone, a local time that does not
// exist is the next that does, and one that comes twice counts the first time. Pure; no clock of the browser's.
import type { ReportWhen } from "../../workers/domain/report-schedule.ts";
import { addDays, localDay, localStamp, monthEnd } from "./days.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** `2026-11-28 08:00` as if it were UTC. */
const asUtc = (local: string): number => Date.parse(`${local.slice(0, 10)}T${local.slice(11, 16)}:00Z`);
const offsetAt = (at: number, timeZone: string): number =>
  asUtc(localStamp(at, timeZone)) - Math.floor(at / MINUTE_MS) * MINUTE_MS;

/** When clocks are set between two moments. */
function transition(from: number, to: number, timeZone: string): number {
  const before = offsetAt(from, timeZone);
  let [low, high] = [from, to];
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetAt(middle, timeZone) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** The moment of a local time, written `2026-11-28 08:00`. */
export function momentOf(local: string, timeZone: string): number {
  const wall = asUtc(local);
  const [before, after] = [wall - DAY_MS, wall + DAY_MS].map((at) => wall - offsetAt(at, timeZone));
  const found = [before!, after!].toSorted((a, b) => a - b); // two, by two
  const fits = found.find((at) => asUtc(localStamp(at, timeZone)) === wall);
  return fits ?? transition(found[0]!, found[1]!, timeZone);
}

/** Monday is 1. */
const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

type Calendric = Exclude<ReportWhen, { every: "alert" | "cron" }>;

function isDue(when: Calendric, day: string): boolean {
  if (when.every === "week") return weekdayOf(day) === when.weekday;
  return when.every === "day" || Number(day.slice(8)) === Math.min(when.day, Number(monthEnd(day).slice(8)));
}

/** Local times in order, from the day on. */
function* localTimes(when: Calendric, from: string): Generator<string> {
  for (let day = from; ; day = addDays(day, 1)) if (isDue(when, day)) yield `${day} ${when.at}`;
}

/** Local times of a pattern, in order, from the day on. */
export type LocalTimes = (from: string) => Iterable<string>;

interface Asked {
  timeZone: string;
  after: number;
  count: number;
  /** Of a schedule by a pattern. */
  pattern?: LocalTimes;
}

/** Fewer than asked where no more come. */
export function nextMoments(when: ReportWhen, { timeZone, after, count, pattern }: Asked): number[] {
  if (when.every === "alert") return [];
  // Clocks may be set over a whole day.
  const from = addDays(localDay(after, timeZone), -1);
  const times = when.every === "cron" ? (pattern?.(from) ?? []) : localTimes(when, from);
  const found: number[] = [];
  for (const local of times) {
    const at = momentOf(local, timeZone);
    if (at > after && at !== found.at(-1)) found.push(at);
    if (found.length >= count) break;
  }
  return found;
}
