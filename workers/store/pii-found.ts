import type { FoundKind, PiiPlace } from "../domain/pii-kind.ts";
import type { HourCount } from "./hour-counts.ts";

/** Personal values that were replaced in an hour. */
export interface FoundHour {
  hour: number;
  kind: FoundKind;
  place: PiiPlace;
  count: number;
}

/** Writes a shard's full counts, named `kind place`; repeating it changes nothing. */
export async function writePiiFound(
  db: D1Database,
  from: { siteId: string; epoch: number; shard: number },
  rows: HourCount[],
): Promise<void> {
  if (rows.length === 0) return;
  const split = rows.map(({ hour, name, count }) => {
    const [kind, place] = name.split(" ");
    return { hour, kind, place, count };
  });
  await db
    .prepare(
      `insert into pii_found (site_id, epoch, shard, hour, kind, place, count)
       select ?1, ?2, ?3, value->>'hour', value->>'kind', value->>'place', value->>'count' from json_each(?4) where true
       on conflict do update set count = max(count, excluded.count)`,
    )
    .bind(from.siteId, from.epoch, from.shard, JSON.stringify(split))
    .run();
}

/** What was replaced since a moment, by hour, kind and place. */
export async function readPiiFound(db: D1Database, siteId: string, since: number): Promise<FoundHour[]> {
  const { results } = await db
    .prepare(
      `select hour, kind, place, sum(count) as count from pii_found where site_id = ?1 and hour >= ?2
       group by hour, kind, place order by hour, kind, place`,
    )
    .bind(siteId, since)
    .all<FoundHour>();
  return results;
}

export async function prunePiiFound(db: D1Database, before: number): Promise<void> {
  await db.prepare("delete from pii_found where hour < ?1").bind(before).run();
}
