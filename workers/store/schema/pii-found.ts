import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Personal values replaced on their way in, by hour, kind and place; `count` is the shard's full value, never an increment. */
export const piiFound = sqliteTable(
  "pii_found",
  {
    siteId: text("site_id").notNull(),
    epoch: integer("epoch").notNull(),
    shard: integer("shard").notNull(),
    hour: integer("hour").notNull(),
    kind: text("kind").notNull(),
    place: text("place").notNull(),
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.hour, table.kind, table.place, table.epoch, table.shard] })],
);
