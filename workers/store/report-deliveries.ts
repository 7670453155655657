// The outbox of reports: planned with the schedule's next moment in one transaction, claimed for a while, sent, and written down.
// What was cut off in between is sent again under the same key.
import { and, desc, eq, ne, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { ReportRecipient } from "../domain/report-schedule.ts";
import type { SiteId } from "../domain/site.ts";
import type { StoredSchedule } from "./report-schedules.ts";
import { reportDeliveries } from "./schema/index.ts";
import type { ReportOrder, StoredReportFile } from "./schema/reports.ts";

export type { ReportOrder, StoredReportFile } from "./schema/reports.ts";

/** Within it whoever claimed a delivery has sent it, or never will. */
const CLAIM_MS = 180_000;

type Row = typeof reportDeliveries.$inferSelect;
export type StoredDelivery = Omit<Row, "siteId"> & { siteId: SiteId };

const deliveryOf = (row: Row): StoredDelivery => ({ ...row, siteId: row.siteId as SiteId }); // checked when written

const own = (siteId: SiteId, id: string) => and(eq(reportDeliveries.siteId, siteId), eq(reportDeliveries.id, id));

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The same for the same report to the same recipient, whoever plans it. */
async function keyOf(
  scheduleId: string,
  dueAt: number,
  to: { recipient: ReportRecipient; formats: readonly string[] },
) {
  const text = JSON.stringify([scheduleId, dueAt, Object.entries(to.recipient).sort(), [...to.formats].sort()]);
  return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).slice(0, 32);
}

export interface PlannedReport {
  schedule: Pick<StoredSchedule, "siteId" | "id" | "version">;
  dueAt: number;
  report: ReportOrder;
  recipients: { recipient: ReportRecipient; unsubscribed: boolean }[];
  now: number;
}

async function rowsOf({ schedule, dueAt, report, recipients }: PlannedReport) {
  const { formats } = report;
  return Promise.all(
    recipients.map(async ({ recipient, unsubscribed }) => ({
      id: await keyOf(schedule.id, dueAt, { recipient, formats }),
      recipient,
      state: unsubscribed ? "unsubscribed" : "due",
      told: unsubscribed ? "they unsubscribed from it" : "",
    })),
  );
}

const insertion = (db: D1Database, planned: PlannedReport, rows: readonly { id: string }[]) =>
  db
    .prepare(
      `insert or ignore into report_deliveries
         (site_id, id, schedule_id, due_at, recipient, report, state, told, next_at, due_since, created_at)
       select ?1, value ->> 'id', ?2, ?3, value ->> 'recipient', ?4, value ->> 'state', value ->> 'told', ?5, ?5, ?5
       from json_each(?6) where exists (select 1 from report_schedules where site_id = ?1 and id = ?2 and version = ?7)
       returning id`,
    )
    .bind(
      planned.schedule.siteId,
      planned.schedule.id,
      planned.dueAt,
      JSON.stringify(planned.report),
      planned.now,
      JSON.stringify(rows),
      planned.schedule.version,
    );

/** The deliveries and when the schedule is due next, both or, where it was changed meanwhile, neither. */
export async function planReport(db: D1Database, planned: PlannedReport & { nextAt: number | null }): Promise<void> {
  const { siteId, id, version } = planned.schedule;
  await db.batch([
    insertion(db, planned, await rowsOf(planned)),
    db
      .prepare(
        "update report_schedules set next_at = ?4, leased_until = 0 where site_id = ?1 and id = ?2 and version = ?3",
      )
      .bind(siteId, id, version, planned.nextAt),
  ]);
}

/** Beside what the schedule plans: by a rule, or by hand. Ids of those that are new. */
export async function addReportDeliveries(db: D1Database, planned: PlannedReport): Promise<string[]> {
  const { results } = await insertion(db, planned, await rowsOf(planned)).all<{ id: string }>();
  return results.map(({ id }) => id);
}

/** Those due, one report's together, so that it is made once. */
export async function claimReportDeliveries(
  db: D1Database,
  { now, most }: { now: number; most: number },
): Promise<StoredDelivery[]> {
  const { siteId, id, tries, state, nextAt } = reportDeliveries;
  const rows = await drizzle(db)
    .update(reportDeliveries)
    .set({ tries: sql`${tries} + 1`, nextAt: now + CLAIM_MS })
    .where(
      sql`(${siteId}, ${id}) in (select d.site_id, d.id from report_deliveries d
        where d.state = 'due' and d.next_at <= ${now} order by d.next_at, d.site_id, d.schedule_id, d.due_at limit ${most})
        and ${state} = 'due' and ${nextAt} <= ${now}`,
    )
    .returning();
  return rows.map(deliveryOf);
}

export interface SettledReport {
  state: "due" | "sent" | "failed";
  told: string;
  nextAt: number;
  sentAt: number | null;
  files: StoredReportFile[];
}

/** Only of the turn that was claimed: who unsubscribed meanwhile, or asked for it once more, is not overwritten. */
export async function settleReportDelivery(
  db: D1Database,
  { siteId, id, turn }: Pick<StoredDelivery, "siteId" | "id" | "turn">,
  { sentAt, files, ...settled }: SettledReport,
): Promise<void> {
  await drizzle(db)
    .update(reportDeliveries)
    .set({ ...settled, ...(sentAt !== null && { sentAt }), ...(files.length > 0 && { files }) })
    .where(and(own(siteId, id), eq(reportDeliveries.turn, turn), eq(reportDeliveries.state, "due")));
}

/** Newest first. */
export async function listReportDeliveries(
  db: D1Database,
  siteId: SiteId,
  asked: { scheduleId: string | null; before: readonly (string | number)[] | null; limit: number },
): Promise<StoredDelivery[]> {
  const { createdAt, id } = reportDeliveries;
  const [at, last] = asked.before ?? [];
  const rows = await drizzle(db)
    .select()
    .from(reportDeliveries)
    .where(
      and(
        eq(reportDeliveries.siteId, siteId),
        asked.scheduleId === null ? undefined : eq(reportDeliveries.scheduleId, asked.scheduleId),
        asked.before ? sql`(${createdAt}, ${id}) < (${at}, ${last})` : undefined,
      ),
    )
    .orderBy(desc(createdAt), desc(id))
    .limit(asked.limit);
  return rows.map(deliveryOf);
}

export async function findReportDelivery(db: D1Database, siteId: SiteId, id: string): Promise<StoredDelivery | null> {
  const [row] = await drizzle(db).select().from(reportDeliveries).where(own(siteId, id));
  return row ? deliveryOf(row) : null;
}

/** Due once more, as another mail. False where it is due as it is, or they unsubscribed. */
export async function resendReportDelivery(
  db: D1Database,
  siteId: SiteId,
  { id, now }: { id: string; now: number },
): Promise<boolean> {
  const { turn, state } = reportDeliveries;
  const again = await drizzle(db)
    .update(reportDeliveries)
    .set({ state: "due", nextAt: now, dueSince: now, tries: 0, told: "", turn: sql`${turn} + 1` })
    .where(and(own(siteId, id), ne(state, "due"), ne(state, "unsubscribed")))
    .returning({ id: reportDeliveries.id });
  return again.length > 0;
}

/** A link in it was followed; `section` empty for one that belongs to none. */
export async function countReportOpen(
  db: D1Database,
  siteId: SiteId,
  { id, section, now }: { id: string; section: string; now: number },
): Promise<void> {
  const { opens, openedAt, sections } = reportDeliveries;
  const isKnown = sql`exists (select 1 from json_each(${sections}) where value = ${section})`;
  await drizzle(db)
    .update(reportDeliveries)
    .set({
      opens: sql`${opens} + 1`,
      openedAt: sql`coalesce(${openedAt}, ${now})`,
      sections: sql`case when ${section} = '' or ${isKnown} then ${sections} else json_insert(${sections}, '$[#]', ${section}) end`,
    })
    .where(own(siteId, id));
}

/** Some of those made before, with their files, for their end. */
export async function oldReportDeliveries(db: D1Database, before: number, most: number): Promise<StoredDelivery[]> {
  const { createdAt, state } = reportDeliveries;
  const rows = await drizzle(db)
    .select()
    .from(reportDeliveries)
    .where(and(sql`${createdAt} < ${before}`, ne(state, "due")))
    .limit(most);
  return rows.map(deliveryOf);
}

export async function forgetReportDeliveries(db: D1Database, gone: readonly StoredDelivery[]): Promise<void> {
  const keys = JSON.stringify(gone.map(({ siteId, id }) => ({ siteId, id })));
  await db
    .prepare(
      `delete from report_deliveries where (site_id, id) in
       (select value ->> 'siteId', value ->> 'id' from json_each(?1)) and state <> 'due'`,
    )
    .bind(keys)
    .run();
}

/** Of a site: their files are kept no more. How many deliveries had some. */
export async function forgetReportFiles(db: D1Database, siteId: SiteId): Promise<number> {
  const { results } = await db
    .prepare(
      `update report_deliveries set files =
         (select json_group_array(json_set(value, '$.key', null)) from json_each(report_deliveries.files))
       where site_id = ?1 and exists (select 1 from json_each(report_deliveries.files) where value ->> 'key' is not null)
       returning id`,
    )
    .bind(siteId)
    .all();
  return results.length;
}
