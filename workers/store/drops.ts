import type { HourCount } from "./hour-counts.ts";

/** Writes a shard's full counts; repeating it changes nothing. */
export async function writeDrops(
  db: D1Database,
  from: { siteId: string; epoch: number; shard: number },
  rows: HourCount[],
): Promise<void> {
  if (rows.length === 0) return;
  await db
    .prepare(
      `insert into drops (site_id, epoch, shard, hour, reason, count)
       select ?1, ?2, ?3, value->>'hour', value->>'name', value->>'count' from json_each(?4) where true
       on conflict do update set count = max(count, excluded.count)`,
    )
    .bind(from.siteId, from.epoch, from.shard, JSON.stringify(rows))
    .run();
}

const DAY_MS = 24 * 3600_000;

/** Rows of counts by UTC date, oldest first. */
export async function refusalDays(db: D1Database, siteId: string): Promise<{ date: string; rows: number }[]> {
  const { results } = await db
    .prepare(
      `select date(hour / 1000, 'unixepoch') as date, count(*) as rows from drops where site_id = ?1 group by 1 order by 1`,
    )
    .bind(siteId)
    .all<{ date: string; rows: number }>();
  return results;
}

/** Those of the day that begins then, and of all days before. */
export async function removeRefusals(db: D1Database, siteId: string, lastDay: number): Promise<void> {
  await db
    .prepare("delete from drops where site_id = ?1 and hour < ?2")
    .bind(siteId, lastDay + DAY_MS)
    .run();
}

/** Refused beacons between two moments, by UTC hour and reason. */
export async function readDropHours(
  db: D1Database,
  siteId: string,
  { from, to }: { from: number; to: number },
): Promise<{ hour: number; reason: string; count: number }[]> {
  const { results } = await db
    .prepare(
      `select hour, reason, sum(count) as count from drops where site_id = ?1 and hour >= ?2 and hour < ?3
       group by hour, reason order by hour, reason`,
    )
    .bind(siteId, from, to)
    .all<{ hour: number; reason: string; count: number }>();
  return results;
}

/** Refused beacons of a period, by reason. */
export async function readDrops(
  db: D1Database,
  siteId: string,
  { from, to = Number.MAX_SAFE_INTEGER }: { from: number; to?: number },
): Promise<Record<string, number>> {
  const { results } = await db
    .prepare(
      "select reason, sum(count) as count from drops where site_id = ?1 and hour >= ?2 and hour < ?3 group by reason",
    )
    .bind(siteId, from, to)
    .all<{ reason: string; count: number }>();
  return Object.fromEntries(results.map((row) => [row.reason, row.count]));
}
