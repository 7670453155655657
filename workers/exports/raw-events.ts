// Raw events, some visitors at a time: in order of visitor, which stays the same whatever is merged or moves meanwhile, so
// that a download that broke off goes on where it ended.

import { EVENT_COLUMNS, events } from "../analyses/events.ts";
import type { Period } from "../domain/period.ts";
import { EVERYBODY, leadOf, type VisitorRange } from "../domain/shard.ts";
import type { ScanRequest } from "../engine/scan.ts";
import type { Cell, Column } from "./table.ts";

export interface RawEventsPorts {
  /** The shares of all shards that hold some of the visitors. */
  scan(request: ScanRequest, within: VisitorRange): Promise<unknown[]>;
}

export interface RawEventsAsked {
  period: Period;
  timeZone: string;
  /** The first visitor, 16 hexadecimal digits; those before are left out. */
  start?: string;
  /** About how many events there are. */
  expected: number;
}

const TIMES: readonly string[] = ["at", "receivedAt", "sessionStart"];
const NUMBERS: readonly string[] = ["engagementMs", "scrollDepth", "amount"];

export const RAW_COLUMNS: readonly Column[] = EVENT_COLUMNS.map((name) => ({
  name,
  type: TIMES.includes(name) ? "time" : NUMBERS.includes(name) ? "number" : "text",
}));

const VISITOR = EVENT_COLUMNS.indexOf("visitorId");

/** Some megabytes a reply. */
const ROWS_AT_ONCE = 4000;
const WIDEST = EVERYBODY.to;

/** Narrower when much came, wider when little did: visitors are spread evenly, but some do more than others. */
export function nextWidth(width: number, rows: number): number {
  if (rows > 2 * ROWS_AT_ONCE) return Math.max(1, Math.floor(width / 2));
  if (rows < ROWS_AT_ONCE / 2) return Math.min(WIDEST, width * 2);
  return width;
}

/** Rows in the order of RAW_COLUMNS, by visitor, then time. */
export async function* rawEvents(
  { scan }: RawEventsPorts,
  { period, timeZone, start, expected }: RawEventsAsked,
): AsyncIterable<Cell[][]> {
  const request: ScanRequest = { analysis: events.name, params: {}, ...period, timeZone, filters: [] };
  let width = Math.ceil((WIDEST * ROWS_AT_ONCE) / Math.max(expected, ROWS_AT_ONCE));
  for (let from = start === undefined ? 0 : leadOf(start); from < WIDEST; ) {
    const to = Math.min(from + width, WIDEST);
    const { rows } = events.answer(await scan(request, { from, to }), {});
    // Visitors who share their leading digits with the first one may come before it.
    const own = start === undefined ? rows : rows.filter((row) => row[VISITOR]! >= start);
    if (own.length > 0) yield own;
    from = to;
    width = nextWidth(width, rows.length);
  }
}
