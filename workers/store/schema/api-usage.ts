import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { SiteId } from "../../domain/site.ts";

/** Requests to the API by hour, who asks and route. `actor` is `key <id>`, `person <id>`, `share <id>`, `operator` or `nobody`. */
export const apiUsage = sqliteTable(
  "api_usage",
  {
    hour: integer("hour").notNull(),
    actor: text("actor").notNull(),
    route: text("route").notNull(),
    /** Empty where the route names none. */
    siteId: text("site_id").$type<SiteId | "">().notNull(),
    requests: integer("requests").notNull(),
    /** Answered with 4xx, and with 5xx. */
    refused: integer("refused").notNull(),
    failed: integer("failed").notNull(),
    /** Milliseconds. */
    took: integer("took").notNull(),
    longest: integer("longest").notNull(),
  },
  (table) => [primaryKey({ columns: [table.hour, table.actor, table.route, table.siteId] })],
);
