// The durable log: a row a commit and import. Rows leave it only by being sealed into a segment in one transaction.
import type { PackedEvent } from "../../workers/domain/event.ts";
import { readFact, writeFact } from "./tables.ts";

/** A SQLite value may have 2 MB, and a UTF-16 unit takes up to three bytes of UTF-8. */
export const BODY_CHARS = 600_000;

export interface LogRow {
  seq: number;
  importId: string;
  atMin: number;
  atMax: number;
  receivedAt: number;
  count: number;
  body: string;
}

export interface LogEntry {
  importId: string;
  at: number;
  receivedAt: number;
  /** The packed event as JSON. */
  packed: string;
}

const COLUMNS = "seq, import_id as importId, at_min as atMin, at_max as atMax, received_at as receivedAt, count, body";

type Cell = Record<string, SqlStorageValue>;

export const parseBody = (body: string): PackedEvent[] => JSON.parse(`[${body}]`) as PackedEvent[]; // rows of this log

/** Appends entries in as few rows as their imports and sizes allow, all or none; one row is the common case. */
export function appendLog(storage: DurableObjectStorage, entries: LogEntry[]): void {
  const byImport = [...Map.groupBy(entries, (entry) => entry.importId).values()];
  const rows = byImport.flatMap((group) => [...partsOf(group)]);
  const insert = () => rows.forEach((row) => void insertRow(storage.sql, row));
  if (rows.length > 1) storage.transactionSync(insert);
  else insert();
}

function* partsOf(entries: LogEntry[]): Generator<LogEntry[]> {
  let part: LogEntry[] = [];
  let chars = 0;
  for (const entry of entries) {
    if (chars + entry.packed.length > BODY_CHARS && part.length > 0) {
      yield part;
      part = [];
      chars = 0;
    }
    part.push(entry);
    chars += entry.packed.length + 1;
  }
  if (part.length > 0) yield part;
}

/**
 * Numbers rise for ever, although rows leave: the outbox goes by them. A key of SQLite's own that does so would cost a second
 * row written at each insert.
 */
const NEXT_SEQ = `1 + max(
  (select coalesce(max(seq), 0) from log),
  (select coalesce(max(cast(value as integer)), 0) from facts where name = 'lastSeq'),
  (select coalesce(max(value->>'pending'), 0) from facts where name = 'outbox'))`;

/** Inside the transaction in which rows leave, before they do. */
export function noteLastSeq(sql: SqlStorage): void {
  const { seq } = sql.exec<{ seq: number | null }>("select max(seq) as seq from log").one();
  if (seq !== null && seq > (readFact<number>(sql, "lastSeq") ?? 0)) writeFact(sql, "lastSeq", seq);
}

function insertRow(sql: SqlStorage, entries: LogEntry[]): void {
  let atMin = Number.POSITIVE_INFINITY;
  let atMax = Number.NEGATIVE_INFINITY;
  let receivedAt = 0;
  for (const entry of entries) {
    atMin = Math.min(atMin, entry.at);
    atMax = Math.max(atMax, entry.at);
    receivedAt = Math.max(receivedAt, entry.receivedAt);
  }
  const body = entries.map((entry) => entry.packed).join(",");
  sql.exec(
    `insert into log (seq, import_id, at_min, at_max, received_at, count, body) values (${NEXT_SEQ}, ?, ?, ?, ?, ?, ?)`,
    entries[0]?.importId ?? "",
    atMin,
    atMax,
    receivedAt,
    entries.length,
    body,
  );
}

/** Rows after a sequence number, oldest first, until about `events` events. */
export function readLog(sql: SqlStorage, after: number, events = Number.POSITIVE_INFINITY): LogRow[] {
  const rows: LogRow[] = [];
  let read = 0;
  for (const row of sql.exec<LogRow & Cell>(`select ${COLUMNS} from log where seq > ? order by seq`, after)) {
    rows.push(row);
    read += row.count;
    if (read >= events) break;
  }
  return rows;
}

export interface LogSize {
  rows: number;
  events: number;
  /** Bytes of all bodies. */
  bytes: number;
  oldest: number;
}

export function sizeOfLog(sql: SqlStorage, after = 0): LogSize {
  return sql
    .exec<LogSize & Cell>(
      "select count(*) as rows, coalesce(sum(count), 0) as events, coalesce(sum(octet_length(body)), 0) as bytes, coalesce(min(received_at), 0) as oldest from log where seq > ?",
      after,
    )
    .one();
}

/** What entries will take of the log, or what it holds. */
export function fillOf(of: LogSize | readonly LogEntry[]): { events: number; chars: number } {
  if ("bytes" in of) return { events: of.events, chars: of.bytes };
  return { events: of.length, chars: of.reduce((sum, { packed }) => sum + packed.length, 0) };
}

/** Events of an import, sealed or not. */
export function countImport(sql: SqlStorage, importId: string): number {
  const counts = ["log where", "segments where live = 1 and"].map((where) =>
    sql.exec<{ n: number }>(`select coalesce(sum(count), 0) as n from ${where} import_id = ?`, importId).one(),
  );
  return counts.reduce((sum, { n }) => sum + n, 0);
}
