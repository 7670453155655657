// Shards are rewritten by moving them: the objects of the next epoch, as many as before, take everything over but the
// erased persons, and the old objects are emptied, so that no page of a file keeps what was deleted.
import type { ShardIdentity } from "../../durable-objects/site-shard/protocol.ts";
import type { Site } from "../domain/site.ts";
import type { Identity, Subject, WantedIdentities } from "../domain/subject.ts";
import { nobodyArchives } from "./archive/archive-turn.ts";
import { archivedIdentities } from "./archive/archived-identities.ts";
import { inEachEpoch } from "./epoch-objects.ts";
import { changeErasure, type Erasure, subjectOf } from "./erasures.ts";
import { driveMove, emptyBefore, epochOfRollups, epochsOf } from "./moves.ts";
import { liveSite, type ObjectNamespaces, siteShard } from "./objects.ts";
import { forgetSite } from "./sites.ts";

type EpochEnv = ObjectNamespaces & { DB: D1Database; LAKE?: R2Bucket };

/** How many shards the site had in an epoch that is over, or has in this one. */
async function shardsIn(db: D1Database, site: Site, epoch: number): Promise<number> {
  if (epoch === site.epoch) return site.shards;
  const next = (await epochsOf(db, site.id)).find((one) => one.epoch === epoch + 1);
  if (!next) throw new Error(`the site ${site.id} has no epoch ${epoch + 1}`);
  return next.oldShards;
}

/** Triples of ids with one of those wanted, of all objects of the site and its archive. */
export async function askIdentities(
  env: EpochEnv,
  site: Site,
  wanted: WantedIdentities,
  beat?: () => Promise<void>,
): Promise<Identity[]> {
  const held = await inEachEpoch(env, site, async (shard) => shard.identities(wanted));
  return [...held.flat(), ...(await archivedIdentities(env, site, wanted, beat))];
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

/** Begins the next epoch, once it may, with as many shards, which go on with the roll-ups of this one. */
export async function beginErasureEpoch(env: EpochEnv, site: Site, now: number): Promise<void> {
  const { id, epoch, shards } = site;
  const epochs = await epochsOf(env.DB, id);
  const rolled = epochOfRollups(site, epochs);
  const rollEpoch = epochs.find((one) => one.epoch === epoch)?.rollEpoch ?? epoch;
  // What the archive holds of all who are left out must be gone first: the next shards may read it back.
  const isReady = `next_shards is null and ${nobodyArchives("?1", "?3")} and not exists (
    select 1 from erasures where site_id = ?1 and known_to = ?2 and state = 'found' and kind = 'erasure'
    and not exists (select 1 from json_each(removed) line where line.value->>'store' = 'archive'))`;
  const [, begun] = await env.DB.batch([
    env.DB.prepare(
      `insert or ignore into epochs (site_id, epoch, shards, old_shards, began_at, roll_epoch, rolled_at)
       select id, epoch + 1, shards, shards, ?3, ?4, ?5 from sites
       where id = ?1 and epoch = ?2 and ${isReady}`,
    ).bind(id, epoch, now, rollEpoch, rolled === null ? null : now),
    env.DB.prepare(`update sites set next_shards = shards where id = ?1 and epoch = ?2 and ${isReady}`).bind(
      id,
      epoch,
      now,
    ),
  ]);
  if ((begun?.meta.changes ?? 0) === 0) return;
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

/** Whether the shards of now leave the person out of what they give, and of the archive; tells them if they do not yet. */
export async function tellShards(env: EpochEnv, site: Site, request: Erasure): Promise<boolean> {
  const { knownTo } = request;
  if (site.nextShards !== null) return false;
  if (knownTo === site.epoch) return true;
  if (knownTo !== null) {
    // Visitors moved meanwhile, without the person: what was left out is counted, and the shards of now are told.
    const held = request.held ?? (await heldInEpoch(env, site, { epoch: knownTo, subject: subjectOf(request) }));
    await changeErasure(env.DB, request, { held, knownTo: null });
  }
  if (!(await leaveOutOfShards(env, site, subjectOf(request)))) return false;
  await changeErasure(env.DB, request, { knownTo: site.epoch });
  return true;
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
