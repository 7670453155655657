import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How the canary's visits of an hour came out. */
export const canaryHours = sqliteTable("canary_hours", {
  /** Start of the UTC hour, milliseconds. */
  hour: integer("hour").primaryKey(),
  runs: integer("runs").notNull(),
  failed: integer("failed").notNull(),
  /** The longest that a visit needed to be counted, milliseconds. */
  slowestMs: integer("slowest_ms").notNull(),
  /** Scheduled time of the last visit; what it came to: null when it was counted right. */
  lastAt: integer("last_at").notNull(),
  lastProblem: text("last_problem"),
});
