import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { RetentionStep } from "../../domain/retention.ts";

/** What each run of a site's retention did, or left alone and why. */
export const retentionRuns = sqliteTable(
  "retention_runs",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    siteId: text("site_id").notNull(),
    at: integer("at").notNull(),
    /** `held`: a legal hold kept what was due. `partial`: more is due, or some of it failed. */
    state: text("state", { enum: ["done", "partial", "held"] }).notNull(),
    steps: text("steps", { mode: "json" }).$type<RetentionStep[]>().notNull(),
    /** What was due and is still there. */
    kept: text("kept", { mode: "json" }).$type<RetentionStep[]>().notNull(),
    problems: text("problems", { mode: "json" }).$type<string[]>().notNull(),
  },
  (table) => [index("retention_runs_by_site").on(table.siteId, table.at)],
);
