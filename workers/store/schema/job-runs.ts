import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The last run of each job. */
export const jobRuns = sqliteTable("job_runs", {
  name: text("name").primaryKey(),
  cron: text("cron").notNull(),
  startedAt: integer("started_at").notNull(),
  ms: integer("ms").notNull(),
  /** Why it failed; null when it did not. */
  problem: text("problem"),
  /** When a run last began that did not fail. */
  wellAt: integer("well_at"),
});
