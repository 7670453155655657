import type { ShardStanding } from "../../../durable-objects/site-shard/protocol.ts";
import { localDate } from "../../domain/buckets.ts";
import type { QualityFinding } from "../../domain/quality.ts";
import type { PanelDifference, RollDifference } from "../../domain/rollup.ts";
import { DAY_MS, HOUR_MS, hourOf, type StreamFinding } from "../stream-finding.ts";

/** Panels that are named one by one. */
const NAMED = 3;
const LONGER_THAN_A_DAY_MS = 2 * DAY_MS;

function panelText({ panel, measure, stored, right, differing, rows }: PanelDifference): string {
  if (stored === null) return `${panel} has no row, where ${measure} are ${right}`;
  const of = `in ${differing} of ${Math.max(rows, differing)} ${rows === 1 && differing === 1 ? "row" : "rows"}`;
  if (stored === right) return `${panel} is wrong ${of}, ${measure} are ${right} in sum`;
  return `${panel} has ${measure} ${stored} instead of ${right}, ${of}`;
}

function bucketText({ grain, start }: RollDifference, timeZone: string): string {
  if (grain === "hour") return `the hour of ${hourOf(start)}`;
  const date = localDate(start, timeZone).toString();
  return grain === "day" ? `the day ${date}` : `the month ${date.slice(0, 7)}`;
}

/** Roll-ups that do not say what the events say; a bucket is one finding, with its panels. `of`: which shard's, or nothing. */
export function rollsDiffer(differences: readonly RollDifference[], timeZone: string, of = ""): StreamFinding[] {
  return differences.map((one) => {
    const { grain, start, end, panels } = one;
    const [first] = panels;
    const named = panels.slice(0, NAMED);
    const more = panels.length > NAMED ? `; and ${panels.length - NAMED} more panels` : "";
    const subject = panels.length > NAMED ? `${panels.length} panels` : named.map(({ panel }) => panel).join(", ");
    return {
      fault: "rollup_differs",
      subject: `${subject} by ${grain}${of}`,
      from: start,
      to: end,
      expected: first!.right,
      found: first!.stored ?? 0,
      reason: `roll-ups${of} of ${bucketText(one, timeZone)}: ${named.map(panelText).join("; ")}${more}`,
    };
  });
}

/** Whether a roll-up that was found wrong still waits to be made again, by any of the shards. */
export function waitsForRoll(
  { from, to }: Pick<QualityFinding, "from" | "to">,
  standings: readonly Pick<ShardStanding, "hours" | "days" | "months">[],
): boolean {
  return standings.some(({ hours, days, months }) => {
    if (to - from <= HOUR_MS) return hours.some((start) => start < to && start + HOUR_MS > from);
    return (to - from < LONGER_THAN_A_DAY_MS ? days : months).includes(from);
  });
}
