// Backups that are brought back: what a part needs to know, until all of it is here.
import { and, desc, eq, isNull } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { BackedUpSite, Erased } from "../domain/backup.ts";
import type { SiteId } from "../domain/site.ts";
import type { Subject } from "../domain/subject.ts";
import { restores } from "./schema/index.ts";

export type Restore = typeof restores.$inferSelect;

/** Nobody has made anything here yet. */
export async function isEmptyDeployment(db: D1Database): Promise<boolean> {
  const found = await db
    .prepare(
      `select exists (select 1 from sites) or exists (select 1 from people) or exists (select 1 from api_keys)
       or exists (select 1 from members) as held`,
    )
    .first<{ held: number }>();
  return found?.held === 0;
}

/** One of the same backup that broke off. */
export async function findOpenRestore(db: D1Database, checksum: string): Promise<Restore | null> {
  const [found] = await drizzle(db)
    .select()
    .from(restores)
    .where(and(eq(restores.checksum, checksum), isNull(restores.endedAt)))
    .orderBy(desc(restores.beganAt));
  return found ?? null;
}

interface NewRestore {
  name: string;
  checksum: string;
  madeAt: number;
  sites: readonly BackedUpSite[];
  erased: readonly Erased[];
}

export async function beginRestore(db: D1Database, from: NewRestore, now: number): Promise<Restore> {
  const { sites, erased, ...told } = from;
  const row = { ...told, sites: JSON.stringify(sites), erased: JSON.stringify(erased) };
  const [made] = await drizzle(db)
    .insert(restores)
    .values({ ...row, id: crypto.randomUUID(), beganAt: now })
    .returning();
  return made!; // inserted just now
}

export async function findRestore(db: D1Database, id: string): Promise<Restore | null> {
  const [found] = await drizzle(db).select().from(restores).where(eq(restores.id, id));
  return found ?? null;
}

/** Newest first. */
export async function listRestores(db: D1Database): Promise<Restore[]> {
  return drizzle(db).select().from(restores).orderBy(desc(restores.beganAt));
}

export async function endRestore(db: D1Database, id: string, now: number): Promise<void> {
  await drizzle(db).update(restores).set({ endedAt: now }).where(eq(restores.id, id));
}

export const sitesOf = ({ sites }: Restore): BackedUpSite[] => JSON.parse(sites) as BackedUpSite[]; // written above
export const erasedOf = ({ erased }: Restore): Erased[] => JSON.parse(erased) as Erased[]; // likewise

/** Whom any restore was told of, each once: this deployment carried out none of those erasures itself. */
export async function toldErased(db: D1Database): Promise<Erased[]> {
  const all = (await listRestores(db)).flatMap(erasedOf);
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** As stores take them; what is told may be sealed or not. */
export const toldSubjects = (all: readonly Erased[], siteId: SiteId): Subject[] =>
  all.filter(({ site }) => site === siteId).map(({ site: _, ...whom }, index) => ({ ...whom, id: `told ${index}` }));
