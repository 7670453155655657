import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Keys are stored as SHA-256 of the key; the key itself is shown once. */
export const apiKeys = sqliteTable("api_keys", {
  hash: text("hash").primaryKey(),
  id: text("id").notNull().unique(),
  siteId: text("site_id").notNull(),
  label: text("label").notNull(),
  scopes: text("scopes", { mode: "json" }).$type<("import" | "query")[]>().notNull(),
  createdAt: integer("created_at").notNull(),
});
