import { and, asc, desc, eq, gte, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { retentionRuns } from "../schema/index.ts";

export type RetentionRun = typeof retentionRuns.$inferSelect;

export async function recordRun(db: D1Database, run: Omit<RetentionRun, "id">): Promise<void> {
  await drizzle(db).insert(retentionRuns).values(run);
}

/** Of [from, to), oldest first. */
export async function runsBetween(
  db: D1Database,
  siteId: string,
  { from, to }: { from: number; to: number },
): Promise<RetentionRun[]> {
  return drizzle(db)
    .select()
    .from(retentionRuns)
    .where(and(eq(retentionRuns.siteId, siteId), gte(retentionRuns.at, from), lt(retentionRuns.at, to)))
    .orderBy(asc(retentionRuns.at));
}

export async function lastRun(db: D1Database, siteId: string): Promise<RetentionRun | null> {
  const rows = await drizzle(db)
    .select()
    .from(retentionRuns)
    .where(eq(retentionRuns.siteId, siteId))
    .orderBy(desc(retentionRuns.at), desc(retentionRuns.id))
    .limit(1);
  return rows[0] ?? null;
}
