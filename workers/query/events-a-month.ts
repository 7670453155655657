import { rolledFrom } from "../analyses/rolled/body.ts";
import { MEASURES } from "../catalog/measure.ts";
import { TOTALS } from "../catalog/standard-panels.ts";
import { bodiesByBucket, type RolledGrain } from "../domain/rollup.ts";
import type { RolledPorts } from "./gather.ts";

const DAY_MS = 86_400_000;
const DAYS = 30;
const EVENTS = MEASURES.indexOf("events");

/** Events of the 30 days before `now`, from rows that are there already: whole days, and hours of the day after them. */
export async function eventsAMonth(read: RolledPorts["read"], now: number): Promise<number> {
  const panels = [TOTALS];
  const { rows } = await read([
    { grain: "day", from: now - DAYS * DAY_MS, to: now, panels },
    { grain: "hour", from: now - 2 * DAY_MS, to: now, panels },
  ]);
  const bodies = bodiesByBucket(rows);
  const startsOf = (grain: RolledGrain) =>
    new Set(rows.filter((row) => row.grain === grain).map(({ bucket }) => bucket));
  const eventsOf = (grain: RolledGrain, bucket: number) =>
    bodies(grain, bucket, TOTALS)
      .flatMap((body) => rolledFrom(body).rows)
      .reduce((sum, { counts }) => sum + counts[EVENTS]!, 0);
  const days = [...startsOf("day")];
  const toldUntil = Math.max(...days) + DAY_MS;
  const hours = [...startsOf("hour")].filter((hour) => hour >= toldUntil || days.length === 0);
  const counted = [...days.map((day) => eventsOf("day", day)), ...hours.map((hour) => eventsOf("hour", hour))];
  return counted.reduce((sum, events) => sum + events, 0);
}
