import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { SiteId } from "../../domain/site.ts";

/** Links by which anybody may read one site, or one report. The id is the link's secret: those who may share can copy it again. */
export const shares = sqliteTable(
  "shares",
  {
    id: text("id").primaryKey(),
    siteId: text("site_id").$type<SiteId>().notNull(),
    label: text("label").notNull(),
    /** The board that it shows beside what can be asked of the site. */
    boardId: text("board_id"),
    /** The report that it shows, and then nothing else can be asked. */
    reportId: text("report_id"),
    /** Whether that may be taken as files too. */
    files: integer("files", { mode: "boolean" }).notNull().default(false),
    /** scrypt; null when the link alone opens it. */
    passwordHash: text("password_hash"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("shares_of_site").on(table.siteId)],
);
