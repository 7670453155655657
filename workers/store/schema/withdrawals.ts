import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Users and browsers that took their consent back, by the pseudonym that events carry. */
export const withdrawals = sqliteTable(
  "withdrawals",
  {
    siteId: text("site_id").notNull(),
    pseudonym: text("pseudonym").notNull(),
    kind: text("kind", { enum: ["user", "browser"] }).notNull(),
    /** When it was last taken back, milliseconds. */
    withdrawnAt: integer("withdrawn_at").notNull(),
    /** When consent was given anew; null while it is withheld. */
    grantedAt: integer("granted_at"),
    /** When the erasure of what was collected under it was asked for; null while that waits. */
    handedOverAt: integer("handed_over_at"),
    /** When the row was last written: what an isolate that has read before asks by. */
    changedAt: integer("changed_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.siteId, table.pseudonym] }),
    index("withdrawals_by_change").on(table.siteId, table.changedAt),
    index("withdrawals_to_hand_over").on(table.handedOverAt),
  ],
);
