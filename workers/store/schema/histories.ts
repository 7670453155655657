import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What was imported of other tools; `content` is JSON. One that is not complete has days that nobody reads. */
export const histories = sqliteTable(
  "histories",
  {
    siteId: text("site_id").notNull(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    content: text("content").notNull(),
    complete: integer("complete", { mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.id] })],
);

/** The counts of a panel and day; what does not fit goes on in further parts. `body` is JSON, a list of rows. */
export const historyDays = sqliteTable(
  "history_days",
  {
    siteId: text("site_id").notNull(),
    historyId: text("history_id").notNull(),
    panel: text("panel").notNull(),
    date: text("date").notNull(),
    part: integer("part").notNull(),
    body: text("body").notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.historyId, table.panel, table.date, table.part] })],
);
