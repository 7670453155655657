import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Finished counts of one shard, panel and local hour, day or month: no ids in it. A lower version never overwrites. */
export const rollups = sqliteTable(
  "rollups",
  {
    siteId: text("site_id").notNull(),
    epoch: integer("epoch").notNull(),
    grain: text("grain", { enum: ["hour", "day", "month"] }).notNull(),
    /** `event:page`; what does not fit one row goes on in `event:page#1`, `event:page#2` and so on. */
    panel: text("panel").notNull(),
    /** UTC start of the site's local hour, day or month, milliseconds. */
    bucket: integer("bucket").notNull(),
    shard: integer("shard").notNull(),
    version: integer("version").notNull(),
    timeZone: text("time_zone").notNull(),
    body: text("body").notNull(),
  },
  // In the order in which a panel is read along time.
  (table) => [
    primaryKey({ columns: [table.siteId, table.epoch, table.grain, table.panel, table.bucket, table.shard] }),
  ],
);
