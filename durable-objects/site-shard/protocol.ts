// What other rooms may ask of a SiteShard, as Durable Object RPC. Types only.

import type { LiveCount, LiveEvent, LiveMinute } from "../../workers/domain/live.ts";
import type { ScanReply, ScanRequest } from "../../workers/engine/scan.ts";

/** One event on its way to the log. `packed` is a PackedEvent as JSON: it is stored as it stands, parsed once. */
export interface AppendItem {
  packed: string;
  /** The visitor id of the day before, in the half hour after local midnight: kept while that session is open. */
  previousVisitorId?: string;
}

export interface AppendBatch {
  siteId: string;
  shard: number;
  shards: number;
  /** Set for history: the rows can be undone as one, and ids are remembered until the import ends. */
  importId?: string;
  items: AppendItem[];
  /** Refusals of the same request, to be counted: reason → count. */
  drops?: Record<string, number>;
}

/** Per item, in order. `forward`: the old session is closed, send it to the new visitor's shard. */
export type AppendStatus = "accepted" | "duplicate" | "forward";

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

export interface ShardStats {
  events: number;
  logRows: number;
  segments: number;
  /** Log rows not yet in D1. */
  unflushed: number;
  bytes: number;
}

export interface SiteShardRpc {
  append(batch: AppendBatch): Promise<AppendStatus[]>;
  /** Which of these event ids were seen in the last 48 h; asked of the other shards for a flagged retry. */
  seen(ids: string[]): Promise<boolean[]>;
  scan(siteId: string, requests: ScanRequest[]): Promise<ScanReply>;
  undoImport(siteId: string, importId: string): Promise<{ removed: number }>;
  stats(): Promise<ShardStats>;
}
