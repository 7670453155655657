// What the roll-ups in D1 say of a site at rest, beside what its shards say now.

import type { SiteShardRpc } from "../../durable-objects/site-shard/protocol.ts";
import { bucketOf, dayStartsBefore, LOOK_BACK_DAYS } from "../../durable-objects/site-shard/roll-calendar.ts";
import type { Rolled } from "../../workers/analyses/roll-up.ts";
import { bodiesOf, rolledFrom } from "../../workers/analyses/rolled/body.ts";
import { rollUpRequest } from "../../workers/analyses/rolled/request.ts";
import { MEASURES } from "../../workers/catalog/measure.ts";
import { STANDARD_PANELS, type StandardPanel } from "../../workers/catalog/standard-panels.ts";
import { bodiesByBucket, type RolledGrain, type StoredRollup } from "../../workers/domain/rollup.ts";
import type { Site } from "../../workers/domain/site.ts";

const EVENTS = MEASURES.indexOf("events");

type Shard = Pick<SiteShardRpc, "scan">;

async function rowsOf(db: D1Database, site: Site): Promise<StoredRollup[]> {
  const statement = "select grain, bucket, shard, panel, version, body from rollups where site_id = ?1 and epoch = ?2";
  return (await db.prepare(statement).bind(site.id, site.epoch).all<StoredRollup>()).results;
}

/** Events by path over all buckets of the grain. */
export async function rolledUpPaths(db: D1Database, site: Site, grain: RolledGrain): Promise<[string, number][]> {
  const all = (await rowsOf(db, site)).filter((row) => row.grain === grain);
  const stored = bodiesByBucket(all);
  const counts = new Map<string, number>();
  for (const bucket of new Set(all.map((row) => row.bucket))) {
    for (const { rows } of stored(grain, bucket, "event:page").map(rolledFrom)) {
      for (const { key, counts: measures } of rows) {
        const [path = ""] = key;
        counts.set(path, (counts.get(path) ?? 0) + (measures[EVENTS] ?? 0));
      }
    }
  }
  return [...counts];
}

/** Rows come in the order in which they were met, which says nothing. */
const readable = (bodies: readonly string[]): string[] =>
  bodies.flatMap((body) => rolledFrom(body).rows.map((row) => JSON.stringify(row))).sort();

type Ask = (panels: readonly Omit<StandardPanel, "panel">[], daysBack: number) => Promise<Rolled[]>;

/** Of the hour or day, as the shard counts it now; a day looks back further where visitors have ids that last. */
async function answered(grain: "hour" | "day", ask: Ask): Promise<Rolled[]> {
  if (grain === "hour") return ask(STANDARD_PANELS, 0);
  const [totals] = await ask([{ dimension: null, filters: [] }], 0);
  return ask(STANDARD_PANELS, totals!.lasting > 0 ? LOOK_BACK_DAYS : 1);
}

function faultsOf(where: string, had: readonly string[], want: readonly string[]): string[] {
  const left = new Set(had);
  const missing = want.filter((row) => !left.delete(row));
  if (missing.length === 0 && left.size === 0) return [];
  return [`${where}: rolled up are ${[...left].slice(0, 3)}, the shard answers ${missing.slice(0, 3)}`];
}

/** Hours and days whose rows say anything but what their shard answers now; empty when all is well. */
export async function rollupFaults(db: D1Database, site: Site, shardOf: (shard: number) => Shard): Promise<string[]> {
  const faults: string[] = [];
  const { timeZone } = site;
  const buckets = Map.groupBy(await rowsOf(db, site), ({ shard, grain, bucket }) => `${shard} ${grain} ${bucket}`);
  for (const group of buckets.values()) {
    const { shard, grain, bucket } = group[0]!;
    if (grain === "month") continue;
    const { start, end } = bucketOf(bucket, grain, timeZone);
    if (start !== bucket) faults.push(`${grain} of ${new Date(bucket).toISOString()} begins at another time`);
    const ask: Ask = async (panels, daysBack) => {
      const dayStarts = daysBack === 0 ? [] : dayStartsBefore(bucket, daysBack, timeZone);
      const span = { from: bucket, to: end, timeZone, dayStarts };
      const requests = panels.map((panel) => rollUpRequest(panel, span));
      return (await shardOf(shard).scan(requests)).partials as Rolled[]; // what that analysis makes
    };
    const stored = bodiesByBucket(group);
    const now = await answered(grain, ask);
    for (const [i, { panel }] of STANDARD_PANELS.entries()) {
      const where = `shard ${shard}, ${grain} of ${new Date(bucket).toISOString()}, ${panel}`;
      faults.push(...faultsOf(where, readable(stored(grain, bucket, panel)), readable(bodiesOf(now[i]!))));
    }
  }
  return faults;
}
