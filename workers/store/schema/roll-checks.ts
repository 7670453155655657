import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How far each shard's roll-ups were compared with its events, and what was found; counts of all looks together. */
export const rollChecks = sqliteTable(
  "roll_checks",
  {
    siteId: text("site_id").notNull(),
    epoch: integer("epoch").notNull(),
    shard: integer("shard").notNull(),
    /** End of the last hour that was looked at, milliseconds; null to begin with the first. */
    through: integer("through"),
    checkedAt: integer("checked_at").notNull(),
    checked: integer("checked").notNull(),
    differing: integer("differing").notNull(),
    kept: integer("kept").notNull(),
    /** When any of them differed last. */
    differedAt: integer("differed_at"),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.epoch, table.shard] })],
);
