import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Refused beacons by hour and reason; `count` is the shard's full value, never an increment. */
export const drops = sqliteTable(
  "drops",
  {
    siteId: text("site_id").notNull(),
    epoch: integer("epoch").notNull().default(1),
    shard: integer("shard").notNull(),
    hour: integer("hour").notNull(),
    reason: text("reason").notNull(),
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.hour, table.reason, table.epoch, table.shard] })],
);
