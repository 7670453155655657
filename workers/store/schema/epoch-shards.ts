import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How far each shard of an epoch is. */
export const epochShards = sqliteTable(
  "epoch_shards",
  {
    siteId: text("site_id").notNull(),
    epoch: integer("epoch").notNull(),
    shard: integer("shard").notNull(),
    /** When it had taken over all its visitors. */
    takenAt: integer("taken_at"),
    /** When all hours of what it took over were rolled up. */
    rolledAt: integer("rolled_at"),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.epoch, table.shard] })],
);
