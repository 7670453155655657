import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Days of which the archive has files. What the manifests say, so that nobody need read them to list or to plan. */
export const archiveDays = sqliteTable(
  "archive_days",
  {
    siteId: text("site_id").notNull(),
    /** UTC. */
    date: text("date").notNull(),
    /** `written`: the shards have the events too. `dropped`: the archive alone has. `damaged`: see `problem`. */
    state: text("state", { enum: ["written", "dropped", "damaged"] }).notNull(),
    /** Events that were collected, and that imports brought. */
    live: integer("live").notNull(),
    imports: integer("imports").notNull(),
    files: integer("files").notNull(),
    bytes: integer("bytes").notNull(),
    archivedAt: integer("archived_at").notNull(),
    /** Brought back to the shards until then. */
    restoredUntil: integer("restored_until"),
    problem: text("problem"),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.date] })],
);
