// The way to Analytics Engine: a point an event, 250 a call, remembered by log row and place in it.
import { unpackEvent } from "../../workers/domain/event.ts";
import { POINTS_A_CALL, writePoint } from "../../workers/store/points.ts";
import { parseBody, readLog } from "./log.ts";
import { readFact, writeFact } from "./tables.ts";

interface Cursor {
  /** Last log row whose points are all written. */
  done: number;
  /** Points written of the row after it. */
  within: number;
}

export const pointsDone = (sql: SqlStorage): number => readFact<Cursor>(sql, "points")?.done ?? 0;

/** Writes the next points; true when more are waiting. History is left out: the dataset knows only the time of writing. */
export function writePoints(sql: SqlStorage, dataset: AnalyticsEngineDataset, siteId: string): boolean {
  const start = readFact<Cursor>(sql, "points") ?? { done: 0, within: 0 };
  let { done, within } = start;
  let left = POINTS_A_CALL;
  for (const row of readLog(sql, done, POINTS_A_CALL + within)) {
    const events = row.importId === "" ? parseBody(row.body).slice(within, within + left) : [];
    for (const packed of events) writePoint(dataset, siteId, unpackEvent(packed));
    left -= events.length;
    const whole = row.importId !== "" || within + events.length >= row.count;
    if (!whole) {
      within += events.length;
      break;
    }
    done = row.seq;
    within = 0;
  }
  if (done !== start.done || within !== start.within) writeFact(sql, "points", { done, within });
  return readLog(sql, done, 1).length > 0;
}
