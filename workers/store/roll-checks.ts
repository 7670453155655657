// Which shard's roll-ups are looked at next, and what was found.
import type { RollCheck } from "../../durable-objects/site-shard/protocol.ts";
import { MAX_SHARDS } from "../domain/shard.ts";
import type { Site } from "../domain/site.ts";

export type CheckedShard = Pick<Site, "id" | "epoch" | "jurisdiction" | "timeZone" | "shards"> & {
  shard: number;
  through: number | null;
};

/** Those that were looked at longest ago, or never; none of sites that move. */
export async function shardsToCheck(db: D1Database, most: number): Promise<CheckedShard[]> {
  const { results } = await db
    .prepare(
      `with recursive numbers(shard) as (select 0 union all select shard + 1 from numbers where shard < ${MAX_SHARDS - 1})
       select s.id, s.epoch, s.jurisdiction, s.time_zone as timeZone, s.shards, n.shard, c.through from sites s join numbers n on n.shard < s.shards
       left join roll_checks c on c.site_id = s.id and c.epoch = s.epoch and c.shard = n.shard
       where s.next_shards is null order by coalesce(c.checked_at, 0), s.id, n.shard limit ?1`,
    )
    .bind(most)
    .all<CheckedShard>();
  return results;
}

/** Goes on from `of.through`; recorded twice it counts once. */
export async function recordCheck(
  db: D1Database,
  of: CheckedShard,
  { through, checked, differing, kept, now }: RollCheck & { now: number },
): Promise<void> {
  await db
    .prepare(
      `insert into roll_checks (site_id, epoch, shard, through, checked_at, checked, differing, kept, differed_at)
       values (?1, ?2, ?3, ?5, ?6, ?7, ?8, ?9, iif(?8 > 0, ?6, null))
       on conflict do update set through = excluded.through, checked_at = excluded.checked_at,
         checked = roll_checks.checked + excluded.checked, differing = roll_checks.differing + excluded.differing,
         kept = roll_checks.kept + excluded.kept, differed_at = coalesce(excluded.differed_at, roll_checks.differed_at)
       where roll_checks.through is ?4 and roll_checks.checked_at < excluded.checked_at`,
    )
    .bind(of.id, of.epoch, of.shard, of.through, through, now, checked, differing, kept)
    .run();
}

/** What was found of the site's roll-ups since it has its number of shards. */
export interface RollChecks {
  checked: number;
  differing: number;
  kept: number;
  /** Milliseconds; null when never. */
  checkedAt: number | null;
  differedAt: number | null;
}

export async function readRollChecks(db: D1Database, { id, epoch }: Pick<Site, "id" | "epoch">): Promise<RollChecks> {
  const row = await db
    .prepare(
      `select coalesce(sum(checked), 0) as checked, coalesce(sum(differing), 0) as differing,
         coalesce(sum(kept), 0) as kept, max(checked_at) as checkedAt, max(differed_at) as differedAt
       from roll_checks where site_id = ?1 and epoch = ?2`,
    )
    .bind(id, epoch)
    .first<RollChecks>();
  return row!; // sums without groups are one row
}
