// What the object keeps in memory, rebuilt from its storage on waking: ids seen, import lines, live counters, strip.
import { unpackEvent } from "../../workers/domain/event.ts";
import type { LiveMinute } from "../../workers/domain/live.ts";
import { type Batch, textAt } from "../../workers/engine/columns.ts";
import { createEndedImports, type EndedImports } from "./ended-imports.ts";
import { createImportLines, type ImportLines } from "./import-lines.ts";
import { recallInherited, withInherited } from "./inherited-ids.ts";
import { createLiveCounters, type LiveCounters } from "./live-counters.ts";
import { parseBody, readLog } from "./log.ts";
import { createSeenIds, hourOf, KEPT_HOURS, type SeenIds } from "./seen-ids.ts";
import type { SegmentStore } from "./segment-store.ts";
import { recallLines, recallSeen, recallSessions, storeLines, storeSeen, storeSessions } from "./stored-memory.ts";
import { createStrip, STRIP_MS, type Strip } from "./strip.ts";
import { REMEMBERED_MS } from "./windows.ts";

const HOUR_MS = 3600_000;
const AHEAD_MS = 5 * 60_000;

export interface ShardMemory {
  seen: SeenIds;
  /** The shard's own ids and those that it inherited, each by itself. */
  idSources: SeenIds[];
  lines: ImportLines;
  ended: EndedImports;
  live: LiveCounters;
  strip: Strip;
}

type Cell = Record<string, SqlStorageValue>;

/** `owns`: visitors that this shard counts; the others' events lie here too while they move. */
export function recallMemory(
  sql: SqlStorage,
  store: SegmentStore,
  { now, owns = () => true }: { now: number; owns?: (visitorId: string) => boolean },
): ShardMemory {
  const sealed = store.all().filter(({ importId }) => importId === "");
  // A clock that runs ahead may have sent an event five minutes before it happened.
  const since = now - REMEMBERED_MS - AHEAD_MS;
  const recent = sealed.filter(({ receivedAt }) => receivedAt > since).map(({ id }) => store.batch(id));
  const replayed = recent.reduce((sum, batch) => sum + arrivedSince(batch, since).length, 0);
  const counted = sealed.reduce((sum, { count }) => sum + count, 0) - replayed;
  const own = createSeenIds();
  const oldest = hourOf(now) - KEPT_HOURS * HOUR_MS;
  const inherited = recallInherited(sql, oldest);
  const memory: ShardMemory = {
    seen: withInherited(own, inherited),
    idSources: [own, ...inherited],
    lines: createImportLines(),
    ended: createEndedImports(sql),
    live: createLiveCounters(counted),
    strip: createStrip(
      sql
        .exec<LiveMinute & Cell>("select start, pageviews, events from strip where start >= ?", now - STRIP_MS)
        .toArray(),
    ),
  };
  recallSeen(sql, own, oldest);
  recallLines(sql, memory.lines);
  recallSessions(sql, memory.live);
  for (const batch of recent) replaySegment(batch, since, { live: memory.live, owns });
  replayLog(sql, memory, owns);
  memory.live.expire(now);
  memory.strip.expire(now);
  return memory;
}

/** Rows received since then, in order of arrival, which the counters go by: segments lie in another. */
function arrivedSince({ receivedAt }: Batch, since: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < receivedAt.length; row++) if (receivedAt[row]! > since) rows.push(row);
  return rows.sort((a, b) => receivedAt[a]! - receivedAt[b]! || a - b);
}

function replaySegment(
  batch: Batch,
  since: number,
  { live, owns }: { live: LiveCounters; owns: (visitorId: string) => boolean },
): void {
  for (const row of arrivedSince(batch, since)) {
    const text = (name: Parameters<typeof textAt>[1]) => textAt(batch, name, row);
    if (!owns(text("visitorId"))) {
      live.pass();
      continue;
    }
    live.apply(
      {
        name: text("name"),
        at: batch.at[row]!,
        visitorId: text("visitorId"),
        path: text("path"),
        source: text("source"),
        country: text("country"),
        device: text("device"),
        browser: text("browser"),
      },
      batch.receivedAt[row]!,
    );
  }
}

function replayLog(sql: SqlStorage, memory: ShardMemory, owns: (visitorId: string) => boolean): void {
  for (const row of readLog(sql, 0)) {
    if (row.importId !== "" && memory.ended.isFinished(row.importId)) continue;
    for (const packed of parseBody(row.body)) {
      const event = unpackEvent(packed);
      if (row.importId !== "") {
        memory.lines.add(event.id);
        continue;
      }
      if (event.id !== "") memory.seen.add(event.id, event.receivedAt);
      if (!owns(event.visitorId)) {
        memory.live.pass();
        continue;
      }
      memory.live.apply(event, event.receivedAt);
      memory.strip.add(event);
    }
  }
}

/** Writes what sealed rows will no longer tell. Called inside the sealing transaction. */
export function storeMemory(sql: SqlStorage, memory: ShardMemory, now: number): number[] {
  const hours = Array.from({ length: KEPT_HOURS + 1 }, (_, i) => hourOf(now) - i * HOUR_MS);
  const changed = hours.filter((hour) => memory.seen.changed(hour));
  storeSeen(sql, memory.seen, changed);
  storeLines(sql, memory.lines);
  storeSessions(sql, memory.live, now);
  return changed;
}

/** Forgets what is over 48 hours old, in memory and on disk. */
export function expireMemory(sql: SqlStorage, memory: ShardMemory, now: number): void {
  for (const hour of memory.seen.expire(now)) sql.exec("delete from seen where hour = ?", hour);
  sql.exec("delete from inherited_ids where hour < ?", hourOf(now) - KEPT_HOURS * HOUR_MS);
  memory.strip.expire(now);
  sql.exec("delete from strip where start < ?", now - STRIP_MS);
  memory.live.expire(now);
  memory.ended.expire(now);
}
