// What alert rules look at that D1 and a site's objects keep.
import { TOTALS } from "../catalog/standard-panels.ts";
import type { LiveMinute } from "../domain/live.ts";
import type { Site, SiteId } from "../domain/site.ts";
import { isSystem, type WatchedName } from "../domain/watched-metrics.ts";
import { listCustomMetrics } from "./custom-metrics.ts";
import { listKpis } from "./kpis.ts";
import { liveSite, type ObjectNamespaces } from "./objects.ts";
import { qualitySeries } from "./quality-series.ts";
import { listSegments } from "./segments.ts";
import { systemSeries } from "./system/system-series.ts";

/** Null while visitors move, who are counted on both sides. */
export function siteMinutes(env: ObjectNamespaces, site: Site, since: number): Promise<LiveMinute[] | null> {
  const { id, shards, epoch, nextShards, timeZone, jurisdiction } = site;
  return liveSite(env, site).minutes({ id, shards, epoch, nextShards, timeZone, jurisdiction }, since);
}

/** Of the site's first event, by the roll-ups of all its epochs; null while there is none. */
export async function firstHourOf(db: D1Database, { id, epoch }: Pick<Site, "id" | "epoch">): Promise<number | null> {
  const epochs = Array.from({ length: epoch }, (_, before) => before + 1);
  const row = await db
    .prepare(
      `select min(first) as first from (
         select (select min(bucket) from rollups where site_id = ?1 and epoch = e.value and grain = 'hour' and panel = ?2) as first
         from json_each(?3) e)`,
    )
    .bind(id, TOTALS, JSON.stringify(epochs))
    .first<{ first: number | null }>();
  return row?.first ?? null;
}

export async function alertOwn(db: D1Database, siteId: SiteId) {
  const [known, kpis, segments] = await Promise.all([
    listCustomMetrics(db, siteId),
    listKpis(db, siteId),
    listSegments(db, siteId),
  ]);
  return { known, kpis, segments };
}

export interface WatchedSeries {
  start: number;
  step: number;
  values: (number | null)[];
  together: "mean" | "max";
}

interface Asked {
  asks: readonly { name: WatchedName; step: "slot" | "hour" }[];
  now: number;
}

/** By step and name, as far back as each is kept. */
export async function alertWatched(
  env: { DB: D1Database; EDGEWISE_PLAN?: string },
  site: Pick<Site, "id" | "timeZone">,
  { asks, now }: Asked,
): Promise<Map<string, WatchedSeries>> {
  const ofSystem = asks.flatMap(({ name, step }) => (isSystem(name) ? [{ name, step }] : []));
  const ofQuality = asks.filter(({ name }) => !isSystem(name));
  const plan = env.EDGEWISE_PLAN === "free" ? "free" : "paid";
  const [system, quality] = await Promise.all([
    ofSystem.length > 0 ? systemSeries(env.DB, { asks: ofSystem, plan, now }) : [],
    ofQuality.length > 0 ? qualitySeries(env.DB, site, { names: ofQuality.map(({ name }) => name), now }) : [],
  ]);
  return new Map([...system, ...quality]);
}
