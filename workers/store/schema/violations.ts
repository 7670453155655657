import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Where events did not fit the tracking plan, by hour; `count` is the shard's full value, never an increment. */
export const violations = sqliteTable(
  "violations",
  {
    siteId: text("site_id").notNull(),
    epoch: integer("epoch").notNull(),
    shard: integer("shard").notNull(),
    hour: integer("hour").notNull(),
    event: text("event").notNull(),
    property: text("property").notNull(),
    rule: text("rule").notNull(),
    mode: text("mode").notNull(),
    count: integer("count").notNull(),
    sample: text("sample").notNull(),
  },
  (table) => [
    primaryKey({
      columns: [
        table.siteId,
        table.hour,
        table.event,
        table.property,
        table.rule,
        table.mode,
        table.epoch,
        table.shard,
      ],
    }),
  ],
);
