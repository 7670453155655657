import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** A site's numbers of shards, one after another; the first epoch has no row. Times in milliseconds. */
export const epochs = sqliteTable(
  "epochs",
  {
    siteId: text("site_id").notNull(),
    epoch: integer("epoch").notNull(),
    shards: integer("shards").notNull(),
    /** Shards of the epoch before. */
    oldShards: integer("old_shards").notNull(),
    beganAt: integer("began_at").notNull(),
    /** When its shards had taken everything over. */
    steadyAt: integer("steady_at"),
    /** When its roll-ups were complete: from then on they count, and those of the epoch before do not. */
    rolledAt: integer("rolled_at"),
    /** The epoch whose roll-ups it goes on with, as after an erasure; null when it makes its own. */
    rollEpoch: integer("roll_epoch"),
    /** When the objects of the epoch before were emptied. */
    emptiedAt: integer("emptied_at"),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.epoch] })],
);
