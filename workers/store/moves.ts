// Raising a site's shards: the next epoch begins here, its shards report here, and when all have, it is the site's.
// Each change is one statement or batch that may be repeated, whoever asks first.
import type { ShardIdentity } from "../../durable-objects/site-shard/protocol.ts";
import { FIRST_EPOCH, MAX_SHARDS } from "../domain/shard.ts";
import type { Site, SiteId } from "../domain/site.ts";
import { nobodyArchives } from "./archive/archive-turn.ts";
import { liveSite, type ObjectNamespaces, siteShard } from "./objects.ts";
import { findSite, forgetSite } from "./sites.ts";

type MoveEnv = ObjectNamespaces & { DB: D1Database; EDGEWISE_PLAN?: string };

/** A number of shards that the site has or had, after the first. Times in milliseconds. */
export interface Epoch {
  epoch: number;
  shards: number;
  oldShards: number;
  beganAt: number;
  steadyAt: number | null;
  rolledAt: number | null;
  /** The epoch whose roll-ups it goes on with; null when it makes its own. */
  rollEpoch: number | null;
  emptiedAt: number | null;
}

const EPOCH = `epoch, shards, old_shards as oldShards, began_at as beganAt, steady_at as steadyAt,
  rolled_at as rolledAt, roll_epoch as rollEpoch, emptied_at as emptiedAt`;

/** Begins the next epoch unless one is under way, that many shards are there or somebody is at the archive. False when nothing began. */
export async function beginEpoch(
  db: D1Database,
  site: Pick<Site, "id" | "epoch">,
  { shards, now }: { shards: number; now: number },
): Promise<boolean> {
  const [, begun] = await db.batch([
    db
      .prepare(
        `insert or ignore into epochs (site_id, epoch, shards, old_shards, began_at)
         select id, epoch + 1, ?3, shards, ?4 from sites
         where id = ?1 and epoch = ?2 and next_shards is null and shards < ?3 and ${nobodyArchives("?1", "?4")}`,
      )
      .bind(site.id, site.epoch, shards, now),
    db
      .prepare(
        `update sites set next_shards = ?3 where id = ?1 and epoch = ?2 and next_shards is null and shards < ?3
         and ${nobodyArchives("?1", "?4")}`,
      )
      .bind(site.id, site.epoch, shards, now),
  ]);
  return (begun?.meta.changes ?? 0) > 0;
}

/** Tells every shard of the next epoch what to take over; those that are at it go on. */
export async function driveMove(env: MoveEnv, site: Site): Promise<void> {
  const { id: siteId, epoch, shards: oldShards, nextShards, timeZone, jurisdiction } = site;
  if (nextShards === null) return;
  const next = { ...site, epoch: epoch + 1 };
  const { rollEpoch = null } = (await epochsOf(env.DB, siteId)).find((one) => one.epoch === next.epoch) ?? {};
  await Promise.all(
    Array.from({ length: nextShards }, (_, shard) => {
      const of = { siteId, shard, shards: nextShards, epoch: epoch + 1, timeZone, jurisdiction };
      return siteShard(env, next, shard).takeOver({ of, oldShards, rollEpoch });
    }),
  );
}

/** Raises the site's shards, in the background. False when a move is under way or there is nothing to raise. */
export async function raiseShards(env: MoveEnv, site: Site, wanted: { shards: number; now: number }): Promise<boolean> {
  if (!(await beginEpoch(env.DB, site, wanted))) return false;
  forgetSite(site.id);
  await driveMove(env, { ...site, nextShards: wanted.shards });
  await liveSite(env, site).refresh();
  return true;
}

/** A shard has more requests than it should: twice as many shards, if the site lets it. */
export async function raiseByLoad(env: MoveEnv, { siteId, epoch }: ShardIdentity, now: number): Promise<void> {
  if (env.EDGEWISE_PLAN === "free") return;
  const site = await findSite(env.DB, siteId);
  if (!site?.autoShards || site.epoch !== epoch || site.nextShards !== null || site.shards >= MAX_SHARDS) return;
  await raiseShards(env, site, { shards: Math.min(MAX_SHARDS, site.shards * 2), now });
}

/** The shard has taken all over; with the last one the site is the new epoch's. */
export async function recordTaken(env: MoveEnv, of: ShardIdentity, now: number): Promise<void> {
  const { siteId, epoch, shard, jurisdiction } = of;
  const all = "(select count(*) from epoch_shards where site_id = ?1 and epoch = ?2 and taken_at is not null)";
  const results = await env.DB.batch([
    env.DB.prepare(
      `insert into epoch_shards (site_id, epoch, shard, taken_at) values (?1, ?2, ?3, ?4)
       on conflict do update set taken_at = coalesce(taken_at, excluded.taken_at)`,
    ).bind(siteId, epoch, shard, now),
    env.DB.prepare(
      `update epochs set steady_at = ?3
       where site_id = ?1 and epoch = ?2 and steady_at is null and shards = ${all}`,
    ).bind(siteId, epoch, now),
    env.DB.prepare(
      `update sites set epoch = ?2, shards = next_shards, next_shards = null
       where id = ?1 and epoch = ?2 - 1 and next_shards = ${all}`,
    ).bind(siteId, epoch),
  ]);
  if ((results[2]?.meta.changes ?? 0) === 0) return;
  forgetSite(siteId);
  await liveSite(env, { id: siteId, jurisdiction }).refresh();
}

/** The shard has rolled up all that it took over; with the last one the epoch's roll-ups count. */
export async function recordRolled(db: D1Database, of: ShardIdentity, now: number): Promise<void> {
  const { siteId, epoch, shard } = of;
  await db.batch([
    db
      .prepare("update epoch_shards set rolled_at = ?4 where site_id = ?1 and epoch = ?2 and shard = ?3")
      .bind(siteId, epoch, shard, now),
    db
      .prepare(
        `update epochs set rolled_at = ?3 where site_id = ?1 and epoch = ?2 and rolled_at is null and shards =
         (select count(*) from epoch_shards where site_id = ?1 and epoch = ?2 and rolled_at is not null)`,
      )
      .bind(siteId, epoch, now),
  ]);
}

/** Epochs whose predecessor's objects still hold what was given away, though all of it has been here since `before`. */
export async function epochsToEmpty(db: D1Database, before: number): Promise<(Epoch & { siteId: SiteId })[]> {
  const { results } = await db
    .prepare(`select site_id as siteId, ${EPOCH} from epochs where steady_at < ?1 and emptied_at is null`)
    .bind(before)
    .all<Epoch & { siteId: SiteId }>();
  return results;
}

/** Empties the objects of the epoch before; false when some of them is not ready for it. */
export async function emptyBefore(env: MoveEnv, site: Site, { epoch, oldShards, now }: Epoch & { now: number }) {
  const old = { ...site, epoch: epoch - 1 };
  const left = await Promise.all(
    Array.from({ length: oldShards }, async (_, shard) => siteShard(env, old, shard).leave()),
  );
  if (left.includes(false)) return false;
  await env.DB.prepare("update epochs set emptied_at = ?3 where site_id = ?1 and epoch = ?2")
    .bind(site.id, epoch, now)
    .run();
  return true;
}

/** Ids of sites that move. */
export async function movingSites(db: D1Database): Promise<SiteId[]> {
  const { results } = await db.prepare("select id from sites where next_shards is not null").all<{ id: SiteId }>();
  return results.map(({ id }) => id);
}

/**
 * The epoch whose roll-ups say all of the site; null while history moves and until the new shards have rolled it up, when
 * only the shards can be asked.
 */
export function epochOfRollups(site: Pick<Site, "epoch" | "nextShards">, epochs: readonly Epoch[]): number | null {
  if (site.nextShards !== null) return null;
  if (site.epoch === FIRST_EPOCH) return FIRST_EPOCH;
  const own = epochs.find(({ epoch, rolledAt }) => epoch === site.epoch && rolledAt !== null);
  return own ? (own.rollEpoch ?? own.epoch) : null;
}

/** The site's epochs after the first, oldest first. */
export async function epochsOf(db: D1Database, siteId: SiteId): Promise<Epoch[]> {
  const { results } = await db
    .prepare(`select ${EPOCH} from epochs where site_id = ?1 order by epoch`)
    .bind(siteId)
    .all<Epoch>();
  return results;
}
