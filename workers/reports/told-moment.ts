import { localDate, startOfDate } from "../domain/buckets.ts";
import type { DateRange } from "../domain/period.ts";

/**
 * As of when a report that is sent is made: the last moment of the day before, so that `7d` are seven whole days, and `month` on the
 * first is the month that ended. Hours, and what a rule set off, are told up to the moment itself.
 */
export function toldMoment(
  range: DateRange,
  { dueAt, timeZone, onAlert }: { dueAt: number; timeZone: string; onAlert: boolean },
): number {
  if (onAlert || range === "24h" || typeof range !== "string") return dueAt;
  return startOfDate(localDate(dueAt, timeZone), timeZone) - 1;
}
