import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Detail, Totals } from "../../domain/measures.ts";

/** The system's measures of itself: a row an isolate and five minutes, brought together to a row an hour. */
export const measures = sqliteTable("measures", {
  /** When and who in one number (`measureKey`): a key of two columns would cost a second row each time. */
  id: integer("id").primaryKey(),
  totals: text("totals", { mode: "json" }).$type<Totals>().notNull(),
  detail: text("detail", { mode: "json" }).$type<Detail>().notNull(),
});
