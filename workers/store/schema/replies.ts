import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What creating requests with an idempotency key were answered, for a day. */
export const replies = sqliteTable(
  "replies",
  {
    actor: text("actor").notNull(),
    path: text("path").notNull(),
    /** A hash; the key itself opens the reply. */
    key: text("key").notNull(),
    /** Of the request's body. */
    body: text("body").notNull(),
    /** Encrypted, since some replies tell a secret once; null while the request runs. */
    reply: text("reply"),
    /** Of the request that holds the key. */
    claimedAt: integer("claimed_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.actor, table.path, table.key] })],
);
