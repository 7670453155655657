import { desc } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { systemIncidents } from "../schema/index.ts";

export type Incident = typeof systemIncidents.$inferSelect;

const MOST_TOLD = 100;

/** Opens one of that kind unless one is open; whoever comes second changes nothing. */
const opening = (db: D1Database, { kind, openedAt, reason }: Pick<Incident, "kind" | "openedAt" | "reason">) =>
  db
    .prepare(
      `insert into system_incidents (kind, opened_at, reason) select ?1, ?2, ?3
       where not exists (select 1 from system_incidents where kind = ?1 and closed_at is null)`,
    )
    .bind(kind, openedAt, reason);

/** Opens what is wrong now and closes what no longer is. */
export async function settleIncidents(
  db: D1Database,
  wrong: readonly Pick<Incident, "kind" | "reason">[],
  now: number,
): Promise<void> {
  const close = db
    .prepare(
      "update system_incidents set closed_at = ?1 where closed_at is null and kind not in (select value from json_each(?2))",
    )
    .bind(now, JSON.stringify(wrong.map(({ kind }) => kind)));
  await db.batch([...wrong.map((one) => opening(db, { ...one, openedAt: now })), close]);
}

/** Tells of a time that is over; again it changes nothing. */
export async function recordPast(db: D1Database, past: Omit<Incident, "id">): Promise<void> {
  await db
    .prepare(
      `insert into system_incidents (kind, opened_at, closed_at, reason) select ?1, ?2, ?3, ?4
       where not exists (select 1 from system_incidents where kind = ?1 and opened_at = ?2)`,
    )
    .bind(past.kind, past.openedAt, past.closedAt, past.reason)
    .run();
}

/** The newest first. */
export const listIncidents = (db: D1Database): Promise<Incident[]> =>
  drizzle(db)
    .select()
    .from(systemIncidents)
    .orderBy(desc(systemIncidents.openedAt), desc(systemIncidents.id))
    .limit(MOST_TOLD);

export async function pruneIncidents(db: D1Database, before: number): Promise<void> {
  await db.prepare("delete from system_incidents where closed_at < ?1").bind(before).run();
}
