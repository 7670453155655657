import { and, asc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { CustomMetric, NewMetric } from "../catalog/custom-metric.ts";
import type { SiteId } from "../domain/site.ts";
import { customMetrics } from "./schema/index.ts";

/** Every version, archived ones as well, oldest first. */
export async function listCustomMetrics(db: D1Database, siteId: SiteId): Promise<CustomMetric[]> {
  const rows = await drizzle(db)
    .select()
    .from(customMetrics)
    .where(eq(customMetrics.siteId, siteId))
    .orderBy(asc(customMetrics.name), asc(customMetrics.version));
  return rows.map(({ siteId: _, ...metric }) => metric);
}

/**
 * Adds the next version, as D1 counts them, so that two at once make two; the number it got, or null when `only` forbids, or it
 * does not come after the version `after`. */
export async function addMetricVersion(
  db: D1Database,
  siteId: SiteId,
  metric: NewMetric & { now: number; only: "new" | "known"; after: number | null },
): Promise<number | null> {
  const { name, label, about, unit, better, definition, now, only, after } = metric;
  const row = await db
    .prepare(
      `insert into custom_metrics (site_id, name, version, label, about, unit, better, definition, archived, created_at)
       select ?1, ?2, coalesce(max(version), 0) + 1, ?3, ?4, ?5, ?6, ?7, 0, ?8
       from custom_metrics where site_id = ?1 and name = ?2
       having (coalesce(sum(not archived), 0) > 0) = ?9
         and (?10 is null or max(version) = ?10) returning version`,
    )
    .bind(siteId, name, label, about, unit, better, JSON.stringify(definition), now, only === "known" ? 1 : 0, after)
    .first<{ version: number }>();
  return row?.version ?? null;
}

/** False when there is none that is not archived, or it has another version by now. */
export async function archiveMetric(
  db: D1Database,
  siteId: SiteId,
  { name, version }: { name: string; version: number | null },
): Promise<boolean> {
  const newest = sql`(select max(version) from custom_metrics where site_id = ${siteId} and name = ${name})`;
  const gone = await drizzle(db)
    .update(customMetrics)
    .set({ archived: true })
    .where(
      and(
        eq(customMetrics.siteId, siteId),
        eq(customMetrics.name, name),
        eq(customMetrics.archived, false),
        version === null ? undefined : sql`${newest} = ${version}`,
      ),
    )
    .returning({ version: customMetrics.version });
  return gone.length > 0;
}
