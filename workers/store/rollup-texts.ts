// Roll-up rows whose keys are texts that a site sends, for what goes through all of them.

export interface RollupText {
  rowid: number;
  epoch: number;
  grain: string;
  panel: string;
  bucket: number;
  shard: number;
  body: string;
}

const ROWS_AT_ONCE = 200;
/** What we make ourselves, such as places and browsers, names nobody. */
const MADE_BY_US = [
  "totals",
  "event:hostname",
  "visit:channel",
  "visit:country",
  "visit:region",
  "visit:city",
  "visit:browser",
  "visit:os",
  "visit:device",
];

/** The next of a site's rows in the order of their key. */
export async function rollupTextsAfter(
  db: D1Database,
  siteId: string,
  after: RollupText | null,
): Promise<RollupText[]> {
  const { epoch, grain, panel, bucket, shard } = after ?? { epoch: -1, grain: "", panel: "", bucket: 0, shard: 0 };
  const { results } = await db
    .prepare(
      `select rowid, epoch, grain, panel, bucket, shard, body from rollups
       where site_id = ?1 and (epoch, grain, panel, bucket, shard) > (?2, ?3, ?4, ?5, ?6)
         and substr(panel, 1, instr(panel || '#', '#') - 1) not in (select value from json_each(?7))
       order by epoch, grain, panel, bucket, shard limit ?8`,
    )
    .bind(siteId, epoch, grain, panel, bucket, shard, JSON.stringify(MADE_BY_US), ROWS_AT_ONCE)
    .all<RollupText>();
  return results;
}
