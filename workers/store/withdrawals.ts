// Who took consent back: remembered under the pseudonym that their events carried, so that collect refuses what still comes.
import { and, asc, eq, isNotNull, isNull, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { SiteId } from "../domain/site.ts";
import { withdrawals } from "./schema/index.ts";

export type Withdrawal = typeof withdrawals.$inferSelect;
export type Withdrawer = Pick<Withdrawal, "siteId" | "pseudonym" | "kind">;

/** A browser forgets its id when it withdraws: after this long nothing that carries it can still be on its way. */
export const BROWSER_KEPT_MS = 30 * 24 * 3600_000;

/** Repeated, it counts from the last time, and what came since is to be erased too. */
export async function recordWithdrawal(db: D1Database, who: Withdrawer, now: number): Promise<Withdrawal> {
  const fresh = { withdrawnAt: now, grantedAt: null, handedOverAt: null, changedAt: now };
  const [row] = await drizzle(db)
    .insert(withdrawals)
    .values({ ...who, ...fresh })
    .onConflictDoUpdate({ target: [withdrawals.siteId, withdrawals.pseudonym], set: fresh })
    .returning();
  if (!row) throw new Error("the withdrawal was not written");
  const known = held.get(who.siteId);
  known?.pseudonyms.add(who.pseudonym);
  return row;
}

/** Consent given anew; what was withdrawn before is erased all the same. Null where nothing had been withdrawn. */
export async function endWithdrawal(
  db: D1Database,
  siteId: SiteId,
  pseudonym: string,
  now: number,
): Promise<Withdrawal | null> {
  const [row] = await drizzle(db)
    .update(withdrawals)
    .set({ grantedAt: now, changedAt: now })
    .where(and(eq(withdrawals.siteId, siteId), eq(withdrawals.pseudonym, pseudonym)))
    .returning();
  held.get(siteId)?.pseudonyms.delete(pseudonym);
  return row ?? null;
}

export async function findWithdrawal(db: D1Database, siteId: SiteId, pseudonym: string): Promise<Withdrawal | null> {
  const where = and(eq(withdrawals.siteId, siteId), eq(withdrawals.pseudonym, pseudonym));
  const [row] = await drizzle(db).select().from(withdrawals).where(where);
  return row ?? null;
}

/** Says that the erasure was asked for; one that was withdrawn again meanwhile still waits for its own. */
export async function noteHandedOver(db: D1Database, row: Withdrawal, now: number): Promise<Withdrawal> {
  const { siteId, pseudonym, withdrawnAt } = row;
  const isSame = [
    eq(withdrawals.siteId, siteId),
    eq(withdrawals.pseudonym, pseudonym),
    eq(withdrawals.withdrawnAt, withdrawnAt),
  ];
  const [noted] = await drizzle(db)
    .update(withdrawals)
    .set({ handedOverAt: now })
    .where(and(...isSame))
    .returning();
  return noted ?? row;
}

/** Of which nobody has asked for the erasure yet, oldest first. */
export async function withdrawalsLeft(
  db: D1Database,
  { before, limit }: { before: number; limit: number },
): Promise<(Withdrawal & { siteId: SiteId })[]> {
  const rows = await drizzle(db)
    .select()
    .from(withdrawals)
    .where(and(isNull(withdrawals.handedOverAt), lt(withdrawals.withdrawnAt, before)))
    .orderBy(asc(withdrawals.withdrawnAt))
    .limit(limit);
  return rows.map((row) => ({ ...row, siteId: row.siteId as SiteId })); // checked when written
}

/** Removes those of browsers that nothing can come of any more, and of users who agreed anew, once their erasure is asked for. */
export async function forgetWithdrawals(db: D1Database, now: number): Promise<void> {
  const store = drizzle(db);
  const isHandedOver = isNotNull(withdrawals.handedOverAt);
  const isOver = lt(withdrawals.withdrawnAt, now - BROWSER_KEPT_MS);
  await store.batch([
    store.delete(withdrawals).where(and(isHandedOver, isOver, eq(withdrawals.kind, "browser"))),
    store.delete(withdrawals).where(and(isHandedOver, isOver, isNotNull(withdrawals.grantedAt))),
  ]);
}

const CACHE_MS = 10_000;
/** Two places may write at once with clocks that differ a little. */
const OVERLAP_MS = 60_000;
const SITES_REMEMBERED = 1_000;

interface Held {
  pseudonyms: Set<string>;
  /** When it was read last. */
  readAt: number;
}

const held = new Map<string, Held>();

/** Those of the site without waiting; undefined when they have to be read. */
export function heldWithdrawn(siteId: SiteId, now: number): ReadonlySet<string> | undefined {
  const known = held.get(siteId);
  return known && now - known.readAt < CACHE_MS ? known.pseudonyms : undefined;
}

/** Read whole once, then what changed: at most 10 s old, and at once where the withdrawal was made in this isolate. */
export async function loadWithdrawn(db: D1Database, siteId: SiteId, now: number): Promise<ReadonlySet<string>> {
  const known = held.get(siteId);
  const since = known ? known.readAt - OVERLAP_MS : 0;
  const { results } = await db
    .prepare(
      `select pseudonym, granted_at is null as withheld from withdrawals
       where site_id = ?1 and changed_at >= ?2 and (kind = 'user' or withdrawn_at > ?3)`,
    )
    .bind(siteId, since, now - BROWSER_KEPT_MS)
    .all<{ pseudonym: string; withheld: number }>();
  if (!known && held.size >= SITES_REMEMBERED) held.clear();
  const pseudonyms = held.get(siteId)?.pseudonyms ?? new Set<string>();
  for (const row of results) {
    if (row.withheld) pseudonyms.add(row.pseudonym);
    else pseudonyms.delete(row.pseudonym);
  }
  held.set(siteId, { pseudonyms, readAt: now });
  return pseudonyms;
}
