export interface RollupRow {
  grain: "hour" | "day";
  /** UTC start of the local hour or day, milliseconds. */
  bucket: number;
  panel: string;
  /** Rises with every re-roll; a lower one is refused. */
  version: number;
  body: string;
}

const ROWS_A_STATEMENT = 500;

/** Upserts full values; a row of a lower or equal version changes nothing, so any write may be repeated or overtaken. */
export async function writeRollups(
  db: D1Database,
  from: { siteId: string; epoch: number; shard: number; timeZone: string },
  rows: RollupRow[],
): Promise<void> {
  const statement = db.prepare(
    `insert into rollups (site_id, epoch, shard, time_zone, grain, bucket, panel, version, body)
     select ?1, ?2, ?3, ?4, value->>'grain', value->>'bucket', value->>'panel', value->>'version', value->>'body'
     from json_each(?5) where true
     on conflict do update set version = excluded.version, time_zone = excluded.time_zone, body = excluded.body
     where excluded.version > rollups.version`,
  );
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    const chunk = JSON.stringify(rows.slice(start, start + ROWS_A_STATEMENT));
    await statement.bind(from.siteId, from.epoch, from.shard, from.timeZone, chunk).run();
  }
}
