import { RAW_KEPT_MS, SITE_RAW_BYTES } from "./limits.ts";

export interface RawRow {
  /** First log row that the row holds; with site, epoch and shard its key, so a repeated write replaces itself. */
  seq: number;
  importId: string;
  receivedAt: number;
  count: number;
  /** JSON array of packed events. */
  body: string;
}

export async function writeRawEvents(
  db: D1Database,
  from: { siteId: string; epoch: number; shard: number },
  rows: RawRow[],
): Promise<void> {
  const statement = db.prepare(
    `insert into raw_events (site_id, epoch, shard, seq, import_id, received_at, count, body)
     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
     on conflict do update set received_at = excluded.received_at, count = excluded.count, body = excluded.body`,
  );
  await db.batch(
    rows.map((row) =>
      statement.bind(from.siteId, from.epoch, from.shard, row.seq, row.importId, row.receivedAt, row.count, row.body),
    ),
  );
}

export async function removeRawImport(db: D1Database, siteId: string, importId: string): Promise<void> {
  await db.prepare("delete from raw_events where site_id = ?1 and import_id = ?2").bind(siteId, importId).run();
}

/** Removes rows older than their site keeps them, three days at most, and the oldest of a site whose copy is over its size. */
export async function pruneRawEvents(db: D1Database, now: number, siteBytes = SITE_RAW_BYTES): Promise<number> {
  const old = await db
    .prepare(
      // Nobody keeps less than a day, and the index knows what is older.
      `delete from raw_events where received_at < ?1 - 86400000 and received_at < ?1 - 86400000 *
       coalesce((select s.retention->>'rawDays' from sites s where s.id = raw_events.site_id), ?2)`,
    )
    .bind(now, RAW_KEPT_MS / 86_400_000)
    .run();
  const large = await db
    .prepare(
      `delete from raw_events where rowid in (
         select rowid from (
           select rowid, sum(octet_length(body)) over (partition by site_id order by received_at desc, seq desc) as total
           from raw_events)
         where total > ?1)`,
    )
    .bind(siteBytes)
    .run();
  return old.meta.changes + large.meta.changes;
}

export interface StoredRawRow {
  rowid: number;
  body: string;
}

const ROWS_AT_ONCE = 8;

/** A site's rows in the order in which they were written, some megabytes at a time. */
export async function rawRowsAfter(db: D1Database, siteId: string, rowid: number): Promise<StoredRawRow[]> {
  const { results } = await db
    .prepare("select rowid, body from raw_events where site_id = ?1 and rowid > ?2 order by rowid limit ?3")
    .bind(siteId, rowid, ROWS_AT_ONCE)
    .all<StoredRawRow>();
  return results;
}
