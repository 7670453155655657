import { primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { DayFacts, QualityScore } from "../../domain/quality.ts";

/** A day's score of each event, and with an empty name of the site; beside it what the next days are compared with. */
export const qualityDays = sqliteTable(
  "quality_days",
  {
    siteId: text("site_id").notNull(),
    /** The local date, `2026-11-21`. */
    day: text("day").notNull(),
    event: text("event").notNull(),
    total: real("total"),
    score: text("score", { mode: "json" }).$type<QualityScore>().notNull(),
    facts: text("facts", { mode: "json" }).$type<DayFacts>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.day, table.event] })],
);
