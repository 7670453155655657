import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const imports = sqliteTable(
  "imports",
  {
    siteId: text("site_id").notNull(),
    id: text("id").notNull(),
    label: text("label").notNull(),
    visitors: text("visitors", { enum: ["given", "daily"] }).notNull(),
    bots: text("bots", { enum: ["keep", "drop"] }).notNull(),
    state: text("state", { enum: ["open", "finished", "undoing", "undone"] }).notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.id] })],
);
