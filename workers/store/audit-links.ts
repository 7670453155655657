// The table of the audit trail as the chain sees it: links put in and read in order.
import { asc, desc, eq, gt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { AuditLink } from "../domain/audit.ts";
import { audit } from "./schema/index.ts";

/** False, and nothing is written, when one of the places is taken. */
export async function putLinks(db: D1Database, links: readonly AuditLink[]): Promise<boolean> {
  const statement = db.prepare(
    `insert into audit (seq, at, actor, action, summary, target, team_id, site_id, outcome, request_id, country, origin,
       before, after, previous, hash)
     select value ->> 'seq', value ->> 'at', value ->> 'actor', value ->> 'action', value ->> 'summary', value ->> 'target',
       value ->> 'teamId', value ->> 'siteId', value ->> 'outcome', value ->> 'requestId', value ->> 'country',
       value ->> 'origin', value ->> 'before', value ->> 'after', value ->> 'previous', value ->> 'hash'
     from json_each(?1)`,
  );
  try {
    await statement.bind(JSON.stringify(links)).run();
    return true;
  } catch (error) {
    if (String(error).includes("UNIQUE constraint failed")) return false;
    throw error;
  }
}

/** In order, those after a place. */
export function linksAfter(db: D1Database, seq: number, limit: number): Promise<AuditLink[]> {
  return drizzle(db).select().from(audit).where(gt(audit.seq, seq)).orderBy(asc(audit.seq)).limit(limit);
}

export async function linkAt(db: D1Database, seq: number): Promise<AuditLink | null> {
  const [link] = await drizzle(db).select().from(audit).where(eq(audit.seq, seq));
  return link ?? null;
}

/** The last ones, the latest first, of those after a place. */
export function lastLinks(db: D1Database, seq: number, limit: number): Promise<AuditLink[]> {
  return drizzle(db).select().from(audit).where(gt(audit.seq, seq)).orderBy(desc(audit.seq)).limit(limit);
}

/** The first place after `seq` that is not taken. */
export async function freePlace(db: D1Database, seq: number): Promise<number> {
  const row = await db
    .prepare(
      `select min(place) as place from (
         select ?1 + 1 as place where not exists (select 1 from audit where seq = ?1 + 1)
         union all
         select seq + 1 from audit a where seq > ?1 and not exists (select 1 from audit b where b.seq = a.seq + 1))`,
    )
    .bind(seq)
    .first<{ place: number }>();
  return row?.place ?? seq + 1;
}
