import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { MetricDefinition } from "../../catalog/custom-metric.ts";

/** One row a version; none is ever changed but for `archived`. */
export const customMetrics = sqliteTable(
  "custom_metrics",
  {
    siteId: text("site_id").notNull(),
    name: text("name").notNull(),
    version: integer("version").notNull(),
    label: text("label").notNull(),
    about: text("about").notNull(),
    unit: text("unit", { enum: ["count", "ratio", "percent", "seconds"] }).notNull(),
    better: text("better", { enum: ["higher", "lower", "neither"] }).notNull(),
    definition: text("definition", { mode: "json" }).$type<MetricDefinition>().notNull(),
    archived: integer("archived", { mode: "boolean" }).notNull().default(false),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.name, table.version] })],
);
