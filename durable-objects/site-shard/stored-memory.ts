// The part of the memory that sealed rows will no longer tell: ids seen, lines taken, open sessions. Written inside the
// sealing transaction, read on waking; long lists lie in several rows, since a SQLite value may have 2 MB.
import type { ImportLines } from "./import-lines.ts";
import type { Intervals } from "./intervals.ts";
import type { LiveCounters } from "./live-counters.ts";
import type { SeenIds } from "./seen-ids.ts";
import { RUN_IDS } from "./seen-run-choice.ts";
import type { SeenRuns } from "./seen-runs.ts";
import type { VisitorSession } from "./windows.ts";

/** Words of one stored part: half a megabyte, 64,000 ids. */
const PART_WORDS = 131_072;
/** Numbers of one stored part of intervals: a megabyte of JSON at most. */
const PART_NUMBERS = 50_000;
const PART_SESSIONS = 5_000;

type Cell = Record<string, SqlStorageValue>;
type NamedRanges = Record<string, Intervals>;

/** The same ranges in parts that each fit a row; a long list goes on in the next part. */
export function* partsOfRanges(
  named: Iterable<[string, Intervals]>,
  partNumbers = PART_NUMBERS,
): Generator<NamedRanges> {
  let part: NamedRanges = {};
  let room = partNumbers;
  for (const [name, ranges] of named) {
    for (let from = 0; from < ranges.length; ) {
      const taken = ranges.slice(from, from + Math.max(2, room - (room % 2)));
      part[name] = taken;
      from += taken.length;
      // A name weighs as much as a few numbers.
      room -= taken.length + 6;
      if (room > 0) continue;
      yield part;
      part = {};
      room = partNumbers;
    }
  }
  if (Object.keys(part).length > 0) yield part;
}

/** Adds what was taken since the last time. Inside a transaction, after which `seen.settle` must be called. */
export function storeSeen(sql: SqlStorage, seen: SeenIds, now: number): void {
  const words = seen.unstored();
  for (let from = 0; from < words.length; from += PART_WORDS) {
    const part = words.slice(from, from + PART_WORDS);
    sql.exec("insert into seen_recent (newest, words) values (?, ?)", now, part.buffer);
  }
}

export function recallSeen(sql: SqlStorage, seen: SeenIds, since: number): void {
  const rows = sql.exec<{ words: ArrayBuffer }>("select words from seen_recent where newest >= ?", since);
  for (const { words } of rows) seen.restore(new Uint32Array(words));
}

/** Forgets what is over its time, on disk and in memory. */
export function expireSeen(sql: SqlStorage, seen: SeenIds, since: number): void {
  const old = sql.exec("delete from seen_recent where newest < ? returning id", since).toArray();
  if (old.length === 0) return;
  seen.forgetStored();
  recallSeen(sql, seen, since);
}

export interface SeenPorts {
  storage: DurableObjectStorage;
  seen: SeenIds;
  runs: SeenRuns;
}

/** Moves the ids in memory to a run on disk, once there are many. */
export function moveSeen({ storage, seen, runs }: SeenPorts, now: number): void {
  if (seen.size < RUN_IDS) return;
  const { sql } = storage;
  storage.transactionSync(() => {
    const { oldest } = sql.exec<{ oldest: number | null }>("select min(newest) as oldest from seen_recent").one();
    runs.write(seen.words(), { oldest: oldest ?? now, newest: now });
    sql.exec("delete from seen_recent");
  });
  seen.settle();
  seen.forgetStored();
  runs.refresh();
}

/** Takes in ids that another shard had seen. */
export function keepSeen(ports: SeenPorts, words: Uint32Array, now: number): void {
  if (words.length === 0) return;
  ports.storage.sql.exec("insert into seen_recent (newest, words) values (?, ?)", now, words.slice().buffer);
  ports.seen.restore(words);
  moveSeen(ports, now);
}

export function storeLines(sql: SqlStorage, lines: ImportLines): void {
  for (const importId of lines.importIds()) {
    sql.exec("delete from taken_lines where import_id = ?", importId);
    let part = 0;
    for (const { ranges } of partsOfRanges([["ranges", lines.ranges(importId)]])) {
      sql.exec("insert into taken_lines values (?, ?, ?)", importId, part++, JSON.stringify(ranges));
    }
  }
}

export function recallLines(sql: SqlStorage, lines: ImportLines): void {
  const rows = sql.exec<{ id: string; ranges: string } & Cell>(
    "select import_id as id, ranges from taken_lines order by import_id, part",
  );
  for (const { id, ranges } of rows) {
    lines.restore(id, [...lines.ranges(id), ...(JSON.parse(ranges) as Intervals)]); // written by storeLines
  }
}

export function storeSessions(sql: SqlStorage, live: LiveCounters, now: number): void {
  sql.exec("delete from open_sessions");
  const all = live.openSessions(now);
  for (let from = 0; from < all.length; from += PART_SESSIONS) {
    const part = JSON.stringify(all.slice(from, from + PART_SESSIONS));
    sql.exec("insert into open_sessions (sessions) values (?)", part);
  }
}

export function recallSessions(sql: SqlStorage, live: LiveCounters): void {
  for (const { sessions } of sql.exec<{ sessions: string }>("select sessions from open_sessions")) {
    const part = JSON.parse(sessions) as VisitorSession[]; // written by storeSessions
    for (const [visitorId, session] of part) live.restoreSession(visitorId, session);
  }
}
