// Where a visitor's events are sent. While a site moves to another epoch the old shard decides and is asked first, unless
// it has told this isolate before that the visitor's piece is given away.
import { shardOf } from "../domain/shard.ts";
import type { Site } from "../domain/site.ts";

export interface Route {
  epoch: number;
  shard: number;
  shards: number;
}

const SITES_REMEMBERED = 1_000;
/** Site and epoch → pieces that are given away, as old and new shard. */
const given = new Map<string, Set<string>>();

const keyOf = ({ id, epoch }: Site) => `${id}/${epoch}`;

function pieceOf(site: Site, visitorId: string): string {
  return `${shardOf(visitorId, site.shards)}>${shardOf(visitorId, site.nextShards ?? site.shards)}`;
}

export function routeOf(site: Site, visitorId: string): Route {
  const { epoch, shards, nextShards } = site;
  if (nextShards !== null && given.get(keyOf(site))?.has(pieceOf(site, visitorId))) {
    return { epoch: epoch + 1, shard: shardOf(visitorId, nextShards), shards: nextShards };
  }
  return { epoch, shard: shardOf(visitorId, shards), shards };
}

/** The old shard said that the visitor is the next epoch's. */
export function rememberGiven(site: Site, visitorId: string): void {
  if (site.nextShards === null) return;
  const key = keyOf(site);
  const pieces = given.get(key) ?? new Set();
  pieces.add(pieceOf(site, visitorId));
  if (given.size >= SITES_REMEMBERED) given.clear();
  given.set(key, pieces);
}

/** Every shard that may hold something of the site, those of the epoch that answers first. */
export function shardsOf({ epoch, shards, nextShards }: Site): Route[] {
  const all = (count: number, of: number) =>
    Array.from({ length: count }, (_, shard): Route => ({ epoch: of, shard, shards: count }));
  return [...all(shards, epoch), ...all(nextShards ?? 0, epoch + 1)];
}
