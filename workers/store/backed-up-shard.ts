// The shards' side of backups and restores, as the doors ask it.
import type { BackedUpSite, EventLines, IdWords, RestorePart, RestoreReply, ShardCut } from "../domain/backup.ts";
import { FIRST_EPOCH } from "../domain/shard.ts";
import type { Site } from "../domain/site.ts";
import { type ObjectNamespaces, siteShard } from "./objects.ts";

type AskEnv = Pick<ObjectNamespaces, "SITE_SHARD">;

interface Asked {
  shard: number;
  token: string;
  cursor: string;
}

/** Null while visitors move. */
export async function cutShard(env: AskEnv, site: Site, shard: number): Promise<ShardCut | null> {
  const reply = await siteShard(env, site, shard).backup({ want: "cut" });
  return typeof reply === "object" && "cut" in reply ? reply.cut : null;
}

/** Null when the cut is lost. */
export async function eventsOfCut(env: AskEnv, site: Site, { shard, ...cut }: Asked): Promise<EventLines | null> {
  const reply = await siteShard(env, site, shard).backup({ want: "events", ...cut });
  return typeof reply === "object" && "events" in reply ? reply.events : null;
}

/** Null when the cut is lost. */
export async function idsOfCut(env: AskEnv, site: Site, { shard, ...cut }: Asked): Promise<IdWords | null> {
  const reply = await siteShard(env, site, shard).backup({ want: "ids", ...cut });
  return typeof reply === "object" && "ids" in reply ? reply.ids : null;
}

/** Of a site that is not there yet; it begins with its first epoch. */
export async function restoreShard(
  env: AskEnv,
  site: BackedUpSite,
  { shard, part }: { shard: number; part: RestorePart },
): Promise<RestoreReply> {
  const { id: siteId, shards, timeZone, jurisdiction } = site;
  const of = { siteId, shard, shards, epoch: FIRST_EPOCH, timeZone, jurisdiction };
  return siteShard(env, { ...site, epoch: FIRST_EPOCH }, shard).restore(of, part);
}
