// The way to D1: what the log has and D1 has not yet, in packed rows. The range of the rows under way is written down
// first, so that a repeat after a crash writes the same keys and replaces instead of adding.

import { withPatience } from "../../workers/domain/with-patience.ts";
import { type RawRow, writeRawEvents } from "../../workers/store/raw-events.ts";
import { BODY_CHARS, type LogRow, readLog, sizeOfLog } from "./log.ts";
import type { LeftOut } from "./protocol.ts";
import { readFact, writeFact } from "./tables.ts";

const ROWS_A_CALL = 8;
/** A call to D1 that takes longer has failed: it is repeated, under the same keys. */
const PATIENCE_MS = 20_000;
const EVENTS_A_FLUSH = 10_000;

interface Position {
  /** Last log row that D1 has. */
  done: number;
  /** Last log row of the write under way; equal to `done` when there is none. */
  pending: number;
}

const START: Position = { done: 0, pending: 0 };

export const outboxPosition = (sql: SqlStorage): Position => readFact<Position>(sql, "outbox") ?? START;

/** Neighbouring log rows of one import, joined up to the size of a D1 row. Pure: the same log rows give the same result. */
export function packRows(rows: LogRow[]): RawRow[] {
  const groups: { row: RawRow; parts: string[]; chars: number }[] = [];
  for (const row of rows) {
    let open = groups.at(-1);
    if (!open || open.row.importId !== row.importId || open.chars + row.body.length > BODY_CHARS) {
      const { seq, importId, receivedAt } = row;
      open = { row: { seq, importId, receivedAt, count: 0, body: "" }, parts: [], chars: 0 };
      groups.push(open);
    }
    open.parts.push(row.body);
    open.chars += row.body.length;
    open.row.count += row.count;
    open.row.receivedAt = Math.max(open.row.receivedAt, row.receivedAt);
  }
  for (const { row, parts } of groups) row.body = `[${parts.join(",")}]`;
  return groups.map((group) => group.row);
}

export interface OutboxPorts {
  db: D1Database;
  from: { siteId: string; epoch: number; shard: number };
  /** Writes down what the log rows up to the new position tell no more once passed. */
  beforePassing: () => void;
}

/** Copies the next part of the log; true when more may be waiting. */
export async function flushOutbox(sql: SqlStorage, { db, from, beforePassing }: OutboxPorts): Promise<boolean> {
  const position = outboxPosition(sql);
  const resuming = position.pending > position.done;
  // The same range as before: the log only grows, so the same reading finds the same rows.
  const rows = readLog(sql, position.done, EVENTS_A_FLUSH).filter((row) => !resuming || row.seq <= position.pending);
  const last = rows.at(-1);
  if (!last) {
    if (resuming) writeFact(sql, "outbox", { done: position.pending, pending: position.pending });
    return false;
  }
  if (!resuming) writeFact(sql, "outbox", { done: position.done, pending: last.seq });
  const packed = packRows(rows);
  for (let i = 0; i < packed.length; i += ROWS_A_CALL) {
    await withPatience(writeRawEvents(db, from, packed.slice(i, i + ROWS_A_CALL)), PATIENCE_MS, "the copy to D1");
  }
  beforePassing();
  writeFact(sql, "outbox", { done: last.seq, pending: last.seq });
  return true;
}

export const leftOut = (sql: SqlStorage): LeftOut | null => readFact<LeftOut>(sql, "leftOut") ?? null;

/**
 * Passes over what D1 does not have, so that the log can be sealed without it. A write under way may still arrive, so D1
 * lacks at most what is counted. Returns the last log row passed over.
 */
export function leaveOut(sql: SqlStorage, now: number, beforePassing: () => void): number {
  const { done } = outboxPosition(sql);
  const { events } = sizeOfLog(sql, done);
  const last = sql.exec<{ seq: number | null }>("select max(seq) as seq from log").one().seq ?? done;
  const before = leftOut(sql) ?? { events: 0, since: now };
  beforePassing();
  writeFact(sql, "leftOut", { events: before.events + events, since: before.since, until: now });
  writeFact(sql, "outbox", { done: last, pending: last });
  return last;
}
