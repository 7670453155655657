// What the object keeps in memory, rebuilt from its storage on waking: ids seen, import lines, live counters, strip.
import { unpackEvent } from "../../workers/domain/event.ts";
import { type LiveMinute, STRIP_MS } from "../../workers/domain/live.ts";
import { type Batch, textAt } from "../../workers/engine/columns.ts";
import { createEndedImports, type EndedImports } from "./ended-imports.ts";
import { createHeldEvents } from "./held-events.ts";
import { createImportLines, type ImportLines } from "./import-lines.ts";
import { createLiveCounters, type LiveCounters } from "./live-counters.ts";
import { parseBody, readLog } from "./log.ts";
import { createSeenIds, KEPT_HOURS, type SeenIds } from "./seen-ids.ts";
import { createSeenRuns, type SeenRuns } from "./seen-runs.ts";
import type { SegmentStore } from "./segment-store.ts";
import {
  expireSeen,
  moveSeen,
  recallLines,
  recallSeen,
  recallSessions,
  storeLines,
  storeSeen,
  storeSessions,
} from "./stored-memory.ts";
import { createStrip, type Strip } from "./strip.ts";
import { REMEMBERED_MS } from "./windows.ts";

const HOUR_MS = 3600_000;
const AHEAD_MS = 5 * 60_000;

export interface ShardMemory {
  seen: SeenIds;
  runs: SeenRuns;
  lines: ImportLines;
  ended: EndedImports;
  live: LiveCounters;
  strip: Strip;
}

export interface RecallOptions {
  now: number;
  owns?: (visitorId: string) => boolean;
  /** The object's own, when it is awake: there is one, since it may be merging. */
  runs?: SeenRuns;
}

type Cell = Record<string, SqlStorageValue>;

/** `owns`: visitors that this shard counts; the others' events lie here too while they move. */
export function recallMemory(
  storage: DurableObjectStorage,
  store: SegmentStore,
  { now, owns = () => true, runs = createSeenRuns(storage) }: RecallOptions,
): ShardMemory {
  const { sql } = storage;
  const sealed = store.all().filter(({ importId }) => importId === "");
  // A clock that runs ahead may have sent an event five minutes before it happened.
  const since = now - REMEMBERED_MS - AHEAD_MS;
  const recent = sealed.filter(({ receivedAt }) => receivedAt > since).map(({ id }) => store.batch(id));
  const replayed = recent.reduce((sum, batch) => sum + arrivedSince(batch, since).length, 0);
  const counted = sealed.reduce((sum, { count }) => sum + count, 0) - replayed;
  runs.refresh();
  const memory: ShardMemory = {
    runs,
    seen: createSeenIds(runs),
    lines: createImportLines(),
    ended: createEndedImports(sql),
    live: createLiveCounters(counted),
    strip: createStrip(
      sql
        .exec<LiveMinute & Cell>("select start, pageviews, events from strip where start >= ?", now - STRIP_MS)
        .toArray(),
    ),
  };
  recallSeen(sql, memory.seen, now - KEPT_HOURS * HOUR_MS);
  for (const id of createHeldEvents(sql).ids(now)) memory.seen.add(id);
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
    live.replay(
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
      if (event.id !== "") memory.seen.add(event.id);
      if (!owns(event.visitorId)) {
        memory.live.pass();
        continue;
      }
      memory.live.apply(event, event.receivedAt);
      memory.strip.add(event);
    }
  }
}

/** Writes what sealed rows will no longer tell. Called inside the sealing transaction; `seen.settle` is the caller's. */
export function storeMemory(sql: SqlStorage, memory: ShardMemory, now: number): void {
  storeSeen(sql, memory.seen, now);
  storeLines(sql, memory.lines);
  storeSessions(sql, memory.live, now);
}

/** Forgets what is over 48 hours old, in memory and on disk; what takes much memory goes to disk. */
export function expireMemory(storage: DurableObjectStorage, memory: ShardMemory, now: number): void {
  const { sql } = storage;
  expireSeen(sql, memory.seen, now - KEPT_HOURS * HOUR_MS);
  moveSeen({ storage, ...memory }, now);
  memory.strip.expire(now);
  sql.exec("delete from strip where start < ?", now - STRIP_MS);
  memory.live.expire(now);
  memory.ended.expire(now);
}
