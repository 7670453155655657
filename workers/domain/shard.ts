/** Re-partitioning a site starts a new epoch; until then every shard lives in this one. */
export const FIRST_EPOCH = 1;

/** The shard that holds a visitor: decided by the id alone, so that all their events meet. */
export function shardOf(visitorId: string, shards: number): number {
  return shards === 1 ? 0 : Number.parseInt(visitorId.slice(0, 8), 16) % shards;
}

export const shardName = (siteId: string, shard: number): string => `${siteId}/${FIRST_EPOCH}/${shard}`;
