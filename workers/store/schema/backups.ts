import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Backups that were made: which copies of people's events are kept somewhere else. Times in milliseconds. */
export const backups = sqliteTable("backups", {
  id: text("id").primaryKey(),
  /** As whoever keeps it calls it: a file's name. */
  name: text("name").notNull(),
  beganAt: integer("began_at").notNull(),
  /** Null while it is made, and when it broke off. */
  endedAt: integer("ended_at"),
  events: integer("events"),
  /** SHA-256 of its manifest. */
  checksum: text("checksum"),
  /** What must not change while it is made. */
  standing: text("standing").notNull(),
});

/** Backups that were brought back here. */
export const restores = sqliteTable("restores", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  /** Of the backup's manifest: a restore that broke off goes on when the same backup comes again. */
  checksum: text("checksum").notNull(),
  madeAt: integer("made_at").notNull(),
  beganAt: integer("began_at").notNull(),
  endedAt: integer("ended_at"),
  sites: text("sites").notNull(),
  /** Whom erasures name: their events do not come back. */
  erased: text("erased").notNull(),
});
