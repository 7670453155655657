import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { SentCounters } from "../../domain/metric-sample.ts";
import type { SiteId } from "../../domain/site.ts";

/** Where metrics are sent. Of the system itself the site is empty. */
export const metricTargets = sqliteTable(
  "metric_targets",
  {
    siteId: text("site_id").$type<SiteId | "">().notNull(),
    id: text("id").notNull(),
    kind: text("kind").notNull(),
    label: text("label").notNull(),
    /** Sealed, since it holds keys. */
    config: text("config").notNull(),
    /** Names of the site's metrics; of the system all is sent. */
    metrics: text("metrics", { mode: "json" }).$type<string[]>().notNull(),
    /** 1 or 5. */
    everyMinutes: integer("every_minutes").notNull(),
    createdAt: integer("created_at").notNull(),
    dueAt: integer("due_at").notNull(),
    /** The minute that was sent last, milliseconds, and its counters. Written before it is sent, so that it is sent once. */
    sentAt: integer("sent_at").notNull().default(0),
    sent: text("sent", { mode: "json" }).$type<SentCounters>().notNull().default({}),
    /** What came of it last, for people, and when; 0 before the first. */
    told: text("told").notNull().default(""),
    toldAt: integer("told_at").notNull().default(0),
    /** Times in a row that it went wrong. */
    failures: integer("failures").notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.id] }), index("metric_targets_due").on(table.dueAt)],
);
