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
    /** When what was collected under it was erased; null while that waits. */
    erasedAt: integer("erased_at"),
    /** When the row was last written: what an isolate that has read before asks by. */
    changedAt: integer("changed_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.siteId, table.pseudonym] }),
    index("withdrawals_by_change").on(table.siteId, table.changedAt),
    index("withdrawals_to_erase").on(table.erasedAt),
  ],
);
