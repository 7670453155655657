import type { HeldEvent } from "../domain/quarantine.ts";
import type { SiteId } from "../domain/site.ts";

/** A site's quarantine is cut to this, the oldest out first. */
const SITE_EVENTS = 50_000;

export interface HeldRow {
  seq: number;
  receivedAt: number;
  count: number;
  /** JSON array of `HeldEvent`s. */
  body: string;
}

export interface HeldKey {
  epoch: number;
  shard: number;
  seq: number;
}

export type StoredHeldRow = HeldKey & HeldRow & { rowid: number };

/** A shard's rows; repeated, they replace themselves. */
export async function writeQuarantined(
  db: D1Database,
  from: { siteId: string; epoch: number; shard: number },
  rows: HeldRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const statement = db.prepare(
    `insert into quarantined (site_id, epoch, shard, seq, received_at, count, body) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     on conflict do update set received_at = excluded.received_at, count = excluded.count, body = excluded.body`,
  );
  const { siteId, epoch, shard } = from;
  await db.batch(
    rows.map(({ seq, receivedAt, count, body }) => statement.bind(siteId, epoch, shard, seq, receivedAt, count, body)),
  );
}

/** Rows after a key, in order of keys. */
export async function readQuarantined(
  db: D1Database,
  siteId: SiteId,
  { after, limit }: { after: HeldKey | null; limit: number },
): Promise<StoredHeldRow[]> {
  const { epoch, shard, seq } = after ?? { epoch: 0, shard: 0, seq: 0 };
  const { results } = await db
    .prepare(
      `select rowid, epoch, shard, seq, received_at as receivedAt, count, body from quarantined
       where site_id = ?1 and (epoch, shard, seq) > (?2, ?3, ?4) order by epoch, shard, seq limit ?5`,
    )
    .bind(siteId, epoch, shard, seq, limit)
    .all<StoredHeldRow>();
  return results;
}

export const heldEvents = (body: string): HeldEvent[] => JSON.parse(body) as HeldEvent[]; // written by a shard, or below

export async function countQuarantined(db: D1Database, siteId: SiteId): Promise<number> {
  const row = await db
    .prepare("select coalesce(sum(count), 0) as n from quarantined where site_id = ?1")
    .bind(siteId)
    .first<{ n: number }>();
  return row?.n ?? 0;
}

/** What waits of the events received between two moments, by UTC hour of receipt. */
export async function quarantinedHours(
  db: D1Database,
  siteId: SiteId,
  { from, to }: { from: number; to: number },
): Promise<{ hour: number; count: number }[]> {
  const { results } = await db
    .prepare(
      `select received_at / 3600000 * 3600000 as hour, sum(count) as count from quarantined
       where site_id = ?1 and received_at >= ?2 and received_at < ?3 group by 1 order by 1`,
    )
    .bind(siteId, from, to)
    .all<{ hour: number; count: number }>();
  return results;
}

/** What is left of a row, unless it was changed since it was read; then it stays, and its events are looked at again. */
export async function keepQuarantined(
  db: D1Database,
  siteId: SiteId,
  { row, left }: { row: StoredHeldRow; left: HeldEvent[] },
): Promise<void> {
  const { epoch, shard, seq, body } = row;
  const at = "where site_id = ?1 and epoch = ?2 and shard = ?3 and seq = ?4 and body = ?5";
  const statement =
    left.length === 0
      ? db.prepare(`delete from quarantined ${at}`).bind(siteId, epoch, shard, seq, body)
      : db
          .prepare(`update quarantined set count = ?6, body = ?7 ${at}`)
          .bind(siteId, epoch, shard, seq, body, left.length, JSON.stringify(left));
  await statement.run();
}

/** Removes rows received before then, but for those of sites under a legal hold, and the oldest of sites with too many events. */
export async function pruneQuarantined(
  db: D1Database,
  { before, now }: { before: number; now: number },
  siteEvents = SITE_EVENTS,
): Promise<void> {
  await db
    .prepare(
      `delete from quarantined where received_at < ?1 and site_id not in (
         select id from sites where retention ->> '$.legalHold.reason' is not null
         and coalesce(retention ->> '$.legalHold.until', ?2 + 1) > ?2)`,
    )
    .bind(before, now)
    .run();
  await db
    .prepare(
      `delete from quarantined where rowid in (
         select rowid from (
           select rowid, sum(count) over (partition by site_id order by received_at desc, epoch, shard, seq) as total
           from quarantined)
         where total > ?1)`,
    )
    .bind(siteEvents)
    .run();
}
