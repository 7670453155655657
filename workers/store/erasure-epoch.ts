// Shards are rewritten by moving them: the objects of the next epoch, as many as before, take everything over but the
// erased persons, and the old objects are emptied, so that no page of a file keeps what was deleted.
import type { ShardIdentity } from "../../durable-objects/site-shard/protocol.ts";
import type { Site } from "../domain/site.ts";
import type { Identity, Subject, WantedIdentities } from "../domain/subject.ts";
import { inEachEpoch } from "./epoch-objects.ts";
import { driveMove, emptyBefore, epochOfRollups, epochsOf } from "./moves.ts";
import { liveSite, type ObjectNamespaces, siteShard } from "./objects.ts";
import { forgetSite } from "./sites.ts";

type EpochEnv = ObjectNamespaces & { DB: D1Database };

/** How many shards the site had in an epoch that is over, or has in this one. */
async function shardsIn(db: D1Database, site: Site, epoch: number): Promise<number> {
  if (epoch === site.epoch) return site.shards;
  const next = (await epochsOf(db, site.id)).find((one) => one.epoch === epoch + 1);
  if (!next) throw new Error(`the site ${site.id} has no epoch ${epoch + 1}`);
  return next.oldShards;
}

/** Every distinct triple of ids with one of those wanted, of all objects of the site. */
export async function askIdentities(env: EpochEnv, site: Site, wanted: WantedIdentities): Promise<Identity[]> {
  return (await inEachEpoch(env, site, async (shard) => shard.identities(wanted))).flat();
}

/** Tells all shards whom to leave out of what they give; false when visitors move already. */
export async function leaveOutOfShards(env: EpochEnv, site: Site, subject: Subject): Promise<boolean> {
  const { id: siteId, epoch, shards, timeZone, jurisdiction } = site;
  const told = await Promise.all(
    Array.from({ length: shards }, (_, shard) => {
      const of: ShardIdentity = { siteId, shard, shards, epoch, timeZone, jurisdiction };
      return siteShard(env, site, shard).leaveOut(of, subject);
    }),
  );
  return !told.includes(false);
}

/** Begins the next epoch with as many shards, which go on with the roll-ups of this one. */
export async function beginErasureEpoch(env: EpochEnv, site: Site, now: number): Promise<void> {
  const { id, epoch, shards } = site;
  const epochs = await epochsOf(env.DB, id);
  const rolled = epochOfRollups(site, epochs);
  const rollEpoch = epochs.find((one) => one.epoch === epoch)?.rollEpoch ?? epoch;
  await env.DB.batch([
    env.DB.prepare(
      `insert or ignore into epochs (site_id, epoch, shards, old_shards, began_at, roll_epoch, rolled_at)
       select id, epoch + 1, shards, shards, ?3, ?4, ?5 from sites
       where id = ?1 and epoch = ?2 and next_shards is null`,
    ).bind(id, epoch, now, rollEpoch, rolled === null ? null : now),
    env.DB.prepare("update sites set next_shards = shards where id = ?1 and epoch = ?2 and next_shards is null").bind(
      id,
      epoch,
    ),
  ]);
  forgetSite(id);
  await driveMove(env, { ...site, nextShards: shards });
  await liveSite(env, site).refresh();
}

/** What the objects of an epoch that is over held of the person, before they are emptied. */
export async function heldInEpoch(env: EpochEnv, site: Site, { epoch, subject }: { epoch: number; subject: Subject }) {
  const held: Record<string, number> = { events: 0, named: 0 };
  const shards = await shardsIn(env.DB, site, epoch);
  for (let shard = 0; shard < shards; shard++) {
    const own = await siteShard(env, { ...site, epoch }, shard).heldOf(site.id, subject);
    held.events! += own.events;
    held.named! += own.named;
  }
  return held;
}

/** Empties all objects that gave everything away; false when one of them is not ready for it. */
export async function emptyAllBefore(env: EpochEnv, site: Site, now: number): Promise<boolean> {
  for (const epoch of await epochsOf(env.DB, site.id)) {
    if (epoch.epoch > site.epoch || epoch.emptiedAt !== null) continue;
    if (!(await emptyBefore(env, site, { ...epoch, now }))) return false;
  }
  return true;
}

/** Answers that were read from roll-ups before another hand changed them are not given again. */
export async function noteRollUps(env: EpochEnv, site: Site): Promise<void> {
  for (let shard = 0; shard < site.shards; shard++) await siteShard(env, site, shard).rolledElsewhere();
}
