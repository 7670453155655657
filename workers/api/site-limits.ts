// What this isolate remembers of sites over their limit, so that a flood is refused here and costs no call: the shard that
// counts has said for how long. Bounded; forgotten, the shard says it again.
import type { Site } from "../domain/site.ts";
import { shardsOf } from "../store/shard-routes.ts";

/** Shards that are remembered, and at most how long: a limit may be raised meanwhile. */
const REMEMBERED = 5_000;
const LONGEST_MS = 5_000;

const closed = new Map<string, number>();
const refused = new Map<string, number>();

interface Shard {
  siteId: string;
  epoch: number;
  shard: number;
}

const keyOf = ({ siteId, epoch, shard }: Shard): string => `${siteId}/${epoch}/${shard}`;

export function closeShard(shard: Shard, limitedFor: number, now: number): void {
  if (closed.size >= REMEMBERED) closed.clear();
  closed.set(keyOf(shard), now + Math.min(limitedFor, LONGEST_MS));
}

/** Milliseconds for which the shard takes nothing; 0 when it may. */
export function closedFor(shard: Shard, now: number): number {
  const until = closed.get(keyOf(shard));
  return until === undefined ? 0 : Math.max(0, until - now);
}

/** Milliseconds for which no shard of the site takes anything. */
export function siteClosedFor(site: Site, now: number): number {
  if (closed.size === 0) return 0;
  let least = Number.POSITIVE_INFINITY;
  for (const { epoch, shard } of shardsOf(site)) {
    least = Math.min(least, closedFor({ siteId: site.id, epoch, shard }, now));
    if (least === 0) break;
  }
  return least;
}

/** Counts events that were refused here; the next request that goes through tells the shard. */
export function countRefused(siteId: string, events: number): void {
  if (refused.size >= REMEMBERED) refused.clear();
  refused.set(siteId, (refused.get(siteId) ?? 0) + events);
}

export function takeRefused(siteId: string): number {
  const count = refused.get(siteId) ?? 0;
  if (count > 0) refused.delete(siteId);
  return count;
}
