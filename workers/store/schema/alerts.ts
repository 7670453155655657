import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { AlertMessage, Incident, IncidentEntry, IncidentState, NewAlertRule, Quiet } from "../../domain/alert.ts";

export const alertRules = sqliteTable(
  "alert_rules",
  {
    siteId: text("site_id").notNull(),
    id: text("id").notNull(),
    body: text("body", { mode: "json" }).$type<NewAlertRule>().notNull(),
    /** How the rule stands, as workers/alerts keeps it; null before its first run. */
    state: text("state", { mode: "json" }).$type<unknown>(),
    createdAt: integer("created_at").notNull(),
    version: integer("version").notNull().default(1),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.id] })],
);

/** How far a site's rules are judged. Whoever writes states, incidents or notices does so over the `writer` that they read. */
export const alertRuns = sqliteTable("alert_runs", {
  siteId: text("site_id").primaryKey(),
  /** End of the last minute, milliseconds. */
  through: integer("through").notNull(),
  writer: text("writer").notNull().default(""),
  leasedUntil: integer("leased_until").notNull().default(0),
  maintenance: text("maintenance", { mode: "json" }).$type<Quiet[]>().notNull().default([]),
});

export const incidents = sqliteTable(
  "incidents",
  {
    siteId: text("site_id").notNull(),
    id: text("id").notNull(),
    ruleId: text("rule_id").notNull(),
    state: text("state").$type<IncidentState>().notNull(),
    body: text("body", { mode: "json" }).$type<Incident>().notNull(),
    openedAt: integer("opened_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.siteId, table.id] }),
    index("incidents_by_age").on(table.siteId, table.openedAt),
  ],
);

/** What happened to an incident, in order of time. */
export const incidentEntries = sqliteTable(
  "incident_entries",
  {
    siteId: text("site_id").notNull(),
    incidentId: text("incident_id").notNull(),
    key: text("key").notNull(),
    at: integer("at").notNull(),
    kind: text("kind").$type<IncidentEntry["kind"]>().notNull(),
    by: text("by").notNull(),
    /** Who that is, as the log of requests names them; empty where the rule did it. */
    author: text("author").notNull().default(""),
    text: text("text").notNull(),
    value: real("value"),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.incidentId, table.key] })],
);

export const alertChannels = sqliteTable(
  "alert_channels",
  {
    siteId: text("site_id").notNull(),
    id: text("id").notNull(),
    kind: text("kind").notNull(),
    label: text("label").notNull(),
    /** Sealed, since it holds addresses that open something. */
    config: text("config").notNull(),
    /** Where the dashboard was when the channel was made, for links. */
    origin: text("origin").notNull(),
    /** Why nothing is sent there any more; empty while it is. */
    off: text("off").notNull().default(""),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.id] })],
);

export const NOTICE_STATES = ["due", "sent", "shown", "failed"] as const;

export interface NoticeAttempt {
  /** Milliseconds. */
  at: number;
  /** What the notice was after it. */
  state: (typeof NOTICE_STATES)[number];
  told: string;
}

/** The outbox: what is to be told, by whom, and what became of it. */
export const notices = sqliteTable(
  "notices",
  {
    siteId: text("site_id").notNull(),
    /** Incident, state, turn and channel: the key of idempotency. */
    id: text("id").notNull(),
    incidentId: text("incident_id").notNull(),
    channelId: text("channel_id").notNull(),
    message: text("message", { mode: "json" }).$type<Omit<AlertMessage, "link">>().notNull(),
    state: text("state").$type<(typeof NOTICE_STATES)[number]>().notNull(),
    tries: integer("tries").notNull().default(0),
    /** When it is tried next. */
    nextAt: integer("next_at").notNull(),
    createdAt: integer("created_at").notNull(),
    /** What was answered the last time. */
    told: text("told").notNull().default(""),
    /** The last tries, oldest first. */
    attempts: text("attempts", { mode: "json" }).$type<NoticeAttempt[]>().notNull().default([]),
  },
  (table) => [
    primaryKey({ columns: [table.siteId, table.id] }),
    index("notices_due").on(table.state, table.nextAt),
    index("notices_by_age").on(table.siteId, table.createdAt),
  ],
);
