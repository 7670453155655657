import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { DEFAULT_CONSENT, type SiteConsent } from "../../domain/consent.ts";
import type { StoredPii } from "../../domain/pii.ts";
import { DEFAULT_RETENTION, type Retention } from "../../domain/retention.ts";

export const sites = sqliteTable("sites", {
  id: text("id").primaryKey(),
  /** Whose members see it. */
  teamId: text("team_id").notNull().default("main"),
  name: text("name").notNull(),
  timeZone: text("time_zone").notNull(),
  hostnames: text("hostnames", { mode: "json" }).$type<string[]>().notNull(),
  excludedPaths: text("excluded_paths", { mode: "json" }).$type<string[]>().notNull().default([]),
  excludedReferrers: text("excluded_referrers", { mode: "json" }).$type<string[]>().notNull().default([]),
  jurisdiction: text("jurisdiction", { enum: ["none", "eu", "us"] }).notNull(),
  shards: integer("shards").notNull(),
  /** Counts the numbers of shards it has had. */
  epoch: integer("epoch").notNull().default(1),
  /** Shards of the next epoch while history is moved to them. */
  nextShards: integer("next_shards"),
  autoShards: integer("auto_shards", { mode: "boolean" }).notNull().default(true),
  eventsPerSecond: integer("events_per_second"),
  honourDoNotTrack: integer("honour_do_not_track", { mode: "boolean" }).notNull(),
  consent: text("consent", { mode: "json" }).$type<SiteConsent>().notNull().default(DEFAULT_CONSENT),
  /** Events a month; null for no limit. */
  exactLimit: integer("exact_limit"),
  /** In which amounts are told; null keeps currencies apart. */
  currency: text("currency"),
  /** Of keys and share links; null for no limit. */
  requestsPerHour: integer("requests_per_hour"),
  /** How long what is kept, and the legal hold. */
  retention: text("retention", { mode: "json" }).$type<Retention>().notNull().default(DEFAULT_RETENTION),
  /** What becomes of personal values; kinds that it does not name are masked. */
  pii: text("pii", { mode: "json" }).$type<StoredPii>().notNull().default({}),
  createdAt: integer("created_at").notNull(),
});
