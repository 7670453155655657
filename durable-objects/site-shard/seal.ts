// Sealing: log rows become a column segment. The segment is built first, then one transaction writes it and removes the
// rows, so that at each instant an event is in the log or in exactly one segment.
import type { PackedEvent } from "../../workers/domain/event.ts";
import { batchBuilder } from "../../workers/engine/batch.ts";
import { sortedByVisitor } from "../../workers/engine/batch-rows.ts";
import { type Block, encodeBlock } from "../../workers/engine/codec.ts";
import type { SortedBatch } from "../../workers/engine/columns.ts";
import { type Pace, paceOf } from "../../workers/engine/pace.ts";
import { type LogRow, noteLastSeq, parseBody, readLog, sizeOfLog } from "./log.ts";
import type { SegmentStore } from "./segment-store.ts";
import { createStrip } from "./strip.ts";

const SEAL_EVENTS = 50_000;
const SEAL_AGE_MS = 3600_000;
/** Read at a time. */
const EVENTS_A_PASS = 100_000;
/** One segment's events at most. */
export const SEGMENT_EVENTS = 25_000;
/** A SQLite value may have 2 MB. */
export const HEAD_BYTES = 1_900_000;
/** Parsing an event and adding it to columns, in units of `Pace`. */
const EVENT_WEIGHT = 300;

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

export interface SealPorts {
  store: SegmentStore;
  /** Writes what memory needs of all rows, within the first transaction. */
  remember: () => void;
  /** Called right after each transaction, before anything else may read. */
  sealed: () => void;
  pause: () => Promise<void>;
}

/** Seals rows up to `through`, about 100,000 events at a time; returns how many, 0 when none are left. */
export async function sealLog(storage: DurableObjectStorage, through: number, ports: SealPorts): Promise<number> {
  const { sql } = storage;
  const { store, remember } = ports;
  const pace = paceOf(ports.pause);
  let sealed = 0;
  for (const run of runsOf(readLog(sql, 0, EVENTS_A_PASS).filter((row) => row.seq <= through))) {
    for (const { rows, batch, block } of await encodeRun(run.rows, pace)) {
      storage.transactionSync(() => {
        insertSegment(store, { importId: run.importId, batch, block });
        const events = run.importId === "" ? rows.flatMap((row) => parseBody(row.body)) : [];
        addToStrip(sql, events);
        noteLastSeq(sql);
        for (const row of rows) sql.exec("delete from log where seq = ?", row.seq);
        if (sealed === 0) remember();
      });
      ports.sealed();
      sealed += batch.length;
      await ports.pause();
    }
  }
  return sealed;
}

async function batchOfRows(rows: readonly LogRow[], pace: Pace): Promise<SortedBatch> {
  const builder = batchBuilder();
  for (const row of rows) {
    const events: PackedEvent[] = parseBody(row.body);
    for (const event of events) builder.add(event);
    const rest = pace.spend(events.length * EVENT_WEIGHT);
    if (rest) await rest;
  }
  return sortedByVisitor(builder.build());
}

interface EncodedRun {
  rows: LogRow[];
  batch: SortedBatch;
  block: Block;
}

/** The rows as one block, or in halves where its head would not fit a SQLite value. */
async function encodeRun(rows: LogRow[], pace: Pace): Promise<EncodedRun[]> {
  const batch = await batchOfRows(rows, pace);
  const block = await encodeBlock(batch, pace);
  if (block.head.length <= HEAD_BYTES || rows.length === 1) return [{ rows, batch, block }];
  const half = rows.length >> 1;
  return [...(await encodeRun(rows.slice(0, half), pace)), ...(await encodeRun(rows.slice(half), pace))];
}

/** Inside a transaction; returns the segment's id. */
export function insertSegment(
  store: SegmentStore,
  { importId, batch, block }: Omit<EncodedRun, "rows"> & { importId: string },
): number {
  const { earliest: atMin, latest: atMax, newest: receivedAt, length: count } = batch;
  return store.insert({ importId, atMin, atMax, receivedAt, count, run: 0, live: true }, block);
}

/** Writes events straight into a segment, for history that comes in bulk. `store.refresh` is the caller's. */
export async function sealBatch(
  storage: DurableObjectStorage,
  { importId, batch }: { importId: string; batch: SortedBatch },
  { store, pause }: Pick<SealPorts, "store" | "pause">,
): Promise<void> {
  const block = await encodeBlock(batch, paceOf(pause));
  storage.transactionSync(() => void insertSegment(store, { importId, batch, block }));
}

const NAME_FIELD = 1;
const AT_FIELD = 2;

/** The stored strip holds what left the log; the object adds the log's own when it wakes. */
export function addToStrip(sql: SqlStorage, events: readonly PackedEvent[]): void {
  const strip = createStrip();
  for (const packed of events) strip.add({ name: packed[NAME_FIELD], at: packed[AT_FIELD] });
  for (const { start, pageviews, events: count } of strip.minutes()) {
    sql.exec(
      `insert into strip values (?, ?, ?) on conflict do update
       set pageviews = pageviews + excluded.pageviews, events = events + excluded.events`,
      start,
      pageviews,
      count,
    );
  }
}
