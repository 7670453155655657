import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** By which push services know this deployment. */
export const pushKeys = sqliteTable("push_keys", {
  name: text("name").primaryKey(),
  /** Both halves, sealed. */
  sealed: text("sealed").notNull(),
  createdAt: integer("created_at").notNull(),
});
