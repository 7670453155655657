// When a schedule is due, in its own time zone. A local time that does not exist is the next that does; one that comes twice is
// told once, the first time.
import { Cron } from "croner";
import { Temporal } from "temporal-polyfill";
import type { ReportWhen } from "../domain/report-schedule.ts";

type Timed = Exclude<ReportWhen, { every: "alert" }>;

const DAY_MS = 24 * 3600_000;
/** How far back the last moment is looked for, in turn; a leap day on a weekday comes once in 28 years, or 40 over a century. */
const WINDOWS_DAYS = [3, 9, 63, 400, 3_700, 15_000] as const;
/** Moments looked at for the next: clocks set back twice over would need a day of hours. */
const MOST_STEPS = 200;

/** The moment of a local time. */
function momentOf(local: Temporal.PlainDateTime, timeZone: string): number {
  const earlier = local.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  if (earlier.toPlainDateTime().equals(local)) return earlier.epochMilliseconds;
  // Clocks are set forward over it.
  return (earlier.getTimeZoneTransition("next") ?? earlier).epochMilliseconds;
}

const isDay = (when: Exclude<Timed, { every: "cron" }>, date: Temporal.PlainDate): boolean => {
  if (when.every === "week") return date.dayOfWeek === when.weekday;
  return when.every === "day" || date.day === Math.min(when.day, date.daysInMonth);
};

function* localTimes(when: Timed, from: Temporal.PlainDate): Generator<Temporal.PlainDateTime> {
  if (when.every !== "cron") {
    const at = Temporal.PlainTime.from(when.at);
    for (let date = from; ; date = date.add({ days: 1 })) if (isDay(when, date)) yield date.toPlainDateTime(at);
  }
  // The pattern speaks of local time: as if that were UTC it knows no clocks that are set.
  const pattern = new Cron(when.cron, { mode: "5-part", timezone: "UTC", paused: true });
  let last = new Date(from.toPlainDateTime().toZonedDateTime("UTC").epochMilliseconds - 1);
  for (;;) {
    const next = pattern.nextRun(last);
    if (!next) return;
    yield Temporal.PlainDateTime.from(next.toISOString().slice(0, "2026-11-28T08:00".length));
    last = next;
  }
}

/** In order, from some days before `at` on. */
function* momentsAround(when: Timed, timeZone: string, { at, days }: { at: number; days: number }): Generator<number> {
  const from = Temporal.Instant.fromEpochMilliseconds(at - days * DAY_MS)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
  for (const local of localTimes(when, from)) yield momentOf(local, timeZone);
}

/** The first moment after `after`; null where none comes, or a rule says when. */
export function nextDue(when: ReportWhen, timeZone: string, after: number): number | null {
  if (when.every === "alert") return null;
  let steps = 0;
  for (const moment of momentsAround(when, timeZone, { at: after, days: 2 })) {
    if (moment > after) return moment;
    if (++steps > MOST_STEPS) return null;
  }
  return null;
}

/** The last moment that is not after `through`; null where there was none. */
export function lastDue(when: ReportWhen, timeZone: string, through: number): number | null {
  if (when.every === "alert") return null;
  for (const days of WINDOWS_DAYS) {
    let last: number | null = null;
    for (const moment of momentsAround(when, timeZone, { at: through, days })) {
      if (moment > through) break;
      last = moment;
    }
    if (last !== null) return last;
  }
  return null;
}

/** Why a pattern cannot be used; null where it can. */
export function cronProblem(cron: string): string | null {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5) return "use five fields: minute, hour, day, month, weekday, such as 0 8 * * 1";
  if (!/^\d{1,2}$/.test(fields[0]!)) return "use one minute, such as 0 8 * * 1: a report goes out at most once an hour";
  try {
    const pattern = new Cron(cron, { mode: "5-part", timezone: "UTC", paused: true });
    return pattern.nextRun(new Date()) ? null : "no day of the calendar is like that";
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
