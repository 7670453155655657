import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { SiteAction } from "../../domain/access.ts";
import type { SiteId } from "../../domain/site.ts";

/** Keys are stored as SHA-256 of the key; the key itself is shown once. */
export const apiKeys = sqliteTable("api_keys", {
  hash: text("hash").primaryKey(),
  id: text("id").notNull().unique(),
  siteId: text("site_id").$type<SiteId>().notNull(),
  label: text("label").notNull(),
  scopes: text("scopes", { mode: "json" }).$type<SiteAction[]>().notNull(),
  createdAt: integer("created_at").notNull(),
  /** Null for one that lasts until it is revoked. */
  expiresAt: integer("expires_at"),
  /** Within five minutes. */
  lastUsedAt: integer("last_used_at"),
});
