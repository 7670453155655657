import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { SiteId } from "../../domain/site.ts";

/** Links by which anybody may read one site. The id is the link's secret: those who may share can copy it again. */
export const shares = sqliteTable(
  "shares",
  {
    id: text("id").primaryKey(),
    siteId: text("site_id").$type<SiteId>().notNull(),
    label: text("label").notNull(),
    /** The board that it shows beside what can be asked of the site. */
    boardId: text("board_id"),
    /** scrypt; null when the link alone opens it. */
    passwordHash: text("password_hash"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("shares_of_site").on(table.siteId)],
);
