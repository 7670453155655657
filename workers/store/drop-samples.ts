// Samples of what was refused: what it was refused for, never who sent it. A few of each reason a day, for thirty days.

export const DAY_MS = 24 * 3600_000;
export const SAMPLES_KEPT_MS = 30 * DAY_MS;
/** Of a reason in a day, whatever the number of shards. */
const MOST_A_DAY = 50;

export interface DropSample {
  /** Start of the UTC day, milliseconds. */
  day: number;
  reason: string;
  detail: string;
  count: number;
}

/** Writes what a shard has seen at least; repeating it changes nothing. */
export async function writeDropSamples(
  db: D1Database,
  from: { siteId: string; epoch: number; shard: number },
  samples: DropSample[],
): Promise<void> {
  if (samples.length === 0) return;
  await db
    .prepare(
      `insert into drop_samples (site_id, epoch, shard, day, reason, detail, count)
       select ?1, ?2, ?3, value->>'day', value->>'reason', value->>'detail', value->>'count' from json_each(?4)
       where (select count(*) from drop_samples s where s.site_id = ?1 and s.day = value->>'day'
                and s.reason = value->>'reason' and s.detail <> value->>'detail') < ?5
       on conflict do update set count = excluded.count where excluded.count > drop_samples.count`,
    )
    .bind(from.siteId, from.epoch, from.shard, JSON.stringify(samples), MOST_A_DAY)
    .run();
}

export interface SampledDrop {
  reason: string;
  detail: string;
  count: number;
  /** Start of the UTC day on which it was seen last, milliseconds. */
  lastDay: number;
}

/** What was refused between two moments, most often first. */
export async function readDropSamples(
  db: D1Database,
  siteId: string,
  { from, to }: { from: number; to: number },
): Promise<SampledDrop[]> {
  const { results } = await db
    .prepare(
      `select reason, detail, sum(count) as count, max(day) as lastDay from drop_samples
       where site_id = ?1 and day > ?2 and day < ?3 group by reason, detail order by count desc, detail limit 500`,
    )
    .bind(siteId, from - DAY_MS, to)
    .all<SampledDrop>();
  return results;
}

export async function pruneDropSamples(db: D1Database, now: number): Promise<void> {
  await db
    .prepare("delete from drop_samples where day < ?1")
    .bind(now - SAMPLES_KEPT_MS)
    .run();
}

/** Everything that samples of the site name. */
export async function sampledDetails(db: D1Database, siteId: string): Promise<string[]> {
  const { results } = await db
    .prepare("select distinct detail from drop_samples where site_id = ?1")
    .bind(siteId)
    .all<{ detail: string }>();
  return results.map(({ detail }) => detail);
}

/** How many rows went. */
export async function removeSamples(db: D1Database, siteId: string, details: readonly string[]): Promise<number> {
  const { meta } = await db
    .prepare("delete from drop_samples where site_id = ?1 and detail in (select value from json_each(?2))")
    .bind(siteId, JSON.stringify(details))
    .run();
  return meta.changes;
}
