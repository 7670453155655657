// Schedules of reports, and which of them are due.
import { and, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { NewReportSchedule, ReportSchedule } from "../domain/report-schedule.ts";
import type { Author } from "../domain/resource.ts";
import type { SiteId } from "../domain/site.ts";
import type { VersionAsked } from "./resources.ts";
import { reportDeliveries, reportSchedules, reportUnsubscribed } from "./schema/index.ts";

/** Of a site. */
export const MOST_SCHEDULES = 1000;
/** Whoever took a schedule has planned it within it, or never will. */
const LEASE_MS = 60_000;
/** An incident that was written late still counts. */
const LOOK_BACK_MS = 2 * 3600_000;
/** A schedule that waits for rules goes out at most once in so long. */
const ALERTS_APART_MS = 3600_000;

export interface StoredSchedule extends ReportSchedule {
  createdBy: Author;
  origin: string;
}

type Row = typeof reportSchedules.$inferSelect;

const scheduleOf = (row: Row): StoredSchedule => {
  const { body, createdBy, authorName, onAlert: _, leasedUntil: __, ...rest } = row;
  const siteId = row.siteId as SiteId; // checked when written
  return { ...body, ...rest, siteId, createdBy: { id: createdBy, name: authorName } };
};

const own = (siteId: SiteId, id: string) => and(eq(reportSchedules.siteId, siteId), eq(reportSchedules.id, id));

const waitsForRule = ({ when, paused }: NewReportSchedule): boolean => when.every === "alert" && !paused;

/** Oldest first. */
export async function listReportSchedules(
  db: D1Database,
  siteId: SiteId,
  { after, limit }: { after: readonly (string | number)[] | null; limit: number },
): Promise<StoredSchedule[]> {
  const { createdAt, id } = reportSchedules;
  const [at, last] = after ?? [];
  const rows = await drizzle(db)
    .select()
    .from(reportSchedules)
    .where(and(eq(reportSchedules.siteId, siteId), after ? sql`(${createdAt}, ${id}) > (${at}, ${last})` : undefined))
    .orderBy(createdAt, id)
    .limit(limit);
  return rows.map(scheduleOf);
}

export async function findReportSchedule(db: D1Database, siteId: SiteId, id: string): Promise<StoredSchedule | null> {
  const [row] = await drizzle(db).select().from(reportSchedules).where(own(siteId, id));
  return row ? scheduleOf(row) : null;
}

interface Made {
  body: NewReportSchedule;
  nextAt: number | null;
  origin: string;
  now: number;
}

/** Null when the site has as many as it may. */
export async function addReportSchedule(
  db: D1Database,
  siteId: SiteId,
  { body, nextAt, origin, author, now }: Made & { author: Author },
): Promise<StoredSchedule | null> {
  const id = crypto.randomUUID();
  const onAlert = waitsForRule(body) ? 1 : 0;
  const row = await db
    .prepare(
      `insert into report_schedules (site_id, id, body, version, created_by, author_name, created_at, updated_at, origin, next_at, on_alert)
       select ?1, ?2, ?3, 1, ?4, ?5, ?6, ?6, ?7, ?8, ?9
       where (select count(*) from report_schedules where site_id = ?1) < ?10 returning id`,
    )
    .bind(siteId, id, JSON.stringify(body), author.id, author.name, now, origin, nextAt, onAlert, MOST_SCHEDULES)
    .first();
  const facts = { id, siteId, version: 1, createdBy: author, createdAt: now, updatedAt: now };
  return row && { ...body, ...facts, origin, nextAt };
}

/** What is due and was not planned yet stays due. Null when there is none, or none of that version. */
export async function changeReportSchedule(
  db: D1Database,
  siteId: SiteId,
  { id, body, nextAt, origin, version, now }: Made & { id: string; version: VersionAsked },
): Promise<StoredSchedule | null> {
  const { nextAt: before } = reportSchedules;
  const [row] = await drizzle(db)
    .update(reportSchedules)
    .set({
      body,
      origin,
      onAlert: waitsForRule(body),
      nextAt: nextAt === null ? null : sql`case when ${before} <= ${now} then ${before} else ${nextAt} end`,
      version: sql`${reportSchedules.version} + 1`,
      updatedAt: now,
    })
    .where(and(own(siteId, id), version === null ? undefined : eq(reportSchedules.version, version)))
    .returning();
  return row ? scheduleOf(row) : null;
}

/** With what waits to be sent and who unsubscribed; what was sent stays in the history. False where there is none of that version. */
export async function removeReportSchedule(
  db: D1Database,
  siteId: SiteId,
  { id, version }: { id: string; version: VersionAsked },
): Promise<boolean> {
  const store = drizzle(db);
  const isGone = sql`not exists (select 1 from ${reportSchedules} where ${own(siteId, id)})`;
  const { siteId: site, scheduleId, state } = reportDeliveries;
  const [gone] = await store.batch([
    store
      .delete(reportSchedules)
      .where(and(own(siteId, id), version === null ? undefined : eq(reportSchedules.version, version)))
      .returning({ id: reportSchedules.id }),
    store.delete(reportDeliveries).where(and(eq(site, siteId), eq(scheduleId, id), eq(state, "due"), isGone)),
    store
      .delete(reportUnsubscribed)
      .where(and(eq(reportUnsubscribed.siteId, siteId), eq(reportUnsubscribed.scheduleId, id), isGone)),
  ]);
  return gone.length > 0;
}

/** Those due, the longest waiting first; nobody else is given them for a while. */
export async function claimReportSchedules(
  db: D1Database,
  { now, most }: { now: number; most: number },
): Promise<StoredSchedule[]> {
  const { siteId, id, nextAt, leasedUntil } = reportSchedules;
  const rows = await drizzle(db)
    .update(reportSchedules)
    .set({ leasedUntil: now + LEASE_MS })
    .where(
      sql`(${siteId}, ${id}) in (select s.site_id, s.id from report_schedules s
        where s.next_at <= ${now} and s.leased_until <= ${now} order by s.next_at limit ${most})
        and ${nextAt} <= ${now} and ${leasedUntil} <= ${now}`,
    )
    .returning();
  return rows.map(scheduleOf);
}

/** Schedules that wait for a rule which has fired since they stood as they do, with the moment of it. */
export async function schedulesOfIncidents(
  db: D1Database,
  { now, most }: { now: number; most: number },
): Promise<{ schedule: StoredSchedule; openedAt: number }[]> {
  // By their whole names: within the inner question others are called the same.
  const opened = sql<number | null>`(select min(i.opened_at) from incidents i where i.site_id = report_schedules.site_id
    and i.opened_at > max(report_schedules.updated_at - 60000, ${now - LOOK_BACK_MS})
    and i.rule_id in (select value from json_each(report_schedules.body, '$.when.ruleIds'))
    and not exists (select 1 from report_deliveries d where d.site_id = i.site_id and d.schedule_id = report_schedules.id
      and d.due_at > i.opened_at - ${ALERTS_APART_MS} and d.report ->> '$.onAlert'))`;
  const rows = await drizzle(db)
    .select({ row: reportSchedules, openedAt: opened })
    .from(reportSchedules)
    .where(and(eq(reportSchedules.onAlert, true), sql`${opened} is not null`))
    .limit(most);
  return rows.flatMap(({ row, openedAt }) => (openedAt === null ? [] : [{ schedule: scheduleOf(row), openedAt }]));
}
