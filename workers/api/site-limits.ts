// What this isolate remembers of sites over their limit, so that a flood is refused here and costs no call: the shard that
// counts has said for how long. Bounded; forgotten, the shard says it again.

/** Sites that are remembered, and at most how long: a limit may be raised meanwhile. */
const REMEMBERED = 2_000;
const LONGEST_MS = 5_000;

export interface LimitedShard {
  siteId: string;
  epoch: number;
  shard: number;
  shards: number;
}

interface Closed {
  epoch: number;
  /** By shard: until when it takes nothing, milliseconds. */
  until: number[];
  /** Until when no shard takes anything. */
  all: number;
}

const closed = new Map<string, Closed>();
const refused = new Map<string, number>();

export function closeShard({ siteId, epoch, shard, shards }: LimitedShard, limitedFor: number, now: number): void {
  let site = closed.get(siteId);
  if (!site || site.epoch !== epoch) {
    if (closed.size >= REMEMBERED) closed.clear();
    site = { epoch, until: new Array<number>(shards).fill(0), all: 0 };
    closed.set(siteId, site);
  }
  site.until[shard] = now + Math.min(limitedFor, LONGEST_MS);
  site.all = Math.min(...site.until);
}

/** Milliseconds for which the shard takes nothing; 0 when it may. */
export function closedFor({ siteId, epoch, shard }: LimitedShard, now: number): number {
  const site = closed.get(siteId);
  return site?.epoch === epoch ? Math.max(0, (site.until[shard] ?? 0) - now) : 0;
}

/** Whether no shard of the site takes anything now. */
export const isSiteClosed = (siteId: string, now: number): boolean => (closed.get(siteId)?.all ?? 0) > now;

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
