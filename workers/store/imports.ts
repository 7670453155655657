import { and, desc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { SiteId } from "../domain/site.ts";
import { imports } from "./schema/index.ts";

export type Import = typeof imports.$inferSelect;

const one = (siteId: SiteId, id: string) => and(eq(imports.siteId, siteId), eq(imports.id, id));

/** Opens the import unless it exists; either way the stored row is returned. */
export async function openImport(db: D1Database, row: Omit<Import, "state">): Promise<Import> {
  const orm = drizzle(db);
  await orm
    .insert(imports)
    .values({ ...row, state: "open" })
    .onConflictDoNothing();
  const rows = await orm
    .select()
    .from(imports)
    .where(and(eq(imports.siteId, row.siteId), eq(imports.id, row.id)));
  return rows[0]!; // inserted just above, imports are never deleted
}

export async function findImport(db: D1Database, siteId: SiteId, id: string): Promise<Import | null> {
  const rows = await drizzle(db).select().from(imports).where(one(siteId, id));
  return rows[0] ?? null;
}

export async function listImports(db: D1Database, siteId: SiteId): Promise<Import[]> {
  return drizzle(db).select().from(imports).where(eq(imports.siteId, siteId)).orderBy(desc(imports.createdAt));
}

export async function setImportState(
  db: D1Database,
  siteId: SiteId,
  change: { id: string; state: Import["state"] },
): Promise<void> {
  await drizzle(db).update(imports).set({ state: change.state }).where(one(siteId, change.id));
}
