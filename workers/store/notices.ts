// The outbox of alerts: claimed for a while, told, and written down. What was cut off in between is told again, under the
// same key.
import { and, desc, eq, gte, lt, ne, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { AlertMessage } from "../domain/alert.ts";
import type { SiteId } from "../domain/site.ts";
import { notices } from "./schema/index.ts";

/** Within it whoever claimed a notice has told it, or never will. */
const CLAIM_MS = 120_000;
const MOST_OF_INCIDENT = 500;
const MOST_ATTEMPTS = 30;

export interface Notice {
  siteId: SiteId;
  id: string;
  channelId: string;
  message: Omit<AlertMessage, "link">;
  tries: number;
  createdAt: number;
}

/**
 * Those due, of each incident and channel the oldest alone, so that nobody hears of an end before its beginning; of each channel
 * its first before any's second, so that one with much to say leaves room for the others.
 */
export async function claimNotices(db: D1Database, { now, most }: { now: number; most: number }): Promise<Notice[]> {
  const { results } = await db
    .prepare(
      `update notices set tries = tries + 1, next_at = ?2 where rowid in (
         select n.rowid from notices n where n.state = 'due' and n.next_at <= ?1 and not exists (
           select 1 from notices o where o.site_id = n.site_id and o.incident_id = n.incident_id
             and o.channel_id = n.channel_id and o.state = 'due' and o.rowid < n.rowid)
         order by row_number() over (partition by n.site_id, n.channel_id order by n.next_at), n.next_at limit ?3)
       returning site_id as siteId, id, channel_id as channelId, message, tries, created_at as createdAt`,
    )
    .bind(now, now + CLAIM_MS, most)
    .all<Omit<Notice, "message"> & { message: string }>();
  return results.map(({ message, ...row }) => ({ ...row, message: JSON.parse(message) as Notice["message"] })); // commitAlerts wrote it
}

export interface Settled {
  state: "due" | "sent" | "shown" | "failed";
  told: string;
  /** Of those that are due: when again. */
  nextAt: number;
}

export async function settleNotice(
  db: D1Database,
  { siteId, id, at }: Pick<Notice, "siteId" | "id"> & { at: number },
  settled: Settled,
): Promise<void> {
  const tried = JSON.stringify({ at, state: settled.state, told: settled.told });
  const { attempts } = notices;
  await drizzle(db)
    .update(notices)
    .set({
      ...settled,
      attempts: sql`json_insert(case when json_array_length(${attempts}) < ${MOST_ATTEMPTS} then ${attempts}
        else json_remove(${attempts}, '$[0]') end, '$[#]', json(${tried}))`,
    })
    .where(and(eq(notices.siteId, siteId), eq(notices.id, id)));
}

/** Due once more, under its old key. `waits`: it is due as it is; null where there is no such notice. */
export async function replayNotice(
  db: D1Database,
  siteId: SiteId,
  { id, now }: { id: string; now: number },
): Promise<"replayed" | "waits" | null> {
  const own = and(eq(notices.siteId, siteId), eq(notices.id, id));
  const again = await drizzle(db)
    .update(notices)
    .set({ state: "due", nextAt: now, tries: 0, told: "" })
    .where(and(own, ne(notices.state, "due")))
    .returning({ id: notices.id });
  if (again.length > 0) return "replayed";
  const [found] = await drizzle(db).select({ id: notices.id }).from(notices).where(own);
  return found ? "waits" : null;
}

export type Delivery = Omit<typeof notices.$inferSelect, "siteId" | "message"> & { message: Notice["message"] };

/** Newest first. */
export async function listNotices(
  db: D1Database,
  siteId: SiteId,
  { before, limit }: { before: readonly (string | number)[] | null; limit: number },
): Promise<Delivery[]> {
  const [createdAt, id] = before ?? [];
  const rows = await drizzle(db)
    .select()
    .from(notices)
    .where(
      and(
        eq(notices.siteId, siteId),
        before ? sql`(${notices.createdAt}, ${notices.id}) < (${createdAt}, ${id})` : undefined,
      ),
    )
    .orderBy(desc(notices.createdAt), desc(notices.id))
    .limit(limit);
  return rows.map(({ siteId: _, ...row }) => row);
}

/** Newest first. */
export async function noticesOfIncident(db: D1Database, siteId: SiteId, incidentId: string): Promise<Delivery[]> {
  const rows = await drizzle(db)
    .select()
    .from(notices)
    // Its id is what the ids of its notices begin with: the primary key finds them.
    .where(and(eq(notices.siteId, siteId), gte(notices.id, `${incidentId}.`), lt(notices.id, `${incidentId}/`)))
    .orderBy(sql`rowid desc`)
    .limit(MOST_OF_INCIDENT);
  return rows.map(({ siteId: _, ...row }) => row);
}

export async function forgetNotices(db: D1Database, before: number): Promise<void> {
  await db.prepare("delete from notices where created_at < ?1 and state <> 'due'").bind(before).run();
}
