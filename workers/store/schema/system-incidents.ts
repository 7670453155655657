import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Times in which something of the system was not well. */
export const systemIncidents = sqliteTable("system_incidents", {
  id: integer("id").primaryKey(),
  /** A probe's name, `errors` or `unwatched`. At most one of a kind is open. */
  kind: text("kind").notNull(),
  openedAt: integer("opened_at").notNull(),
  /** Null while it lasts. */
  closedAt: integer("closed_at"),
  reason: text("reason").notNull(),
});
