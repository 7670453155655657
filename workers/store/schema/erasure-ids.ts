import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Pseudonyms of persons while their erasure is worked on: apart, so that no row that changes leaves copies of them in its page. */
export const erasureIds = sqliteTable(
  "erasure_ids",
  {
    siteId: text("site_id").notNull(),
    erasureId: text("erasure_id").notNull(),
    /** 0: as it was asked. 1: with the browsers and visitors that were found; it counts then. */
    part: integer("part").notNull(),
    /** JSON. */
    ids: text("ids").notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.erasureId, table.part] })],
);
