// Asks a shard of a site. While visitors move to another epoch, a shard leaves those out that it gave away and says so,
// and they are asked for where they went: so each visitor is counted once, by whoever held them when the first was asked.
import type { ShardReply, SiteShardRpc } from "../../durable-objects/site-shard/protocol.ts";
import { AppError } from "../domain/errors.ts";
import { overlapOf, rangeOf, type VisitorRange } from "../domain/shard.ts";
import type { Site } from "../domain/site.ts";
import { type ObjectNamespaces, siteShard } from "./objects.ts";
import { countUse } from "./system/gather.ts";
import { timed } from "./system/timed.ts";

type ScanEnv = Pick<ObjectNamespaces, "SITE_SHARD"> & { DB: D1Database };
type Requests = Parameters<SiteShardRpc["scan"]>[0];
type Watch = Parameters<SiteShardRpc["scan"]>[2];
type Asked = Pick<Site, "id" | "jurisdiction" | "epoch" | "nextShards">;

async function nextShardsOf(db: D1Database, { id, epoch, nextShards }: Asked): Promise<number> {
  if (nextShards !== null) return nextShards;
  // The row is from before the move.
  const row = await db
    .prepare("select shards from epochs where site_id = ?1 and epoch = ?2")
    .bind(id, epoch + 1)
    .first<{ shards: number }>();
  if (!row) throw new Error(`the site ${id} has no epoch ${epoch + 1}`);
  return row.shards;
}

function whole(reply: ShardReply): ShardReply {
  if (reply.cancelled) throw new AppError("unavailable", "the question was cancelled; ask again");
  if (reply.refused !== undefined) throw new AppError("unavailable", reply.refused);
  return reply;
}

function scanTimed(scan: () => Promise<ShardReply>): Promise<ShardReply> {
  countUse("objectRequests");
  return timed("scan shard", scan);
}

const shared = (ranges: readonly VisitorRange[], range: VisitorRange): VisitorRange[] =>
  ranges.flatMap((one) => overlapOf(one, range) ?? []);

/** The next epoch's replies for visitors that went there. */
async function scanGiven(
  env: ScanEnv,
  site: Asked,
  { requests, given, watch }: { requests: Requests; given: readonly VisitorRange[]; watch: Watch },
): Promise<ShardReply[]> {
  if (given.length === 0) return [];
  const shards = await nextShardsOf(env.DB, site);
  const next = { ...site, epoch: site.epoch + 1, nextShards: null };
  const replies = Array.from({ length: shards }, async (_, shard): Promise<ShardReply[]> => {
    const within = shared(given, rangeOf(shard, shards));
    if (within.length === 0) return [];
    const asked: Pick<SiteShardRpc, "scan"> = siteShard(env, next, shard);
    const reply = whole(await scanTimed(() => asked.scan(requests, within, watch)));
    const gone = within.flatMap((range) => shared(reply.given, range));
    return [reply, ...(await scanGiven(env, next, { requests, given: gone, watch }))];
  });
  return (await Promise.all(replies)).flat();
}

/** The shard's reply and those for visitors that it gave away: together what all its visitors, or those of `within`, did. */
export async function scanShard(
  env: ScanEnv,
  site: Asked,
  { shard, requests, watch, within }: { shard: number; requests: Requests; watch?: Watch; within?: VisitorRange[] },
): Promise<ShardReply[]> {
  const asked: Pick<SiteShardRpc, "scan"> = siteShard(env, site, shard);
  const reply = whole(await scanTimed(() => asked.scan(requests, within, watch)));
  const given = within ? within.flatMap((range) => shared(reply.given, range)) : reply.given;
  return [reply, ...(await scanGiven(env, site, { requests, given, watch }))];
}
