// When a rule may begin to fire.
import type { NewAlertRule, Quiet, Schedule } from "../domain/alert.ts";

const DAY_MS = 24 * 3600_000;
const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** `local`: milliseconds of local time. */
function isWithin({ days, from, to }: Schedule, local: number): boolean {
  const minute = Math.floor((local % DAY_MS) / 60_000);
  const [start, end] = [minutesOf(from), minutesOf(to)];
  const goesOver = end <= start;
  // After midnight it is still the evening of the day before.
  const day = Math.floor(local / DAY_MS) - (goesOver && minute < end ? 1 : 0);
  // 1970 began on a Thursday.
  if (!days.includes(((day + 3) % 7) + 1)) return false;
  return goesOver ? minute >= start || minute < end : minute >= start && minute < end;
}

/** `maintenance`: of the whole site. */
export function mayFireAt(
  rule: Pick<NewAlertRule, "schedule" | "silences">,
  at: number,
  { offsetAt, maintenance }: { offsetAt: (at: number) => number; maintenance: readonly Quiet[] },
): boolean {
  const isQuiet = [...rule.silences, ...maintenance].some(({ from, until }) => from <= at && at < until);
  return !isQuiet && (rule.schedule === null || isWithin(rule.schedule, at + offsetAt(at)));
}
