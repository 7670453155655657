import { and, asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { HeartSheet, NewHeartSheet } from "../catalog/heart.ts";
import type { Kpi, NewKpi } from "../catalog/kpi.ts";
import type { SiteId } from "../domain/site.ts";
import { heartSheets, kpis } from "./schema/index.ts";

export async function listKpis(db: D1Database, siteId: SiteId): Promise<Kpi[]> {
  const rows = await drizzle(db).select().from(kpis).where(eq(kpis.siteId, siteId)).orderBy(asc(kpis.createdAt));
  return rows.map(({ id, body, createdAt }) => ({ ...body, id, createdAt }));
}

export async function addKpi(db: D1Database, siteId: SiteId, { id, createdAt, ...body }: Kpi): Promise<void> {
  await drizzle(db).insert(kpis).values({ siteId, id, body, createdAt });
}

/** Null when there is none. */
export async function changeKpi(db: D1Database, siteId: SiteId, id: string, body: NewKpi): Promise<Kpi | null> {
  const own = and(eq(kpis.siteId, siteId), eq(kpis.id, id));
  const [row] = await drizzle(db).update(kpis).set({ body }).where(own).returning();
  return row ? { ...row.body, id, createdAt: row.createdAt } : null;
}

export async function removeKpi(db: D1Database, siteId: SiteId, id: string): Promise<boolean> {
  const own = and(eq(kpis.siteId, siteId), eq(kpis.id, id));
  return (await drizzle(db).delete(kpis).where(own).returning()).length > 0;
}

export async function listHeartSheets(db: D1Database, siteId: SiteId): Promise<HeartSheet[]> {
  const rows = await drizzle(db)
    .select()
    .from(heartSheets)
    .where(eq(heartSheets.siteId, siteId))
    .orderBy(asc(heartSheets.createdAt));
  return rows.map(({ id, body, createdAt }) => ({ ...body, id, createdAt }));
}

/** Adds it, or puts it in the place of the one with its id. */
export async function setHeartSheet(db: D1Database, siteId: SiteId, sheet: HeartSheet): Promise<void> {
  const { id, createdAt, ...body } = sheet;
  const kept: NewHeartSheet = body;
  await drizzle(db)
    .insert(heartSheets)
    .values({ siteId, id, body: kept, createdAt })
    .onConflictDoUpdate({ target: [heartSheets.siteId, heartSheets.id], set: { body: kept } });
}

export async function removeHeartSheet(db: D1Database, siteId: SiteId, id: string): Promise<boolean> {
  const own = and(eq(heartSheets.siteId, siteId), eq(heartSheets.id, id));
  return (await drizzle(db).delete(heartSheets).where(own).returning()).length > 0;
}
