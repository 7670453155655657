// What other rooms may ask of a SiteShard, as Durable Object RPC. Types only.
import type { LiveCount, LiveEvent, LiveMinute } from "../../workers/domain/live.ts";
import type { Goal, Site, SiteId } from "../../workers/domain/site.ts";
import type { ScanReply, ScanRequest } from "../../workers/engine/scan.ts";

/** One event on its way to the log. `packed` is a PackedEvent as JSON: it is stored as it stands, parsed once. */
export interface AppendItem {
  packed: string;
  /** The visitor id of the day before, in the half hour after local midnight: kept while that session is open. */
  previousVisitorId?: string;
}

/** Who the object is; sent with each call, since an object cannot know its site before the first. */
export interface ShardIdentity {
  siteId: SiteId;
  shard: number;
  shards: number;
  timeZone: string;
  jurisdiction: Site["jurisdiction"];
}

export interface AppendBatch {
  of: ShardIdentity;
  /** Set for history: the rows can be undone as one, and lines are remembered until the import ends. */
  importId?: string;
  /** When that import was opened, which tells it from an undone one of the same id. */
  importBegan?: number;
  items: AppendItem[];
  /** Refusals of the same request, to be counted: reason → count. */
  drops?: Record<string, number>;
}

/**
 * Per item, in order. `forward`: the old session is closed, send it to the new visitor's shard. `ended`: the import was
 * finished or undone while the line was on its way; it was not taken.
 */
export type AppendStatus = "accepted" | "duplicate" | "forward" | "ended";

/** A shard's live counters; absolute, so that a lost or repeated message does no harm. */
export interface ShardLive {
  epoch: number;
  shard: number;
  sequence: number;
  visitors: number;
  minutes: LiveMinute[];
  pages: LiveCount[];
  sources: LiveCount[];
  countries: LiveCount[];
  goals: LiveCount[];
  events: LiveEvent[];
}

export interface Watch {
  of: ShardIdentity;
  goals: Goal[];
  /** The lease's end, milliseconds; the shard pushes until then and rests after. */
  until: number;
}

export interface ShardStats {
  events: number;
  logRows: number;
  segments: number;
  /** Events not yet copied to D1. */
  unflushed: number;
  bytes: number;
  /** What scans of the whole isolate hold, by our own count of buffers; `most` since last asked. */
  scanBytes: { now: number; most: number };
  firstEventAt: number | null;
  lastEventAt: number | null;
}

export interface SiteShardRpc {
  /** `busy`: too many wait for a commit; nothing was taken, send again. */
  append(batch: AppendBatch): Promise<AppendStatus[] | "busy">;
  /** Which of these event ids were seen in the last 48 h; asked of the other shards for a flagged retry. */
  seen(ids: string[]): Promise<boolean[]>;
  scan(requests: ScanRequest[]): Promise<ScanReply>;
  watch(watch: Watch): Promise<ShardLive>;
  /** Forgets which lines of the import were taken; it takes no more. `began`: when it was opened. */
  finishImport(importId: string, began: number): Promise<void>;
  undoImport(importId: string, began: number): Promise<{ removed: number }>;
  /** What the shard holds of an import: its events, and while it is open the highest line taken, -1 for none. */
  importProgress(importId: string): Promise<{ events: number; lastLine: number }>;
  /** Copies what is due to D1 now instead of at the next alarm. */
  flush(): Promise<void>;
  stats(): Promise<ShardStats>;
}
