import { blob, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Where raw events are for a moment, while the pages that they were in are freed and written over. */
export const rawShelter = sqliteTable(
  "raw_shelter",
  {
    siteId: text("site_id").notNull(),
    epoch: integer("epoch").notNull(),
    shard: integer("shard").notNull(),
    seq: integer("seq").notNull(),
    importId: text("import_id").notNull(),
    receivedAt: integer("received_at").notNull(),
    count: integer("count").notNull(),
    body: text("body").notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.epoch, table.shard, table.seq] })],
);

/** Zeros that take up free pages, and go. */
export const filler = sqliteTable("filler", { id: integer("id").primaryKey(), zeros: blob("zeros").notNull() });
