// Sealing: log rows become a column segment. The segment is built first, then one transaction writes it and removes the
// rows, so that at each instant an event is in the log or in exactly one segment.
import { batchOf } from "../../workers/engine/batch.ts";
import { sortedByVisitor } from "../../workers/engine/batch-rows.ts";
import { encodeBatch } from "../../workers/engine/codec.ts";
import { type LogRow, parseBody, readLog, sizeOfLog } from "./log.ts";
import { createStrip } from "./strip.ts";

const SEAL_EVENTS = 50_000;
const SEAL_AGE_MS = 3600_000;
/** One segment's events at most: a tenth of a second of work. */
const SEGMENT_EVENTS = 20_000;
/** A SQLite value may have 2 MB. */
const BODY_BYTES = 1_900_000;

/** Whether the log is due: over 50,000 events, or its oldest over an hour old. */
export function sealIsDue(sql: SqlStorage, now: number): boolean {
  const size = sizeOfLog(sql);
  return size.events >= SEAL_EVENTS || (size.rows > 0 && size.oldest < now - SEAL_AGE_MS);
}

interface SealedRun {
  importId: string;
  rows: LogRow[];
}

/** Rows up to a sequence number as runs of one import and at most a segment's size. */
function runsOf(rows: LogRow[]): SealedRun[] {
  const runs: SealedRun[] = [];
  for (const [importId, own] of Map.groupBy(rows, (row) => row.importId)) {
    let run: LogRow[] = [];
    let events = 0;
    for (const row of own) {
      if (events > 0 && events + row.count > SEGMENT_EVENTS) {
        runs.push({ importId, rows: run });
        run = [];
        events = 0;
      }
      run.push(row);
      events += row.count;
    }
    runs.push({ importId, rows: run });
  }
  return runs;
}

/**
 * Seals the rows up to `through`, which D1 must already have. `remember` writes what memory needs of all of them, within
 * the first transaction; `sealed` is called right after each, before anything else may read.
 */
export async function sealLog(
  storage: DurableObjectStorage,
  through: number,
  ports: { remember: () => void; sealed: () => void; pause: () => Promise<void> },
): Promise<number> {
  const sql = storage.sql;
  let sealed = 0;
  for (const run of runsOf(readLog(sql, 0).filter((row) => row.seq <= through))) {
    for (const { rows, body } of encodeRun(run.rows)) {
      storage.transactionSync(() => {
        insertSegment(sql, { importId: run.importId, rows }, body);
        if (run.importId === "") addToStrip(sql, rows);
        for (const row of rows) sql.exec("delete from log where seq = ?", row.seq);
        if (sealed === 0) ports.remember();
      });
      ports.sealed();
      sealed += rows.reduce((sum, row) => sum + row.count, 0);
      await ports.pause();
    }
  }
  return sealed;
}

/** The rows as one body, or in halves where it would not fit a SQLite value. */
function encodeRun(rows: LogRow[]): { rows: LogRow[]; body: Uint8Array }[] {
  const body = encodeBatch(sortedByVisitor(batchOf(rows.flatMap((row) => parseBody(row.body)))));
  if (body.length <= BODY_BYTES || rows.length === 1) return [{ rows, body }];
  const half = rows.length >> 1;
  return [...encodeRun(rows.slice(0, half)), ...encodeRun(rows.slice(half))];
}

function insertSegment(sql: SqlStorage, run: SealedRun, body: Uint8Array): void {
  sql.exec(
    "insert into segments (import_id, at_min, at_max, received_at, count, body) values (?, ?, ?, ?, ?, ?)",
    run.importId,
    Math.min(...run.rows.map((row) => row.atMin)),
    Math.max(...run.rows.map((row) => row.atMax)),
    Math.max(...run.rows.map((row) => row.receivedAt)),
    run.rows.reduce((sum, row) => sum + row.count, 0),
    body,
  );
}

const NAME_FIELD = 1;
const AT_FIELD = 2;

/** The stored strip holds what left the log; the object adds the log's own when it wakes. */
function addToStrip(sql: SqlStorage, rows: LogRow[]): void {
  const strip = createStrip();
  for (const row of rows) {
    for (const packed of parseBody(row.body))
      strip.add({ name: String(packed[NAME_FIELD]), at: Number(packed[AT_FIELD]) });
  }
  for (const { start, pageviews, events } of strip.minutes()) {
    sql.exec(
      `insert into strip values (?, ?, ?) on conflict do update
       set pageviews = pageviews + excluded.pageviews, events = events + excluded.events`,
      start,
      pageviews,
      events,
    );
  }
}
