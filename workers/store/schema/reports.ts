import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { NewReportSchedule, REPORT_DELIVERY_STATES, ReportRecipient } from "../../domain/report-schedule.ts";

/** Which reports go out when. Body and next moment are one row, so that neither changes without the other. */
export const reportSchedules = sqliteTable(
  "report_schedules",
  {
    siteId: text("site_id").notNull(),
    id: text("id").notNull(),
    body: text("body", { mode: "json" }).$type<NewReportSchedule>().notNull(),
    version: integer("version").notNull().default(1),
    createdBy: text("created_by").notNull(),
    authorName: text("author_name").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** Where the dashboard was when it was last changed, for links. */
    origin: text("origin").notNull(),
    /** When it is due, milliseconds; null while it is paused, or waits for a rule. */
    nextAt: integer("next_at"),
    /** Whether it waits for a rule. */
    onAlert: integer("on_alert", { mode: "boolean" }).notNull().default(false),
    leasedUntil: integer("leased_until").notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.siteId, table.id] }),
    index("report_schedules_due").on(table.nextAt),
    index("report_schedules_on_alert").on(table.onAlert),
  ],
);

/** What is sent, as the schedule said when it was due: a change since then is of the next one. */
export interface ReportOrder extends Pick<NewReportSchedule, "name" | "reportId" | "period" | "timeZone" | "formats"> {
  origin: string;
  /** Whether it went out by a rule, and tells of the moment, not of whole days. */
  onAlert: boolean;
  /** What readers should know of it; empty for nothing. */
  note: string;
}

export interface StoredReportFile {
  name: string;
  format: string;
  bytes: number;
  /** In the bucket; null where it was not kept. */
  key: string | null;
}

/** The outbox of reports: what goes to whom, and what became of it. */
export const reportDeliveries = sqliteTable(
  "report_deliveries",
  {
    siteId: text("site_id").notNull(),
    /** Hash of schedule, moment, recipient and formats: the key of idempotency. */
    id: text("id").notNull(),
    scheduleId: text("schedule_id").notNull(),
    /** The moment it was due, milliseconds. */
    dueAt: integer("due_at").notNull(),
    recipient: text("recipient", { mode: "json" }).$type<ReportRecipient>().notNull(),
    report: text("report", { mode: "json" }).$type<ReportOrder>().notNull(),
    state: text("state").$type<(typeof REPORT_DELIVERY_STATES)[number]>().notNull(),
    /** How often somebody had it sent once more; another mail each time. */
    turn: integer("turn").notNull().default(0),
    tries: integer("tries").notNull().default(0),
    /** When it is tried next. */
    nextAt: integer("next_at").notNull(),
    /** Of this turn, milliseconds: after a day it is given up. */
    dueSince: integer("due_since").notNull(),
    createdAt: integer("created_at").notNull(),
    told: text("told").notNull().default(""),
    sentAt: integer("sent_at"),
    openedAt: integer("opened_at"),
    opens: integer("opens").notNull().default(0),
    sections: text("sections", { mode: "json" }).$type<string[]>().notNull().default([]),
    files: text("files", { mode: "json" }).$type<StoredReportFile[]>().notNull().default([]),
  },
  (table) => [
    primaryKey({ columns: [table.siteId, table.id] }),
    index("report_deliveries_due").on(table.state, table.nextAt),
    index("report_deliveries_by_age").on(table.siteId, table.createdAt, table.id),
    index("report_deliveries_of_schedule").on(table.siteId, table.scheduleId, table.dueAt),
  ],
);

/** Who wants no more of a schedule: a keyed hash of the address, which tells nobody who that is. */
export const reportUnsubscribed = sqliteTable(
  "report_unsubscribed",
  {
    siteId: text("site_id").notNull(),
    scheduleId: text("schedule_id").notNull(),
    address: text("address").notNull(),
    at: integer("at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.scheduleId, table.address] })],
);
