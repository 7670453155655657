import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { SiteId } from "../domain/site.ts";
import { imports } from "./schema/index.ts";

export type Import = typeof imports.$inferSelect;

const one = (siteId: SiteId, id: string) => and(eq(imports.siteId, siteId), eq(imports.id, id));

/** Opens the import unless it exists; an undone one is opened anew. Either way the stored row is returned. */
export async function openImport(db: D1Database, row: Omit<Import, "state">): Promise<Import> {
  const orm = drizzle(db);
  const { label, visitors, bots } = row;
  // Later than before in any case: the time of opening tells the new import from the undone one, and names its secret.
  const createdAt = sql`max(excluded.created_at, ${imports.createdAt} + 1)`;
  await orm
    .insert(imports)
    .values({ ...row, state: "open" })
    .onConflictDoUpdate({
      target: [imports.siteId, imports.id],
      set: { label, visitors, bots, state: "open", createdAt },
      setWhere: eq(imports.state, "undone"),
    });
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

/** Of all sites, those whose id begins so. */
export async function listOpenImports(db: D1Database, prefix: string): Promise<(Import & { siteId: SiteId })[]> {
  const begins = sql`substr(${imports.id}, 1, ${prefix.length}) = ${prefix}`;
  const rows = await drizzle(db)
    .select()
    .from(imports)
    .where(and(eq(imports.state, "open"), begins));
  return rows.map((row) => ({ ...row, siteId: row.siteId as SiteId })); // checked when written
}

/** False when the import is in none of the states that the change begins from. */
export async function moveImport(
  db: D1Database,
  siteId: SiteId,
  change: { id: string; from: readonly Import["state"][]; to: Import["state"] },
): Promise<boolean> {
  const { id, from, to } = change;
  const moved = await drizzle(db)
    .update(imports)
    .set({ state: to })
    .where(and(one(siteId, id), inArray(imports.state, [...from])))
    .returning({ id: imports.id });
  return moved.length > 0;
}
