import * as z from "zod";
import { DEFAULT_CONSENT, type SiteConsent } from "./consent.ts";
import { siteConsentSchema } from "./consent-setting.ts";
import { piiSchema } from "./pii.ts";
import { DEFAULT_PII, type PiiSettings } from "./pii-kind.ts";
import { currencySchema } from "./rates.ts";
import { type Retention, retentionPatchSchema } from "./retention.ts";
import { MAX_SHARDS } from "./shard.ts";

export type SiteId = string & { readonly __brand: "SiteId" };

/** Letters, digits, dot, dash and underscore: `shop.example.com` is a fine site id. */
export const siteIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "use 1 to 100 letters, digits, dots, dashes or underscores")
  // Case must not make a second site: a snippet is typed by hand.
  .transform((id) => id.toLowerCase() as SiteId) // the brand means no more than having passed this check
  .meta({ type: "string" });

export const JURISDICTIONS = ["none", "eu", "us"] as const;

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

export const timeZoneSchema = z.string().max(60).refine(isTimeZone, "use an IANA time zone such as Europe/Berlin");
const hostnamesSchema = z.array(z.string().trim().toLowerCase().min(1).max(253)).max(100);

const pathsSchema = z
  .array(z.string().trim().min(1).max(500).startsWith("/", "begin with / as in /admin/*"))
  .max(100, "name 100 paths or fewer; one with * covers many");

const SHARDS_ADVICE = `use a whole number from 1 to ${MAX_SHARDS}`;
const shardsSchema = z.int(SHARDS_ADVICE).min(1, SHARDS_ADVICE).max(MAX_SHARDS, SHARDS_ADVICE);

const settings = {
  name: z.string().trim().min(1).max(120),
  timeZone: timeZoneSchema,
  /** Hosts whose beacons are taken; `*.example.com` covers subdomains; empty takes any. */
  hostnames: hostnamesSchema,
  /** Pages that are not counted; `*` stands for anything. */
  excludedPaths: pathsSchema,
  /** Sites whose links are spam, with their subdomains: visits that come from there are not counted. */
  excludedReferrers: hostnamesSchema,
  /** Events a second that are taken of the site, in bursts of two seconds' worth; null for no limit. History is not limited. */
  eventsPerSecond: z.int().min(1).max(1_000_000).nullable(),
  /** Whether DNT and GPC stop collection. */
  honourDoNotTrack: z.boolean(),
  /** Whom to ask for consent, and what happens until the answer; set as a whole. */
  consent: siteConsentSchema,
  /** In which amounts are told, others by the rates that are set; null keeps currencies apart. */
  currency: currencySchema.nullable(),
  /** Events a month above which Analytics Engine answers what it can, estimated; null for never. */
  exactLimit: z.int().min(1).max(1_000_000_000_000).nullable(),
  /** Requests an hour that the site's keys and share links may make to the API, together; null for no limit. */
  requestsPerHour: z.int().min(1).max(10_000_000).nullable(),
  /** How long what is kept; what is not named stays as it is. */
  retention: retentionPatchSchema,
  /** What becomes of personal values; as a whole. */
  pii: piiSchema,
};

export const newSiteSchema = z.strictObject({
  id: siteIdSchema,
  /** The team it belongs to; the only one its maker may give sites to when left out. */
  team: z.string().min(1).max(60).optional(),
  name: settings.name.optional(),
  timeZone: settings.timeZone.default("UTC"),
  hostnames: settings.hostnames.default([]),
  excludedPaths: settings.excludedPaths.default([]),
  excludedReferrers: settings.excludedReferrers.default([]),
  jurisdiction: z.enum(JURISDICTIONS).default("none"),
  /** To begin with. */
  shards: shardsSchema.default(1),
  eventsPerSecond: settings.eventsPerSecond.default(null),
  honourDoNotTrack: settings.honourDoNotTrack.default(true),
  consent: settings.consent.default(DEFAULT_CONSENT),
  exactLimit: settings.exactLimit.default(null),
  currency: settings.currency.default(null),
  requestsPerHour: settings.requestsPerHour.default(null),
  retention: settings.retention.optional(),
  pii: settings.pii.default(DEFAULT_PII),
});

/**
 * What may be changed after creation; jurisdiction is fixed, since objects cannot move. Without defaults, which would put
 * back what the change does not name.
 */
export const sitePatchSchema = z
  .strictObject({
    ...settings,
    /** Another team, which then sees it in place of this one. */
    team: z.string().min(1).max(60),
    /** A number is kept to; "auto" raises it by itself under load. */
    shards: z.union([z.literal("auto"), shardsSchema], `${SHARDS_ADVICE}, or "auto"`),
  })
  .partial();

export type NewSite = z.infer<typeof newSiteSchema>;

export interface Site {
  id: SiteId;
  /** Whose members see it. */
  teamId: string;
  name: string;
  timeZone: string;
  hostnames: string[];
  excludedPaths: string[];
  excludedReferrers: string[];
  jurisdiction: (typeof JURISDICTIONS)[number];
  /** Those that answer for the site's visitors, in this epoch. */
  shards: number;
  epoch: number;
  /** While history moves: the shards of the next epoch. */
  nextShards: number | null;
  /** Whether shards are added by themselves under load. */
  autoShards: boolean;
  eventsPerSecond: number | null;
  honourDoNotTrack: boolean;
  consent: SiteConsent;
  exactLimit: number | null;
  currency: string | null;
  requestsPerHour: number | null;
  retention: Retention;
  pii: PiiSettings;
  createdAt: number;
}

export const newGoalSchema = z.strictObject({
  /** Shown name; taken from the match when left out. */
  name: z.string().trim().min(1).max(120).optional(),
  kind: z.enum(["event", "page"]),
  /** An event name, or a path pattern in which `*` stands for anything. */
  match: z.string().trim().min(1).max(500),
});

export interface Goal {
  id: string;
  name: string;
  kind: "event" | "page";
  match: string;
}
