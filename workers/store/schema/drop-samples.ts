import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Of a day's refusals a few samples of what they were for; `count` is at least that many, as a shard knew last. */
export const dropSamples = sqliteTable(
  "drop_samples",
  {
    siteId: text("site_id").notNull(),
    /** Start of the UTC day, milliseconds. */
    day: integer("day").notNull(),
    reason: text("reason").notNull(),
    detail: text("detail").notNull(),
    epoch: integer("epoch").notNull(),
    shard: integer("shard").notNull(),
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.day, table.reason, table.detail, table.epoch, table.shard] })],
);
