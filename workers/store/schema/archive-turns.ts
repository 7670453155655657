import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Who may change a site's archive: nobody else does until then, and its visitors do not begin to move. */
export const archiveTurns = sqliteTable("archive_turns", {
  siteId: text("site_id").primaryKey(),
  holder: text("holder").notNull(),
  /** Milliseconds. */
  until: integer("until").notNull(),
});
