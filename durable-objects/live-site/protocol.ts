// What other rooms may ask of a LiveSite, as Durable Object RPC. Types only. Its WebSocket messages are in
// workers/domain/live.ts.
import type { LiveMinute } from "../../workers/domain/live.ts";
import type { Site } from "../../workers/domain/site.ts";
import type { ShardLive } from "../site-shard/protocol.ts";

export interface LiveSiteRpc {
  /** A shard's counters have changed. */
  publish(live: ShardLive): Promise<void>;
  /** The site's goals, shards or time zone have changed: watchers see it at once. */
  refresh(): Promise<void>;
  /** Counts of each minute that has events from then on, of all the site's shards; null while visitors move between them. */
  minutes(site: LiveSiteIdentity, since: number): Promise<LiveMinute[] | null>;
}

/** Sent as a header of the upgrade request: the object cannot know its site before the first. */
export type LiveSiteIdentity = Pick<Site, "id" | "shards" | "epoch" | "nextShards" | "timeZone" | "jurisdiction">;
