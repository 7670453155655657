// What the platform would bill, counted where it happens: calls of objects and the time they keep them awake, rows that
// SQL statements of Durable Objects and of D1 read and wrote. Of one isolate, which is all there is on one machine.

import type { Counters } from "../billed.ts";

const counters: Counters = {
  workerRequests: 0,
  objectRequests: 0,
  objectMs: 0,
  objectRowsRead: 0,
  objectRowsWritten: 0,
  d1RowsRead: 0,
  d1RowsWritten: 0,
};

export const readCounters = (): Counters => ({ ...counters });

export function countRequest(): void {
  counters.workerRequests++;
}

/** Counts the calls of one object, and how long it is busy with any. */
export function callCounter(): <Result>(call: () => Promise<Result>) => Promise<Result> {
  let underWay = 0;
  let since = 0;
  return async (call) => {
    counters.objectRequests++;
    if (underWay++ === 0) since = performance.now();
    try {
      return await call();
    } finally {
      if (--underWay === 0) counters.objectMs += performance.now() - since;
    }
  };
}

const asked = { minutes: 0, scans: 0, scanned: 0 };

export const readAsked = (): typeof asked => ({ ...asked });

export function countAsked(of: Partial<typeof asked>): void {
  for (const name of ["minutes", "scans", "scanned"] as const) asked[name] += of[name] ?? 0;
}

let read: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];

/** Cursors count while they are read, which all are by the end of the turn; no other object may look at them. */
function settleCursors(): void {
  for (const { rowsRead, rowsWritten } of read) {
    counters.objectRowsRead += rowsRead;
    counters.objectRowsWritten += rowsWritten;
  }
  read = [];
}

let isCounting = true;

/** What `look` reads before it first waits is the benchmark's own and not counted. */
export function uncounted<Result>(look: () => Result): Result {
  isCounting = false;
  try {
    return look();
  } finally {
    isCounting = true;
  }
}

let sqlIsCounted = false;

/** Counts the statements of every object from the first one on. */
export function countSql(storage: DurableObjectStorage): void {
  if (sqlIsCounted) return;
  sqlIsCounted = true;
  const sql = Object.getPrototypeOf(storage.sql) as SqlStorage; // shared by the storages of all objects
  const { exec } = sql;
  sql.exec = function counted(this: SqlStorage, ...args: Parameters<SqlStorage["exec"]>) {
    const cursor = exec.apply(this, args);
    if (!isCounting) return cursor;
    if (read.length === 0) queueMicrotask(settleCursors);
    read.push(cursor);
    return cursor;
  } as SqlStorage["exec"]; // generic in the row, which the count does not touch
  const all = Object.getPrototypeOf(storage) as DurableObjectStorage; // likewise
  const { setAlarm } = all;
  all.setAlarm = function counted(this: DurableObjectStorage, ...args: Parameters<typeof setAlarm>) {
    counters.objectRowsWritten += 1;
    return setAlarm.apply(this, args);
  };
}

interface D1Session {
  _send(...args: unknown[]): Promise<unknown>;
  _queryOrThrow(...args: unknown[]): Promise<unknown>;
}

function countReply(reply: unknown): void {
  // What D1 itself reports of each statement.
  for (const one of [reply].flat() as { meta?: { rows_read?: number; rows_written?: number } }[]) {
    counters.d1RowsRead += one?.meta?.rows_read ?? 0;
    counters.d1RowsWritten += one?.meta?.rows_written ?? 0;
  }
}

let d1IsCounted = false;

/** Counts the statements of every D1 database. The binding is JavaScript, and all its replies come in by two methods. */
export function countD1(db: D1Database): void {
  if (d1IsCounted) return;
  d1IsCounted = true;
  const { alwaysPrimarySession } = db as unknown as { alwaysPrimarySession?: D1Session }; // inside the binding
  let own: object | null = alwaysPrimarySession ?? null;
  while (own && !Object.hasOwn(own, "_send")) own = Object.getPrototypeOf(own);
  if (!own) throw new Error("D1's binding is made in another way than it was: find where its replies come in");
  const session = own as D1Session; // it has the method
  for (const name of ["_send", "_queryOrThrow"] as const) {
    const method = session[name];
    session[name] = async function counted(this: D1Session, ...args: unknown[]) {
      const reply = await method.apply(this, args);
      countReply(reply);
      return reply;
    };
  }
}
