import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Finished counts of one shard, panel and local hour or day: no ids in it. A lower version never overwrites. */
export const rollups = sqliteTable(
  "rollups",
  {
    siteId: text("site_id").notNull(),
    epoch: integer("epoch").notNull(),
    shard: integer("shard").notNull(),
    grain: text("grain", { enum: ["hour", "day"] }).notNull(),
    /** UTC start of the site's local hour or day, milliseconds. */
    bucket: integer("bucket").notNull(),
    panel: text("panel").notNull(),
    version: integer("version").notNull(),
    timeZone: text("time_zone").notNull(),
    body: text("body").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.siteId, table.grain, table.bucket, table.panel, table.epoch, table.shard] }),
  ],
);
