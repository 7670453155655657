import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { NewHeartSheet } from "../../catalog/heart.ts";

export const heartSheets = sqliteTable(
  "heart_sheets",
  {
    siteId: text("site_id").notNull(),
    id: text("id").notNull(),
    body: text("body", { mode: "json" }).$type<NewHeartSheet>().notNull(),
    createdAt: integer("created_at").notNull(),
    version: integer("version").notNull().default(1),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.id] })],
);
