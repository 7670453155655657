import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { NewKpi } from "../../catalog/kpi.ts";

export const kpis = sqliteTable(
  "kpis",
  {
    siteId: text("site_id").notNull(),
    id: text("id").notNull(),
    body: text("body", { mode: "json" }).$type<NewKpi>().notNull(),
    createdAt: integer("created_at").notNull(),
    version: integer("version").notNull().default(1),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.id] })],
);
