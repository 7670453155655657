import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, sqliteView, text } from "drizzle-orm/sqlite-core";

/** Recent raw events, many to a row: `body` is a JSON array of packed events in the order of EVENT_FIELDS. */
export const rawEvents = sqliteTable(
  "raw_events",
  {
    siteId: text("site_id").notNull(),
    epoch: integer("epoch").notNull(),
    shard: integer("shard").notNull(),
    /** First log row of the shard that the row holds. */
    seq: integer("seq").notNull(),
    importId: text("import_id").notNull(),
    receivedAt: integer("received_at").notNull(),
    count: integer("count").notNull(),
    body: text("body").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.siteId, table.epoch, table.shard, table.seq] }),
    index("raw_events_by_receipt").on(table.receivedAt),
  ],
);

/** A row an event. Times in milliseconds UTC; `revenue`, `props` and `consent` are JSON. */
export const eventsView = sqliteView("events", {
  siteId: text("site_id"),
  importId: text("import_id"),
  id: text("id"),
  name: text("name"),
  at: integer("at"),
  receivedAt: integer("received_at"),
  visitorId: text("visitor_id"),
  hostname: text("hostname"),
  path: text("path"),
}).as(sql`select r.site_id, r.epoch, r.shard, r.import_id,
  e.value->>0 as id, e.value->>1 as name, e.value->>2 as at, e.value->>3 as received_at, e.value->>4 as visitor_id,
  e.value->>5 as user_id, e.value->>6 as persistent_id, e.value->>7 as hostname, e.value->>8 as path,
  e.value->>9 as title, e.value->>10 as referrer, e.value->>11 as source, e.value->>12 as channel,
  e.value->>13 as utm_source, e.value->>14 as utm_medium, e.value->>15 as utm_campaign, e.value->>16 as utm_term,
  e.value->>17 as utm_content, e.value->>18 as country, e.value->>19 as region, e.value->>20 as city,
  e.value->>21 as browser, e.value->>22 as browser_version, e.value->>23 as os, e.value->>24 as os_version,
  e.value->>25 as device, e.value->>26 as language, e.value->>27 as engagement_ms, e.value->>28 as scroll_depth,
  e.value->>29 as revenue, e.value->>30 as props, e.value->>31 as consent, e.value->>32 as time_zone
  from raw_events r, json_each(r.body) e`);
