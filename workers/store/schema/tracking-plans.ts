import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { TrackingPlan } from "../../domain/tracking-plan.ts";

/** Every version of a site's tracking plan; the highest is the one that holds. */
export const trackingPlans = sqliteTable(
  "tracking_plans",
  {
    siteId: text("site_id").notNull(),
    version: integer("version").notNull(),
    at: integer("at").notNull(),
    author: text("author").notNull(),
    body: text("body", { mode: "json" }).$type<TrackingPlan>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.version] })],
);
