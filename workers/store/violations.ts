import type { SiteId } from "../domain/site.ts";
import type { ViolationTotal } from "../domain/tracking-plan.ts";

export interface ViolationCount {
  /** UTC hour, milliseconds. */
  hour: number;
  event: string;
  property: string;
  rule: string;
  mode: string;
  count: number;
  sample: string;
}

/** Writes a shard's full counts; repeating it changes nothing. */
export async function writeViolations(
  db: D1Database,
  from: { siteId: string; epoch: number; shard: number },
  rows: ViolationCount[],
): Promise<void> {
  if (rows.length === 0) return;
  await db
    .prepare(
      `insert into violations (site_id, epoch, shard, hour, event, property, rule, mode, count, sample)
       select ?1, ?2, ?3, value->>'hour', value->>'event', value->>'property', value->>'rule', value->>'mode',
         value->>'count', value->>'sample' from json_each(?4) where true
       on conflict do update set count = max(count, excluded.count), sample = excluded.sample`,
    )
    .bind(from.siteId, from.epoch, from.shard, JSON.stringify(rows))
    .run();
}

/** Since a moment, the most frequent first. SQLite gives `sample` of the row that has the last hour. */
export async function readViolations(db: D1Database, siteId: SiteId, since: number): Promise<ViolationTotal[]> {
  const { results } = await db
    .prepare(
      `select event, property, rule, mode, sum(count) as count, max(hour) as lastHour, sample from violations
       where site_id = ?1 and hour >= ?2 group by event, property, rule, mode
       order by sum(count) desc, event, property, rule, mode limit 10000`,
    )
    .bind(siteId, since)
    .all<ViolationTotal>();
  return results;
}

/** Of events that were taken nevertheless, in whole hours of a time, by event. */
export async function violatingEvents(
  db: D1Database,
  siteId: SiteId,
  { from, to }: { from: number; to: number },
): Promise<Map<string, number>> {
  const { results } = await db
    .prepare(
      `select event, sum(count) as count from violations
       where site_id = ?1 and hour >= ?2 and hour < ?3 and mode <> 'enforce' group by event`,
    )
    .bind(siteId, from, to)
    .all<{ event: string; count: number }>();
  return new Map(results.map(({ event, count }) => [event, count]));
}

/** Counts older than that are of no use to anybody. */
export async function pruneViolations(db: D1Database, before: number): Promise<void> {
  await db.prepare("delete from violations where hour < ?1").bind(before).run();
}

export interface StoredSample {
  rowid: number;
  sample: string;
}

/** A site's samples in the order in which they were written, some at a time. */
export async function samplesAfter(db: D1Database, siteId: SiteId, rowid: number): Promise<StoredSample[]> {
  const { results } = await db
    .prepare("select rowid, sample from violations where site_id = ?1 and rowid > ?2 order by rowid limit 500")
    .bind(siteId, rowid)
    .all<StoredSample>();
  return results;
}

/** Blanks as long first, so that the page keeps nothing of what was there. */
export async function writeSample(db: D1Database, { rowid, sample }: StoredSample, next: string): Promise<void> {
  const blank = " ".repeat(new TextEncoder().encode(sample).length);
  await db.batch([
    db.prepare("update violations set sample = ?2 where rowid = ?1").bind(rowid, blank),
    db.prepare("update violations set sample = ?2 where rowid = ?1").bind(rowid, next),
  ]);
}
