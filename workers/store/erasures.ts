// Requests about persons, and how far they are.
import { and, asc, eq, isNotNull, isNull, ne, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { SiteId } from "../domain/site.ts";
import type { Removed, Subject } from "../domain/subject.ts";
import { erasures } from "./schema/index.ts";
import type { NameKey } from "./subjects/names.ts";
import { createSeal } from "./subjects/seal-ids.ts";

export type Erasure = Omit<typeof erasures.$inferSelect, "siteId"> & { siteId: SiteId };

export type ErasureKey = Pick<Erasure, "siteId" | "id">;

const toErasure = (row: typeof erasures.$inferSelect): Erasure => ({ ...row, siteId: row.siteId as SiteId }); // checked when written

const one = ({ siteId, id }: ErasureKey) => and(eq(erasures.siteId, siteId), eq(erasures.id, id));

/** The same request made again changes nothing. */
export async function addErasure(db: D1Database, row: typeof erasures.$inferInsert): Promise<void> {
  await drizzle(db).insert(erasures).values(row).onConflictDoNothing();
}

export async function findErasure(db: D1Database, key: ErasureKey): Promise<Erasure | null> {
  const [row] = await drizzle(db).select().from(erasures).where(one(key));
  return row ? toErasure(row) : null;
}

export async function listErasures(db: D1Database, siteId: SiteId): Promise<Erasure[]> {
  const rows = await drizzle(db)
    .select()
    .from(erasures)
    .where(eq(erasures.siteId, siteId))
    .orderBy(asc(erasures.requestedAt), asc(erasures.id));
  return rows.map(toErasure);
}

const isOpen = and(eq(erasures.kind, "erasure"), ne(erasures.state, "done"));

export async function openErasures(db: D1Database, siteId: SiteId): Promise<Erasure[]> {
  const rows = await drizzle(db)
    .select()
    .from(erasures)
    .where(and(eq(erasures.siteId, siteId), isOpen))
    .orderBy(asc(erasures.requestedAt), asc(erasures.id));
  return rows.map(toErasure);
}

export async function sitesWithErasures(db: D1Database): Promise<SiteId[]> {
  const rows = await drizzle(db).selectDistinct({ siteId: erasures.siteId }).from(erasures).where(isOpen);
  return rows.map(({ siteId }) => siteId as SiteId); // checked when written
}

/** Those of whom nothing was counted yet, though shards of an epoch before `epoch` know of them. */
export async function uncountedErasures(db: D1Database, siteId: SiteId, epoch: number): Promise<Erasure[]> {
  const rows = await drizzle(db)
    .select()
    .from(erasures)
    .where(
      and(
        eq(erasures.siteId, siteId),
        isOpen,
        isNotNull(erasures.knownTo),
        isNull(erasures.held),
        sql`known_to < ${epoch}`,
      ),
    );
  return rows.map(toErasure);
}

export type ErasureChange = Partial<
  Pick<Erasure, "state" | "persistentIds" | "visitorIds" | "knownTo" | "held" | "userId" | "doneAt">
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

/** All stores are through: from now on the ids are kept as keyed hashes, of the same length so that they are overwritten. */
export async function closeErasure(
  db: D1Database,
  row: Erasure,
  { key, now }: { key: NameKey; now: number },
): Promise<void> {
  const seal = createSeal(key);
  const [userId, persistentIds, visitorIds] = [seal(row.userId), row.persistentIds.map(seal), row.visitorIds.map(seal)];
  const { siteId, id } = row;
  await db.batch([
    db
      .prepare(
        `update erasures set user_id = ?3, persistent_ids = ?4, visitor_ids = ?5
         where site_id = ?1 and id = ?2 and state <> 'done'`,
      )
      .bind(siteId, id, userId, JSON.stringify(persistentIds), JSON.stringify(visitorIds)),
    db
      .prepare("update erasures set state = 'done', done_at = ?3 where site_id = ?1 and id = ?2 and state <> 'done'")
      .bind(siteId, id, now),
  ]);
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

/** Those that a copy of before must be searched for again. */
export async function doneErasures(db: D1Database, siteId: SiteId): Promise<Subject[]> {
  const rows = await drizzle(db)
    .select()
    .from(erasures)
    .where(and(eq(erasures.siteId, siteId), eq(erasures.kind, "erasure"), eq(erasures.state, "done")));
  return rows.map((row) => subjectOf(toErasure(row)));
}
