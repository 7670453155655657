import { and, asc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { HeartSheet, NewHeartSheet } from "../catalog/heart.ts";
import type { Kpi, NewKpi } from "../catalog/kpi.ts";
import type { SiteId } from "../domain/site.ts";
import { heartSheets, kpis } from "./schema/index.ts";

export interface Wanted {
  id: string;
  /** Null takes any. */
  version: number | null;
}

function own(table: typeof kpis | typeof heartSheets, siteId: SiteId, { id, version }: Wanted) {
  return and(eq(table.siteId, siteId), eq(table.id, id), version === null ? undefined : eq(table.version, version));
}

export async function listKpis(db: D1Database, siteId: SiteId): Promise<Kpi[]> {
  const rows = await drizzle(db)
    .select()
    .from(kpis)
    .where(eq(kpis.siteId, siteId))
    .orderBy(asc(kpis.createdAt), asc(kpis.id));
  return rows.map(({ siteId: _, body, ...own }) => ({ ...body, ...own }));
}

export async function addKpi(db: D1Database, siteId: SiteId, kpi: Kpi): Promise<void> {
  const { id, version, createdAt, ...body } = kpi;
  await drizzle(db).insert(kpis).values({ siteId, id, version, body, createdAt });
}

/** Null when there is none of that version. */
export async function changeKpi(
  db: D1Database,
  siteId: SiteId,
  { body, ...wanted }: Wanted & { body: NewKpi },
): Promise<Kpi | null> {
  const set = { body, version: sql`${kpis.version} + 1` };
  const [row] = await drizzle(db)
    .update(kpis)
    .set(set)
    .where(own(kpis, siteId, wanted))
    .returning();
  if (!row) return null;
  const { id, version, createdAt } = row;
  return { ...row.body, id, version, createdAt };
}

export async function removeKpi(db: D1Database, siteId: SiteId, wanted: Wanted): Promise<boolean> {
  return (
    (
      await drizzle(db)
        .delete(kpis)
        .where(own(kpis, siteId, wanted))
        .returning()
    ).length > 0
  );
}

export async function listHeartSheets(db: D1Database, siteId: SiteId): Promise<HeartSheet[]> {
  const rows = await drizzle(db)
    .select()
    .from(heartSheets)
    .where(eq(heartSheets.siteId, siteId))
    .orderBy(asc(heartSheets.createdAt), asc(heartSheets.id));
  return rows.map(({ siteId: _, body, ...own }) => ({ ...body, ...own }));
}

export async function addHeartSheet(db: D1Database, siteId: SiteId, sheet: HeartSheet): Promise<void> {
  const { id, version, createdAt, ...body } = sheet;
  await drizzle(db).insert(heartSheets).values({ siteId, id, version, body, createdAt });
}

/** Null when there is none of that version. */
export async function changeHeartSheet(
  db: D1Database,
  siteId: SiteId,
  { body, ...wanted }: Wanted & { body: NewHeartSheet },
): Promise<HeartSheet | null> {
  const set = { body, version: sql`${heartSheets.version} + 1` };
  const [row] = await drizzle(db)
    .update(heartSheets)
    .set(set)
    .where(own(heartSheets, siteId, wanted))
    .returning();
  if (!row) return null;
  const { id, version, createdAt } = row;
  return { ...row.body, id, version, createdAt };
}

export async function removeHeartSheet(db: D1Database, siteId: SiteId, wanted: Wanted): Promise<boolean> {
  return (
    (
      await drizzle(db)
        .delete(heartSheets)
        .where(own(heartSheets, siteId, wanted))
        .returning()
    ).length > 0
  );
}
