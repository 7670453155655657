import { and, desc, eq, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { SiteId } from "../domain/site.ts";
import { EMPTY_PLAN, type PlanVersion, type TrackingPlan } from "../domain/tracking-plan.ts";
import { trackingPlans } from "./schema/index.ts";

/** Versions that are kept of one site. */
const KEPT = 500;

const ofSite = (siteId: SiteId) => eq(trackingPlans.siteId, siteId);

const toVersion = ({ version, at, author, body }: typeof trackingPlans.$inferSelect): PlanVersion => ({
  version,
  at,
  author,
  plan: body,
});

export async function currentPlan(db: D1Database, siteId: SiteId): Promise<PlanVersion> {
  const newest = drizzle(db).select().from(trackingPlans).where(ofSite(siteId));
  const [row] = await newest.orderBy(desc(trackingPlans.version)).limit(1);
  return row ? toVersion(row) : { version: 0, at: 0, author: "", plan: EMPTY_PLAN };
}

export async function findPlan(db: D1Database, siteId: SiteId, version: number): Promise<PlanVersion | null> {
  if (version === 0) return { version: 0, at: 0, author: "", plan: EMPTY_PLAN };
  const [row] = await drizzle(db)
    .select()
    .from(trackingPlans)
    .where(and(ofSite(siteId), eq(trackingPlans.version, version)));
  return row ? toVersion(row) : null;
}

/** Newest first, those below a version. */
export async function listPlans(
  db: D1Database,
  siteId: SiteId,
  { below, limit }: { below: number; limit: number },
): Promise<PlanVersion[]> {
  const rows = await drizzle(db)
    .select()
    .from(trackingPlans)
    .where(and(ofSite(siteId), lt(trackingPlans.version, below)))
    .orderBy(desc(trackingPlans.version))
    .limit(limit);
  return rows.map(toVersion);
}

/** The new version; null when another one is newer than `base`, the version that the change was made from (null: any). */
export async function addPlan(
  db: D1Database,
  siteId: SiteId,
  made: { plan: TrackingPlan; author: string; base: number | null; now: number },
): Promise<PlanVersion | null> {
  const { plan, author, base, now } = made;
  const row = await db
    .prepare(
      `insert into tracking_plans (site_id, version, at, author, body)
       select ?1, newest + 1, ?2, ?3, ?4
       from (select coalesce(max(version), 0) as newest from tracking_plans where site_id = ?1)
       where ?5 is null or newest = ?5 returning version`,
    )
    .bind(siteId, now, author, JSON.stringify(plan), base)
    .first<{ version: number }>();
  if (!row) return null;
  const old = and(ofSite(siteId), lt(trackingPlans.version, row.version - KEPT));
  await drizzle(db).delete(trackingPlans).where(old);
  forgetPlan(siteId);
  return { version: row.version, at: now, author, plan };
}

const CACHE_MS = 30_000;
const cache = new Map<string, { plan: TrackingPlan | null; until: number }>();

/** The plan as collect needs it, at most 30 s old: without waiting, undefined when it has to be looked up, null for none. */
export function heldPlan(siteId: SiteId, now: number): TrackingPlan | null | undefined {
  const held = cache.get(siteId);
  return held && held.until > now ? held.plan : undefined;
}

export async function cachedPlan(db: D1Database, siteId: SiteId, now: number): Promise<TrackingPlan | null> {
  const held = heldPlan(siteId, now);
  if (held !== undefined) return held;
  const { version, plan } = await currentPlan(db, siteId);
  const found = version === 0 ? null : plan;
  if (cache.size > 5_000) cache.clear();
  cache.set(siteId, { plan: found, until: now + CACHE_MS });
  return found;
}

/** After a change on this isolate; others follow within 30 s. */
export function forgetPlan(siteId: SiteId): void {
  cache.delete(siteId);
}
