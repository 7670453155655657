import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const goals = sqliteTable(
  "goals",
  {
    id: text("id").primaryKey(),
    siteId: text("site_id").notNull(),
    name: text("name").notNull(),
    kind: text("kind", { enum: ["event", "page"] }).notNull(),
    match: text("match").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("goals_by_site").on(table.siteId)],
);
