import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Removed } from "../../domain/subject.ts";

/** What a store said when it was through, and when, milliseconds. */
export type Line = Removed & { at: number };

/** Days up to one are through; what was taken out of them, and those whose files could not be read. */
export interface ArchiveProgress {
  through: string;
  days: number;
  events: number;
  named: number;
  unread: string[];
}

/**
 * Requests about persons. What names the person is never here: ids are keyed hashes of pseudonyms, once the request is done
 * (until then see `erasure_ids`), and names are keyed hashes, so that a copy that is restored can be searched again.
 */
export const erasures = sqliteTable(
  "erasures",
  {
    siteId: text("site_id").notNull(),
    id: text("id").notNull(),
    kind: text("kind", { enum: ["erasure", "access"] }).notNull(),
    /** How it came: `request`, `withdrawal` of consent, or what the officer wrote. */
    reason: text("reason").notNull(),
    requestedBy: text("requested_by").notNull(),
    requestedAt: integer("requested_at").notNull(),
    dueAt: integer("due_at").notNull(),
    state: text("state", { enum: ["requested", "found", "done"] }).notNull(),
    userId: text("user_id").notNull(),
    persistentIds: text("persistent_ids", { mode: "json" }).$type<string[]>().notNull(),
    visitorIds: text("visitor_ids", { mode: "json" }).$type<string[]>().notNull(),
    names: text("names", { mode: "json" }).$type<string[]>().notNull(),
    /** The epoch whose shards know of it; what is copied from them later is without the person. */
    knownTo: integer("known_to"),
    /** What those shards held of the person. */
    held: text("held", { mode: "json" }).$type<Record<string, number>>(),
    /** How far the archive is. */
    archived: text("archived", { mode: "json" }).$type<ArchiveProgress>(),
    removed: text("removed", { mode: "json" }).$type<Line[]>().notNull(),
    doneAt: integer("done_at"),
    /** Whoever drives it on has it until then, milliseconds. */
    drivenUntil: integer("driven_until").notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.id] })],
);
