import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const sites = sqliteTable("sites", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  timeZone: text("time_zone").notNull(),
  hostnames: text("hostnames", { mode: "json" }).$type<string[]>().notNull(),
  jurisdiction: text("jurisdiction", { enum: ["none", "eu", "us"] }).notNull(),
  shards: integer("shards").notNull(),
  honourDoNotTrack: integer("honour_do_not_track", { mode: "boolean" }).notNull(),
  createdAt: integer("created_at").notNull(),
});
