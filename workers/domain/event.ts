// The accepted fact. Everything after collect speaks Event; the order of EVENT_FIELDS is the stored format, so new
// fields are only ever appended.

export type PropValue = string | number | boolean | null | PropValue[] | { [key: string]: PropValue };
export type Props = Record<string, PropValue>;

/** What the visitor allowed. `unknown` means nobody asked: cookieless, no identification. */
export type ConsentState = "granted" | "denied" | "unknown";

export interface Consent {
  analytics: ConsentState;
  experience: ConsentState;
  marketing: ConsentState;
}

/** Money as it was sent: an amount in units of the currency (not cents) and its ISO 4217 code. */
export interface Revenue {
  amount: number;
  currency: string;
}

export interface Event {
  /** The sender's id, by which repeats are recognised; "" when it gave none. */
  id: string;
  name: string;
  /** When it happened, milliseconds since 1970 UTC. */
  at: number;
  /** When it was received, milliseconds since 1970 UTC. */
  receivedAt: number;
  /** 16 hex digits: a 64-bit pseudonym, cookieless ones change with the site's local date. */
  visitorId: string;
  /** Pseudonym of a signed-in user, "" without consent. */
  userId: string;
  /** Pseudonym of a browser that consented to be recognised, "" without consent. */
  persistentId: string;
  hostname: string;
  path: string;
  title: string;
  /** Host and path of the referrer, without query. */
  referrer: string;
  source: string;
  channel: string;
  utmSource: string;
  utmMedium: string;
  utmCampaign: string;
  utmTerm: string;
  utmContent: string;
  /** ISO 3166-1 alpha-2, "" when unknown. */
  country: string;
  region: string;
  city: string;
  browser: string;
  browserVersion: string;
  os: string;
  osVersion: string;
  device: string;
  language: string;
  /** Milliseconds of attention since the event before; only on `engagement`. */
  engagementMs: number;
  /** Deepest point seen, percent of the page; only on `engagement`. */
  scrollDepth: number;
  revenue: Revenue | null;
  props: Props | null;
  consent: Consent | null;
  /** IANA time zone of the visitor's place, "" when unknown. */
  timeZone: string;
}

/** Positions of a packed event. Stored rows name their format; never reorder, only append. */
export const EVENT_FIELDS = [
  "id",
  "name",
  "at",
  "receivedAt",
  "visitorId",
  "userId",
  "persistentId",
  "hostname",
  "path",
  "title",
  "referrer",
  "source",
  "channel",
  "utmSource",
  "utmMedium",
  "utmCampaign",
  "utmTerm",
  "utmContent",
  "country",
  "region",
  "city",
  "browser",
  "browserVersion",
  "os",
  "osVersion",
  "device",
  "language",
  "engagementMs",
  "scrollDepth",
  "revenue",
  "props",
  "consent",
  "timeZone",
] as const satisfies readonly (keyof Event)[];

/** All that is text but the sender's id, which is for recognising repeats alone: what columns and files hold as text. */
export const EVENT_TEXT_FIELDS = [
  "name",
  "visitorId",
  "userId",
  "persistentId",
  "hostname",
  "path",
  "title",
  "referrer",
  "source",
  "channel",
  "utmSource",
  "utmMedium",
  "utmCampaign",
  "utmTerm",
  "utmContent",
  "country",
  "region",
  "city",
  "browser",
  "browserVersion",
  "os",
  "osVersion",
  "device",
  "language",
  "timeZone",
] as const satisfies readonly { [F in keyof Event]: Event[F] extends string ? F : never }[keyof Event][];

type Packed<Fields extends readonly (keyof Event)[]> = { -readonly [I in keyof Fields]: Event[Fields[I]] };

/** An event as an array in the order of EVENT_FIELDS; what the log, D1 and the wire between rooms carry. */
export type PackedEvent = Packed<typeof EVENT_FIELDS>;

// Both ways are spelled out: on the path of every event a loop over names costs ten times as much.

export function packEvent(e: Event): PackedEvent {
  return [
    e.id,
    e.name,
    e.at,
    e.receivedAt,
    e.visitorId,
    e.userId,
    e.persistentId,
    e.hostname,
    e.path,
    e.title,
    e.referrer,
    e.source,
    e.channel,
    e.utmSource,
    e.utmMedium,
    e.utmCampaign,
    e.utmTerm,
    e.utmContent,
    e.country,
    e.region,
    e.city,
    e.browser,
    e.browserVersion,
    e.os,
    e.osVersion,
    e.device,
    e.language,
    e.engagementMs,
    e.scrollDepth,
    e.revenue,
    e.props,
    e.consent,
    e.timeZone,
  ];
}

export function unpackEvent(packed: PackedEvent): Event {
  const [
    id,
    name,
    at,
    receivedAt,
    visitorId,
    userId,
    persistentId,
    hostname,
    path,
    title,
    referrer,
    source,
    channel,
    utmSource,
    utmMedium,
    utmCampaign,
    utmTerm,
    utmContent,
    country,
    region,
    city,
    browser,
    browserVersion,
    os,
    osVersion,
    device,
    language,
    engagementMs,
    scrollDepth,
    revenue,
    props,
    consent,
    timeZone,
  ] = packed;
  return {
    id,
    name,
    at,
    receivedAt,
    visitorId,
    userId,
    persistentId,
    hostname,
    path,
    title,
    referrer,
    source,
    channel,
    utmSource,
    utmMedium,
    utmCampaign,
    utmTerm,
    utmContent,
    country,
    region,
    city,
    browser,
    browserVersion,
    os,
    osVersion,
    device,
    language,
    engagementMs,
    scrollDepth,
    revenue,
    props,
    consent,
    timeZone,
  };
}

/** Names with a meaning of their own. `engagement` reports attention; it never counts as an event of the visitor's. */
export const PAGEVIEW = "pageview";
export const ENGAGEMENT = "engagement";
/** What the tracker sends by itself, which needs no line in a plan. */
export const AUTOMATIC_EVENTS: readonly string[] = [PAGEVIEW, ENGAGEMENT, "outbound_link_clicked", "file_downloaded"];
