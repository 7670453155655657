// Backups that were made, and what must stay as it is while one is.
import { desc, eq, isNull, not } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { backups } from "./schema/index.ts";

export type Backup = typeof backups.$inferSelect;

/** Changes when visitors move or an import is undone: what was copied before and after would not fit together. */
async function standing(db: D1Database): Promise<string> {
  const [sites, imports] = await db.batch<Record<string, unknown>>([
    db.prepare("select id, epoch, next_shards from sites order by id"),
    db.prepare("select site_id, id, state from imports where state in ('undoing', 'undone') order by site_id, id"),
  ]);
  return JSON.stringify([sites?.results, imports?.results]);
}

export async function beginBackup(db: D1Database, { name, now }: { name: string; now: number }): Promise<Backup> {
  const row = { id: crypto.randomUUID(), name, beganAt: now, standing: await standing(db) };
  const [made] = await drizzle(db).insert(backups).values(row).returning();
  return made!; // inserted just now
}

export async function findBackup(db: D1Database, id: string): Promise<Backup | null> {
  const [found] = await drizzle(db).select().from(backups).where(eq(backups.id, id));
  return found ?? null;
}

/** Newest first. */
export async function listBackups(db: D1Database): Promise<Backup[]> {
  return drizzle(db).select().from(backups).orderBy(desc(backups.beganAt));
}

export async function listEndedBackups(db: D1Database): Promise<Backup[]> {
  return drizzle(db)
    .select()
    .from(backups)
    .where(not(isNull(backups.endedAt)))
    .orderBy(desc(backups.beganAt));
}

/** Null when what was copied does not fit together; whoever makes it begins again. */
export async function endBackup(
  db: D1Database,
  backup: Backup,
  end: { events: number; checksum: string; now: number },
): Promise<Backup | null> {
  const { sites, undone } = fitting(backup.standing, await standing(db));
  if (!sites || !undone) return null;
  const { now: endedAt, ...told } = end;
  const [ended] = await drizzle(db)
    .update(backups)
    .set({ ...told, endedAt })
    .where(eq(backups.id, backup.id))
    .returning();
  return ended ?? null;
}

/** Sites that were made meanwhile are in no backup, and do no harm. */
function fitting(before: string, after: string): { sites: boolean; undone: boolean } {
  const [sites, undone] = JSON.parse(before) as [unknown[], unknown[]]; // written above
  const [sitesNow, undoneNow] = JSON.parse(after) as [unknown[], unknown[]]; // likewise
  const now = new Set(sitesNow.map((site) => JSON.stringify(site)));
  return {
    sites: sites.every((site) => now.has(JSON.stringify(site))),
    undone: JSON.stringify(undone) === JSON.stringify(undoneNow),
  };
}
