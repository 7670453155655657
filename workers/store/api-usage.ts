import { and, desc, eq, gte, like, or, sum } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { SiteId } from "../domain/site.ts";
import { apiUsage } from "./schema/index.ts";

export type ApiUsage = typeof apiUsage.$inferSelect;

/** Rows that one answer holds. */
const MOST_ROWS = 1_000;

/** Adds counts to what is there, all rows in one statement. Counts of requests, not of events: those lost in a crash are lost. */
export async function addApiUsage(db: D1Database, rows: readonly ApiUsage[]): Promise<void> {
  await db
    .prepare(
      `insert into api_usage (hour, actor, route, site_id, requests, refused, failed, took, longest)
       select value ->> 'hour', value ->> 'actor', value ->> 'route', value ->> 'siteId', value ->> 'requests',
         value ->> 'refused', value ->> 'failed', value ->> 'took', value ->> 'longest' from json_each(?1) where true
       on conflict do update set requests = requests + excluded.requests, refused = refused + excluded.refused,
         failed = failed + excluded.failed, took = took + excluded.took, longest = max(longest, excluded.longest)`,
    )
    .bind(JSON.stringify(rows))
    .run();
}

/** How often keys and share links have asked of the site in that hour. */
export async function countSiteRequests(db: D1Database, siteId: SiteId, hour: number): Promise<number> {
  const rows = await drizzle(db)
    .select({ requests: sum(apiUsage.requests) })
    .from(apiUsage)
    .where(
      and(
        eq(apiUsage.hour, hour),
        eq(apiUsage.siteId, siteId),
        or(like(apiUsage.actor, "key %"), like(apiUsage.actor, "share %")),
      ),
    );
  return Number(rows[0]?.requests ?? 0);
}

/** The newest first, of one site or of all. */
export async function readApiUsage(db: D1Database, since: number, siteId?: SiteId): Promise<ApiUsage[]> {
  return drizzle(db)
    .select()
    .from(apiUsage)
    .where(and(gte(apiUsage.hour, since), siteId === undefined ? undefined : eq(apiUsage.siteId, siteId)))
    .orderBy(desc(apiUsage.hour), desc(apiUsage.requests))
    .limit(MOST_ROWS);
}
