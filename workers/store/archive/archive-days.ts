// What D1 knows of the archive: a row a day, after its manifest.
import { and, asc, eq, gt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Manifest } from "../../domain/archive.ts";
import { archiveDays } from "../schema/index.ts";

export type ArchiveDay = typeof archiveDays.$inferSelect;

const one = (siteId: string, date: string) => and(eq(archiveDays.siteId, siteId), eq(archiveDays.date, date));

export async function listArchiveDays(db: D1Database, siteId: string): Promise<ArchiveDay[]> {
  return drizzle(db).select().from(archiveDays).where(eq(archiveDays.siteId, siteId)).orderBy(asc(archiveDays.date));
}

/** Days with events of imports. */
export async function daysWithImports(db: D1Database, siteId: string): Promise<string[]> {
  const rows = await drizzle(db)
    .select({ date: archiveDays.date })
    .from(archiveDays)
    .where(and(eq(archiveDays.siteId, siteId), gt(archiveDays.imports, 0)));
  return rows.map(({ date }) => date);
}

/** Replaces what was known of the day; its state stays when none is named. */
export async function recordDay(
  db: D1Database,
  manifest: Manifest,
  { state, now }: { state?: "written" | "dropped"; now: number },
): Promise<void> {
  const { siteId, date, events, bytes, files } = manifest;
  const imports = Object.values(manifest.imports).reduce((sum, count) => sum + count, 0);
  const told = { ...(state && { state }), live: events - imports, imports, bytes, files: files.length, problem: null };
  await drizzle(db)
    .insert(archiveDays)
    .values({ state: "dropped", siteId, date, ...told, archivedAt: now })
    .onConflictDoUpdate({ target: [archiveDays.siteId, archiveDays.date], set: told });
}

export async function recordDamage(db: D1Database, siteId: string, date: string, problem: string): Promise<void> {
  await drizzle(db)
    .update(archiveDays)
    .set({ state: sql`case when state = 'dropped' then state else 'damaged' end`, problem })
    .where(one(siteId, date));
}

export async function recordRestored(db: D1Database, siteId: string, date: string, until: number): Promise<void> {
  await drizzle(db)
    .update(archiveDays)
    .set({ state: "written", restoredUntil: until, problem: null })
    .where(one(siteId, date));
}

export async function forgetDay(db: D1Database, siteId: string, date: string): Promise<void> {
  await drizzle(db).delete(archiveDays).where(one(siteId, date));
}
