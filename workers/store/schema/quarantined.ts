import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Events that the tracking plan refused, many to a row, as a shard took them; `body` is JSON of `HeldEvent`s. */
export const quarantined = sqliteTable(
  "quarantined",
  {
    siteId: text("site_id").notNull(),
    epoch: integer("epoch").notNull(),
    shard: integer("shard").notNull(),
    seq: integer("seq").notNull(),
    receivedAt: integer("received_at").notNull(),
    count: integer("count").notNull(),
    body: text("body").notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.epoch, table.shard, table.seq] })],
);
