// What checks of a site's data found, its scores by day, and which site is looked at next. Every write may be repeated.
import { and, desc, eq, gt, gte, isNull, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { KeptFinding, QualityDay, QualityFault, QualityFinding } from "../domain/quality.ts";
import type { SiteId } from "../domain/site.ts";
import { qualityDays, qualityFindings } from "./schema/index.ts";

/** A look that takes longer has died. */
const LEASE_MS = 10 * 60_000;

/** Sites that were not looked at since then, the longest ago first; none that move, none that somebody looks at. */
export async function sitesToLookAt(
  db: D1Database,
  { since, now, most }: { since: number; now: number; most: number },
): Promise<SiteId[]> {
  const { results } = await db
    .prepare(
      `select s.id from sites s left join quality_looks q on q.site_id = s.id
       where s.next_shards is null and coalesce(q.checked_at, 0) < ?1 and coalesce(q.leased_until, 0) <= ?2
       order by coalesce(q.checked_at, 0), s.id limit ?3`,
    )
    .bind(since, now, most)
    .all<{ id: SiteId }>();
  return results.map(({ id }) => id);
}

export interface Look {
  checkedAt: number;
  /** The last local date that was judged. */
  day: string | null;
}

/** How far the site was looked at, for the one who looks now; null when another does. */
export async function claimLook(db: D1Database, siteId: SiteId, now: number): Promise<Look | null> {
  return db
    .prepare(
      `insert into quality_looks (site_id, checked_at, leased_until) values (?1, 0, ?3)
       on conflict do update set leased_until = excluded.leased_until where leased_until <= ?2
       returning checked_at as checkedAt, day`,
    )
    .bind(siteId, now, now + LEASE_MS)
    .first<Look>();
}

export async function endLook(db: D1Database, siteId: SiteId, { checkedAt, day }: Look): Promise<void> {
  await db
    .prepare("update quality_looks set checked_at = ?2, leased_until = 0, day = ?3 where site_id = ?1")
    .bind(siteId, checkedAt, day)
    .run();
}

export async function readLook(db: D1Database, siteId: SiteId): Promise<Look | null> {
  return db
    .prepare("select checked_at as checkedAt, day from quality_looks where site_id = ?1")
    .bind(siteId)
    .first<Look>();
}

/** A finding as a look had it; `over` when it was found and has ended. */
export type Found = QualityFinding & { over?: boolean };

/** What a look found of the faults that it judges. What it did not find again is resolved; all or nothing is written. */
export async function settleFindings(
  db: D1Database,
  siteId: SiteId,
  { judged, found, at }: { judged: readonly QualityFault[]; found: readonly Found[]; at: number },
): Promise<void> {
  await db.batch([
    db
      .prepare(
        `insert into quality_findings
           (site_id, fault, subject, from_at, to_at, expected, found, reason, first_seen, last_seen, resolved_at)
         select ?1, value->>'fault', value->>'subject', value->>'from', value->>'to', value->>'expected',
           value->>'found', value->>'reason', ?3, ?3, iif(value->>'over', ?3, null)
         from json_each(?2) where true
         on conflict do update set to_at = excluded.to_at, expected = excluded.expected, found = excluded.found,
           reason = excluded.reason, last_seen = max(last_seen, excluded.last_seen),
           resolved_at = iif(excluded.resolved_at is null, null, coalesce(resolved_at, excluded.resolved_at))`,
      )
      .bind(siteId, JSON.stringify(found), at),
    db
      .prepare(
        `update quality_findings set resolved_at = ?3 where site_id = ?1 and resolved_at is null and last_seen < ?3
           and fault in (select value from json_each(?2))`,
      )
      .bind(siteId, JSON.stringify(judged), at),
  ]);
}

/** Those that are open, and those resolved since, the newest first. */
export async function readFindings(
  db: D1Database,
  siteId: SiteId,
  { since, limit }: { since: number; limit: number },
): Promise<KeptFinding[]> {
  const { results } = await db
    .prepare(
      `select fault, subject, from_at as "from", to_at as "to", expected, found, reason, first_seen as firstSeen,
         last_seen as lastSeen, resolved_at as resolvedAt from quality_findings
       where site_id = ?1 and (resolved_at is null or resolved_at >= ?2)
       order by resolved_at is not null, from_at desc, fault, subject limit ?3`,
    )
    .bind(siteId, since, limit)
    .all<KeptFinding>();
  return results;
}

/** Findings that cover some of a time, whatever became of them. */
export async function findingsWithin(
  db: D1Database,
  siteId: SiteId,
  { from, to }: { from: number; to: number },
): Promise<KeptFinding[]> {
  return drizzle(db)
    .select()
    .from(qualityFindings)
    .where(and(eq(qualityFindings.siteId, siteId), gt(qualityFindings.to, from), lt(qualityFindings.from, to)));
}

/** What is still there. */
export async function openFindings(db: D1Database, siteId: SiteId): Promise<KeptFinding[]> {
  return drizzle(db)
    .select()
    .from(qualityFindings)
    .where(and(eq(qualityFindings.siteId, siteId), isNull(qualityFindings.resolvedAt)));
}

const DAYS_A_STATEMENT = 50;

/** Replaces what was kept of the days. */
export async function writeDays(db: D1Database, siteId: SiteId, days: readonly QualityDay[]): Promise<void> {
  const upsert = db.prepare(
    `insert into quality_days (site_id, day, event, total, score, facts)
     select ?1, value->>'day', value->>'event', value->>'$.score.total', value->'score', value->'facts'
     from json_each(?2) where true
     on conflict do update set total = excluded.total, score = excluded.score, facts = excluded.facts`,
  );
  const parts: D1PreparedStatement[] = [];
  for (let start = 0; start < days.length; start += DAYS_A_STATEMENT) {
    parts.push(upsert.bind(siteId, JSON.stringify(days.slice(start, start + DAYS_A_STATEMENT))));
  }
  if (parts.length > 0) await db.batch(parts);
}

/** Days from a date on, the newest first; of one event, with "" of the site, or of all. */
export async function readDays(
  db: D1Database,
  siteId: SiteId,
  { since, event }: { since: string; event?: string },
): Promise<QualityDay[]> {
  const own = and(eq(qualityDays.siteId, siteId), gte(qualityDays.day, since));
  return drizzle(db)
    .select({ day: qualityDays.day, event: qualityDays.event, score: qualityDays.score, facts: qualityDays.facts })
    .from(qualityDays)
    .where(event === undefined ? own : and(own, eq(qualityDays.event, event)))
    .orderBy(desc(qualityDays.day), qualityDays.event);
}

/** Scores and resolved findings that are older are of no use to anybody. */
export async function pruneQuality(db: D1Database, before: number): Promise<void> {
  const day = new Date(before).toISOString().slice(0, 10);
  await db.batch([
    db.prepare("delete from quality_days where day < ?1").bind(day),
    db.prepare("delete from quality_findings where resolved_at < ?1").bind(before),
  ]);
}
