import { and, asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Goal, SiteId } from "../domain/site.ts";
import { goals } from "./schema/index.ts";

export async function listGoals(db: D1Database, siteId: SiteId): Promise<(Goal & { createdAt: number })[]> {
  return drizzle(db)
    .select({ id: goals.id, name: goals.name, kind: goals.kind, match: goals.match, createdAt: goals.createdAt })
    .from(goals)
    .where(eq(goals.siteId, siteId))
    .orderBy(asc(goals.createdAt));
}

export async function addGoal(db: D1Database, siteId: SiteId, goal: Goal & { createdAt: number }): Promise<void> {
  await drizzle(db)
    .insert(goals)
    .values({ siteId, ...goal });
}

/** False when the site has no such goal. */
export async function changeGoal(db: D1Database, siteId: SiteId, { id, name, kind, match }: Goal): Promise<boolean> {
  const own = and(eq(goals.siteId, siteId), eq(goals.id, id));
  return (await drizzle(db).update(goals).set({ name, kind, match }).where(own).returning()).length > 0;
}

/** False when the site has no such goal. */
export async function removeGoal(db: D1Database, siteId: SiteId, id: string): Promise<boolean> {
  const gone = await drizzle(db)
    .delete(goals)
    .where(and(eq(goals.siteId, siteId), eq(goals.id, id)))
    .returning();
  return gone.length > 0;
}
