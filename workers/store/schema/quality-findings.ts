import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { QualityFault } from "../../domain/quality.ts";

/** What checks found wrong. The key is what was found and since when, so that whoever looks again finds the same row. */
export const qualityFindings = sqliteTable(
  "quality_findings",
  {
    siteId: text("site_id").notNull(),
    fault: text("fault").$type<QualityFault>().notNull(),
    /** A site's events, an event's property, a shard, a pair of counts, a rule. */
    subject: text("subject").notNull(),
    /** The time it covers, milliseconds UTC, the end left out. */
    from: integer("from_at").notNull(),
    to: integer("to_at").notNull(),
    expected: real("expected").notNull(),
    found: real("found").notNull(),
    reason: text("reason").notNull(),
    firstSeen: integer("first_seen").notNull(),
    lastSeen: integer("last_seen").notNull(),
    /** When a look did not find it any more; null while it is there. */
    resolvedAt: integer("resolved_at"),
  },
  (table) => [
    primaryKey({ columns: [table.siteId, table.fault, table.subject, table.from] }),
    index("quality_findings_open").on(table.siteId, table.resolvedAt),
  ],
);
