import type { RollupRead, RollupRow, StoredRollup } from "../domain/rollup.ts";

export interface RollupOrigin {
  siteId: string;
  epoch: number;
  shard: number;
  timeZone: string;
}

const ROWS_A_STATEMENT = 100;
/** A statement's text may have 100 KB and its values 2 MB. */
const CHARS_A_STATEMENT = 1_000_000;
function* chunksOf(rows: readonly RollupRow[]): Generator<RollupRow[]> {
  let chunk: RollupRow[] = [];
  let chars = 0;
  for (const row of rows) {
    if (chunk.length === ROWS_A_STATEMENT || (chunk.length > 0 && chars + row.body.length > CHARS_A_STATEMENT)) {
      yield chunk;
      chunk = [];
      chars = 0;
    }
    chunk.push(row);
    chars += row.body.length;
  }
  if (chunk.length > 0) yield chunk;
}

/**
 * Upserts full values, all or none; a row of a lower or equal version changes nothing, so any write may be repeated or
 * overtaken. What a longer list of before went on in stays, and is known by its version.
 */
export async function writeRollups(db: D1Database, from: RollupOrigin, rows: readonly RollupRow[]): Promise<void> {
  const { siteId, epoch, shard, timeZone } = from;
  const upsert = db.prepare(
    `insert into rollups (site_id, epoch, shard, time_zone, grain, bucket, panel, version, body)
     select ?1, ?2, ?3, ?4, value->>'grain', value->>'bucket', value->>'panel', value->>'version', value->>'body'
     from json_each(?5) where true
     on conflict do update set version = excluded.version, time_zone = excluded.time_zone, body = excluded.body
     where excluded.version > rollups.version`,
  );
  const chunks = [...chunksOf(rows)].map((chunk) => upsert.bind(siteId, epoch, shard, timeZone, JSON.stringify(chunk)));
  if (chunks.length > 0) await db.batch(chunks);
}

/** Copies hours and days that lie in the spans, at least in part, to another epoch: of events that this one cannot have. */
export async function copyRollups(
  db: D1Database,
  { siteId, from, to }: { siteId: string; from: number; to: number },
  spans: readonly { from: number; to: number }[],
): Promise<void> {
  const DAY_MS = 86_400_000;
  await db
    .prepare(
      `insert or ignore into rollups (site_id, epoch, grain, panel, bucket, shard, version, time_zone, body)
       select distinct r.site_id, ?3, r.grain, r.panel, r.bucket, r.shard, r.version, r.time_zone, r.body
       from json_each(?4) s join rollups r on r.site_id = ?1 and r.epoch = ?2 and r.grain in ('hour', 'day')
         and r.bucket < s.value->>'to' and r.bucket > s.value->>'from' - iif(r.grain = 'hour', 3600000, ?5)`,
    )
    .bind(siteId, from, to, JSON.stringify(spans), DAY_MS)
    .run();
}

/** Whether the shard has a row of that bucket, of whatever version. */
export async function hasRollup(
  db: D1Database,
  { siteId, epoch, shard }: RollupOrigin,
  { grain, bucket, panel }: Pick<RollupRow, "grain" | "bucket" | "panel">,
): Promise<boolean> {
  const row = await db
    .prepare(
      `select 1 from rollups where site_id = ?1 and epoch = ?2 and grain = ?3 and panel = ?4 and bucket = ?5 and shard = ?6`,
    )
    .bind(siteId, epoch, grain, panel, bucket, shard)
    .first();
  return row !== null;
}

/** Whether the shard has a row of the panel before the bucket whose body is another than `nothing`. */
export async function toldBefore(
  db: D1Database,
  { siteId, epoch, shard }: RollupOrigin,
  { grain, bucket, panel, nothing }: Pick<RollupRow, "grain" | "bucket" | "panel"> & { nothing: string },
): Promise<boolean> {
  const row = await db
    .prepare(
      `select 1 from rollups where site_id = ?1 and epoch = ?2 and grain = ?3 and panel = ?4 and bucket < ?5 and shard = ?6
       and body <> ?7 limit 1`,
    )
    .bind(siteId, epoch, grain, panel, bucket, shard, nothing)
    .first();
  return row !== null;
}

/** Of all shards, or of one. Rows of another time zone than the site's now are left out: their buckets are others. */
export async function readRollups(
  db: D1Database,
  of: { siteId: string; epoch: number; timeZone: string; shard?: number },
  reads: readonly RollupRead[],
): Promise<{ rows: StoredRollup[]; rowsRead: number }> {
  // A panel's own rows are sought by their buckets, and what long lists go on in by itself; `cross` keeps that order of
  // tables, without which all panels of the grain are read.
  const part = (panel: string) =>
    `select r.grain, r.bucket, r.panel, r.version, r.body, r.shard from json_each(?5) p
     cross join rollups r on r.site_id = ?1 and r.epoch = ?2 and r.grain = ?3 and ${panel}
       and r.bucket >= ?6 and r.bucket < ?7
     where r.time_zone = ?4 and (?8 is null or r.shard = ?8)`;
  const statement = db.prepare(
    `${part("r.panel = p.value")} union all ${part("r.panel > p.value || '#' and r.panel < p.value || '$'")}`,
  );
  if (reads.length === 0) return { rows: [], rowsRead: 0 };
  const results = await db.batch<StoredRollup>(
    reads.map(({ grain, from, to, panels }) =>
      statement.bind(of.siteId, of.epoch, grain, of.timeZone, JSON.stringify(panels), from, to, of.shard ?? null),
    ),
  );
  return {
    rows: results.flatMap(({ results: rows }) => rows),
    rowsRead: results.reduce((sum, { meta }) => sum + meta.rows_read, 0),
  };
}
