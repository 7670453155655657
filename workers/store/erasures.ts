// Requests about persons, and how far they are.
import { and, asc, eq, gte, isNotNull, isNull, ne, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Erased } from "../domain/backup.ts";
import type { SiteId } from "../domain/site.ts";
import type { Removed, Subject } from "../domain/subject.ts";
import { erasureIds, erasures } from "./schema/index.ts";
import type { NameKey } from "./subjects/names.ts";
import { createSeal } from "./subjects/seal-ids.ts";

export type Erasure = Omit<typeof erasures.$inferSelect, "siteId"> & { siteId: SiteId };

export type ErasureKey = Pick<Erasure, "siteId" | "id">;

const one = ({ siteId, id }: ErasureKey) => and(eq(erasures.siteId, siteId), eq(erasures.id, id));

export type ErasureIds = Pick<Erasure, "userId" | "persistentIds" | "visitorIds">;
const NO_IDS: ErasureIds = { userId: "", persistentIds: [], visitorIds: [] };

/** Null when they were sealed, or never there. */
async function idsOf(
  db: D1Database,
  { siteId, id }: Pick<Erasure, "id"> & { siteId: string },
): Promise<ErasureIds | null> {
  const row = await db
    .prepare("select ids from erasure_ids where site_id = ?1 and erasure_id = ?2 order by part desc limit 1")
    .bind(siteId, id)
    .first<{ ids: string }>();
  return row ? (JSON.parse(row.ids) as ErasureIds) : null; // written by keepIds
}

/** More than a page of the table holds itself: ids lie in pages of their own, which are freed with the row and then written over. */
const IN_PAGE = " ".repeat(4_200);

async function keepIds(
  db: D1Database,
  { siteId, id }: ErasureKey,
  kept: { part: 0 | 1; ids: ErasureIds },
): Promise<void> {
  const row = { siteId, erasureId: id, part: kept.part, ids: IN_PAGE + JSON.stringify(kept.ids) };
  await drizzle(db).insert(erasureIds).values(row).onConflictDoNothing();
}

/** Rows with the ids by which they are worked on. */
async function read(db: D1Database, where: SQL | undefined): Promise<Erasure[]> {
  const rows = await drizzle(db)
    .select()
    .from(erasures)
    .where(where)
    .orderBy(asc(erasures.requestedAt), asc(erasures.id));
  return Promise.all(
    rows.map(async (row): Promise<Erasure> => {
      const ids = row.state === "done" ? null : await idsOf(db, row);
      return { ...row, ...ids, siteId: row.siteId as SiteId }; // checked when written
    }),
  );
}

/** The same request made again changes nothing. Of one that is not done the ids are kept apart. */
export async function addErasure(db: D1Database, row: Erasure): Promise<void> {
  const { userId, persistentIds, visitorIds } = row;
  const isDone = row.state === "done";
  if (!isDone) await keepIds(db, row, { part: 0, ids: { userId, persistentIds, visitorIds } });
  await drizzle(db)
    .insert(erasures)
    .values(isDone ? row : { ...row, ...NO_IDS })
    .onConflictDoNothing();
}

export async function findErasure(db: D1Database, key: ErasureKey): Promise<Erasure | null> {
  return (await read(db, one(key)))[0] ?? null;
}

export const listErasures = (db: D1Database, siteId: SiteId): Promise<Erasure[]> =>
  read(db, eq(erasures.siteId, siteId));

const isOpen = and(eq(erasures.kind, "erasure"), ne(erasures.state, "done"));

export const openErasures = (db: D1Database, siteId: SiteId): Promise<Erasure[]> =>
  read(db, and(eq(erasures.siteId, siteId), isOpen));

export async function sitesWithErasures(db: D1Database): Promise<SiteId[]> {
  const rows = await drizzle(db).selectDistinct({ siteId: erasures.siteId }).from(erasures).where(isOpen);
  return rows.map(({ siteId }) => siteId as SiteId); // checked when written
}

/** Those of whom nothing was counted yet, though shards of an epoch before `epoch` know of them. */
export function uncountedErasures(db: D1Database, siteId: SiteId, epoch: number): Promise<Erasure[]> {
  const isKnown = and(isNotNull(erasures.knownTo), isNull(erasures.held), sql`known_to < ${epoch}`);
  return read(db, and(eq(erasures.siteId, siteId), isOpen, isKnown));
}

/** Which browsers and visitors were theirs alone. */
export async function noteFound(db: D1Database, key: ErasureKey, ids: ErasureIds): Promise<void> {
  await keepIds(db, key, { part: 1, ids });
  await changeErasure(db, key, { state: "found" });
}

export type ErasureChange = Partial<
  Pick<Erasure, "state" | "persistentIds" | "visitorIds" | "knownTo" | "held" | "archived" | "userId" | "doneAt">
>;

export async function changeErasure(db: D1Database, key: ErasureKey, change: ErasureChange): Promise<void> {
  await drizzle(db).update(erasures).set(change).where(one(key));
}

/** Whoever gets it drives the request on until then; the others leave it alone. */
export async function holdErasure(db: D1Database, key: ErasureKey, { now, until }: { now: number; until: number }) {
  const rows = await drizzle(db)
    .update(erasures)
    .set({ drivenUntil: until })
    .where(and(one(key), sql`driven_until <= ${now}`))
    .returning({ id: erasures.id });
  return rows.length > 0;
}

export async function releaseErasure(db: D1Database, key: ErasureKey): Promise<void> {
  await drizzle(db).update(erasures).set({ drivenUntil: 0 }).where(one(key));
}

/** A store is through; the first word of each counts. */
export async function addLine(
  db: D1Database,
  { siteId, id }: ErasureKey,
  line: Removed & { at: number },
): Promise<void> {
  await db
    .prepare(
      `update erasures set removed = json_insert(removed, '$[#]', json(?3)) where site_id = ?1 and id = ?2
       and not exists (select 1 from json_each(removed) line where line.value->>'store' = ?4)`,
    )
    .bind(siteId, id, JSON.stringify(line), line.store)
    .run();
}

/** All stores are through: from now on ids are keyed hashes. What pages still hold of them is to be written over. */
export async function sealErasure(db: D1Database, row: Erasure, key: NameKey): Promise<void> {
  const seal = createSeal(key);
  const ids = await idsOf(db, row);
  if (!ids) return;
  const { siteId, id } = row;
  const sealed = [seal(ids.userId), ...[ids.persistentIds, ids.visitorIds].map((all) => JSON.stringify(all.map(seal)))];
  await db.batch([
    db
      .prepare("update erasures set user_id = ?3, persistent_ids = ?4, visitor_ids = ?5 where site_id = ?1 and id = ?2")
      .bind(siteId, id, ...sealed),
    db.prepare("delete from erasure_ids where site_id = ?1 and erasure_id = ?2").bind(siteId, id),
  ]);
}

export async function endErasure(db: D1Database, { siteId, id }: ErasureKey, now: number): Promise<void> {
  await db
    .prepare("update erasures set state = 'done', done_at = ?3 where site_id = ?1 and id = ?2 and state <> 'done'")
    .bind(siteId, id, now)
    .run();
}

/** As stores take it. What a restored copy of before must be searched for is every erasure that is done, by this. */
export const subjectOf = ({ id, userId, persistentIds, visitorIds, names, state }: Erasure): Subject => ({
  id,
  userId,
  persistentIds,
  visitorIds,
  names,
  ...(state === "done" && { sealed: true }),
});

/** Those that a copy of before must be searched for again: of all, or of those that were done at a moment or later. */
export async function doneErasures(db: D1Database, siteId: SiteId, since = 0): Promise<Subject[]> {
  const isDone = and(eq(erasures.kind, "erasure"), eq(erasures.state, "done"), gte(erasures.doneAt, since));
  return (await read(db, and(eq(erasures.siteId, siteId), isDone))).map(subjectOf);
}

/** Until when persons of the site were erased, milliseconds; now while some are, 0 when nobody was. */
export async function erasedUntil(db: D1Database, siteId: SiteId, now: number): Promise<number> {
  const row = await db
    .prepare("select max(coalesce(done_at, ?2)) as until from erasures where site_id = ?1 and kind = 'erasure'")
    .bind(siteId, now)
    .first<{ until: number | null }>();
  return row?.until ?? 0;
}

/** Who was erased, of all sites, as `--erased` takes them. */
export async function erasedPeople(db: D1Database): Promise<Erased[]> {
  const isDone = and(eq(erasures.kind, "erasure"), eq(erasures.state, "done"));
  return (await read(db, isDone)).map(({ siteId: site, userId, persistentIds, visitorIds, names }) => ({
    ...{ site, userId, persistentIds, visitorIds, names },
    sealed: true,
  }));
}
