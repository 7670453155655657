import { primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Layout } from "../../domain/board.ts";

/** Where each person has put a board's panels. */
export const boardLayouts = sqliteTable(
  "board_layouts",
  {
    siteId: text("site_id").notNull(),
    boardId: text("board_id").notNull(),
    person: text("person").notNull(),
    layout: text("layout", { mode: "json" }).$type<Layout>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.boardId, table.person] })],
);
