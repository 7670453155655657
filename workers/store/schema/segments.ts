import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Filter } from "../../domain/query.ts";

export const segments = sqliteTable(
  "segments",
  {
    /** A number, as Plausible's, and never given twice. */
    id: integer("id").primaryKey({ autoIncrement: true }),
    siteId: text("site_id").notNull(),
    name: text("name").notNull(),
    filters: text("filters", { mode: "json" }).$type<Filter[]>().notNull(),
    version: integer("version").notNull().default(1),
  },
  (table) => [index("segments_by_site").on(table.siteId)],
);
