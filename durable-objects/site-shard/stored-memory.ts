// The part of the memory that sealed rows will no longer tell: ids seen, lines taken, open sessions. Written inside the
// sealing transaction, read on waking; long lists lie in several rows, since a SQLite value may have 2 MB.
import type { ImportLines } from "./import-lines.ts";
import type { Intervals } from "./intervals.ts";
import type { LiveCounters } from "./live-counters.ts";
import type { SeenIds } from "./seen-ids.ts";
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

export function storeSeen(sql: SqlStorage, seen: SeenIds, hours: Iterable<number>): void {
  for (const hour of hours) {
    const stored = seen.store(hour);
    if (!stored) continue;
    sql.exec("delete from seen where hour = ?", hour);
    const counted = partsOfRanges(Object.entries(stored.counted));
    for (let part = 0; ; part++) {
      const words = stored.words.slice(part * PART_WORDS, (part + 1) * PART_WORDS);
      const { value: ranges } = counted.next();
      if (words.length === 0 && !ranges) break;
      sql.exec("insert into seen values (?, ?, ?, ?)", hour, part, words.buffer, JSON.stringify(ranges ?? {}));
    }
  }
}

export function recallSeen(sql: SqlStorage, seen: SeenIds, since: number): void {
  const rows = sql.exec<{ hour: number; words: ArrayBuffer; counted: string }>(
    "select hour, words, counted from seen where hour >= ? order by hour, part",
    since,
  );
  for (const { hour, words, counted } of rows) {
    seen.restore({ hour, words: new Uint32Array(words), counted: JSON.parse(counted) as NamedRanges }); // as stored
  }
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
