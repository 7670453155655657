// What the object keeps in memory, rebuilt from its storage on waking: ids seen, import lines, live counters, strip.
import { unpackEvent } from "../../workers/domain/event.ts";
import type { LiveMinute } from "../../workers/domain/live.ts";
import { createImportLines, type ImportLines } from "./import-lines.ts";
import { type Intervals, unite } from "./intervals.ts";
import { createLiveCounters, type LiveCounters } from "./live-counters.ts";
import { parseBody, readLog } from "./log.ts";
import { createSeenIds, hourOf, KEPT_HOURS, type SeenIds } from "./seen-ids.ts";
import { createStrip, STRIP_MS, type Strip } from "./strip.ts";

/** Words of one stored part: half a megabyte, 64,000 ids. */
const PART_WORDS = 131_072;
const HOUR_MS = 3600_000;

export interface ShardMemory {
  seen: SeenIds;
  lines: ImportLines;
  live: LiveCounters;
  strip: Strip;
}

type Cell = Record<string, SqlStorageValue>;

export function recallMemory(sql: SqlStorage, now: number): ShardMemory {
  const memory: ShardMemory = {
    seen: createSeenIds(),
    lines: createImportLines(),
    live: createLiveCounters(),
    strip: createStrip(
      sql
        .exec<LiveMinute & Cell>("select start, pageviews, events from strip where start >= ?", now - STRIP_MS)
        .toArray(),
    ),
  };
  recallSeen(sql, memory.seen, now);
  for (const row of sql.exec<{ import_id: string; ranges: string }>("select import_id, ranges from import_lines")) {
    memory.lines.restore(row.import_id, JSON.parse(row.ranges) as Intervals); // written by storeMemory
  }
  replayLog(sql, memory, now);
  return memory;
}

function recallSeen(sql: SqlStorage, seen: SeenIds, now: number): void {
  const since = hourOf(now) - KEPT_HOURS * HOUR_MS;
  const rows = sql.exec<{ hour: number; words: ArrayBuffer; counted: string }>(
    "select hour, words, counted from seen where hour >= ?",
    since,
  );
  for (const { hour, words, counted } of rows) {
    seen.restore({ hour, words: new Uint32Array(words), counted: JSON.parse(counted) as Record<string, Intervals> }); // as stored
  }
}

function replayLog(sql: SqlStorage, memory: ShardMemory, now: number): void {
  for (const row of readLog(sql, 0)) {
    for (const packed of parseBody(row.body)) {
      const event = unpackEvent(packed);
      if (row.importId !== "") {
        memory.lines.add(event.id);
        continue;
      }
      if (event.id !== "") memory.seen.add(event.id, event.receivedAt);
      memory.live.apply(event, now);
      memory.strip.add(event);
    }
  }
}

/** Writes the ids that sealed rows will no longer tell. Called inside the sealing transaction. */
export function storeMemory(sql: SqlStorage, memory: ShardMemory, hours: Iterable<number>): void {
  for (const hour of hours) {
    const stored = memory.seen.store(hour);
    if (!stored) continue;
    sql.exec("delete from seen where hour = ?", hour);
    for (let part = 0; part === 0 || part * PART_WORDS < stored.words.length; part++) {
      const words = stored.words.slice(part * PART_WORDS, (part + 1) * PART_WORDS);
      const counted = part === 0 ? JSON.stringify(stored.counted) : "{}";
      sql.exec("insert into seen values (?, ?, ?, ?)", hour, part, words.buffer, counted);
    }
  }
  for (const importId of memory.lines.importIds()) {
    const held = sql
      .exec<{ ranges: string }>("select ranges from import_lines where import_id = ?", importId)
      .toArray()[0];
    const ranges = held ? (JSON.parse(held.ranges) as Intervals) : []; // written below
    unite(ranges, memory.lines.ranges(importId));
    sql.exec("insert or replace into import_lines values (?, ?)", importId, JSON.stringify(ranges));
  }
}

/** Forgets what is over 48 hours old, in memory and on disk. */
export function expireMemory(sql: SqlStorage, memory: ShardMemory, now: number): void {
  for (const hour of memory.seen.expire(now)) sql.exec("delete from seen where hour = ?", hour);
  memory.strip.expire(now);
  sql.exec("delete from strip where start < ?", now - STRIP_MS);
  memory.live.expire(now);
}
