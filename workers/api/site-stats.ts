import type { ShardStats } from "../../durable-objects/site-shard/protocol.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { siteShard } from "../store/objects.ts";
import { shardsOf } from "../store/shard-routes.ts";

/** What each shard that holds something of the site says of itself. */
export function shardStats(env: Env, site: Site): Promise<ShardStats[]> {
  return Promise.all(shardsOf(site).map(({ epoch, shard }) => siteShard(env, { ...site, epoch }, shard).stats()));
}
