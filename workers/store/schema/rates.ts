import { primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const rates = sqliteTable(
  "rates",
  {
    siteId: text("site_id").notNull(),
    /** The site's currency when the rate was set: another one has rates of its own. */
    base: text("base").notNull(),
    currency: text("currency").notNull(),
    /** Local date from which it holds. */
    since: text("since").notNull(),
    rate: real("rate").notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.base, table.currency, table.since] })],
);
