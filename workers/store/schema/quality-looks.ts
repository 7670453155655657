import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How far each site was looked at. */
export const qualityLooks = sqliteTable("quality_looks", {
  siteId: text("site_id").primaryKey(),
  /** When the last look ended, milliseconds. */
  checkedAt: integer("checked_at").notNull().default(0),
  /** Somebody looks until then; nobody when it is over. */
  leasedUntil: integer("leased_until").notNull().default(0),
  /** The last local date whose day was judged. */
  day: text("day"),
});
