import { and, asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { SiteId } from "../domain/site.ts";
import { shares } from "./schema/index.ts";
import { newToken } from "./tokens.ts";

export type Share = typeof shares.$inferSelect;

export async function createShare(
  db: D1Database,
  siteId: SiteId,
  fields: Omit<Share, "id" | "siteId" | "createdAt"> & { now: number },
): Promise<Share> {
  const { now, ...given } = fields;
  const share = { id: newToken("ews_"), siteId, ...given, createdAt: now };
  await drizzle(db).insert(shares).values(share);
  return share;
}

export async function listShares(db: D1Database, siteId: SiteId): Promise<Share[]> {
  return drizzle(db).select().from(shares).where(eq(shares.siteId, siteId)).orderBy(asc(shares.createdAt));
}

export async function findShare(db: D1Database, id: string): Promise<Share | null> {
  const rows = await drizzle(db).select().from(shares).where(eq(shares.id, id));
  return rows[0] ?? null;
}

/** False when the site has no such link. */
export async function revokeShare(db: D1Database, siteId: SiteId, id: string): Promise<boolean> {
  const gone = await drizzle(db)
    .delete(shares)
    .where(and(eq(shares.siteId, siteId), eq(shares.id, id)))
    .returning({ id: shares.id });
  return gone.length > 0;
}

/** Those that were made to show a report which is gone. */
export async function forgetReportShares(db: D1Database, siteId: SiteId, reportId: string): Promise<void> {
  await drizzle(db)
    .delete(shares)
    .where(and(eq(shares.siteId, siteId), eq(shares.reportId, reportId)));
}
