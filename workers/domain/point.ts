// What an event leaves in Analytics Engine: a point without any id of a person. Places in it are the dataset's schema, which
// the writer and the SQL builder share: append only.

import type { Event } from "./event.ts";

/** Dataset of wrangler.toml. */
export const POINTS_DATASET = "edgewise_events";

/** 20 at most. No page titles: they often name people, and a point cannot be deleted. */
export const POINT_BLOBS = [
  "name",
  "hostname",
  "path",
  "referrer",
  "source",
  "channel",
  "utmSource",
  "utmMedium",
  "utmCampaign",
  "country",
  "region",
  "city",
  "browser",
  "os",
  "device",
  "language",
  "currency",
  "browserVersion",
  "osVersion",
] as const;
export type PointBlob = (typeof POINT_BLOBS)[number];

/** `at` in milliseconds UTC, `amount` in units of the currency, `engagementMs`, `scrollDepth` in percent. */
export const POINT_DOUBLES = ["at", "amount", "engagementMs", "scrollDepth"] as const;
export type PointDouble = (typeof POINT_DOUBLES)[number];

export interface Point {
  indexes: [string];
  blobs: string[];
  doubles: number[];
}

const INDEX_BYTES = 96;
/** A point whose blobs together are longer is lost. */
const BLOBS_BYTES = 16_000;
const BLOB_BYTES = BLOBS_BYTES / POINT_BLOBS.length;
/** UTF-8 takes three bytes at most for a UTF-16 unit. */
const UNIT_BYTES = 3;

const utf8 = new TextEncoder();

/** FNV-1a of 64 bits, as 16 hex digits. */
function digest(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of utf8.encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}

/** The site's index in the dataset. Long ids end in a digest after `~`, which no id contains, so that no two meet. */
export function pointIndex(siteId: string): string {
  return siteId.length <= INDEX_BYTES ? siteId : `${siteId.slice(0, INDEX_BYTES - 17)}~${digest(siteId)}`;
}

/** The longest beginning of whole characters that fits. */
function cut(text: string, bytes: number): string {
  if (text.length * UNIT_BYTES <= bytes) return text;
  const { read } = utf8.encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read);
}

function withinLimit(blobs: string[]): string[] {
  const units = blobs.reduce((sum, { length }) => sum + length, 0);
  if (units * UNIT_BYTES <= BLOBS_BYTES) return blobs;
  const bytes = blobs.reduce((sum, text) => sum + utf8.encode(text).length, 0);
  return bytes <= BLOBS_BYTES ? blobs : blobs.map((text) => cut(text, BLOB_BYTES));
}

/** The event's point; texts are cut only when they are too long together. */
export function pointOf(siteId: string, event: Event): Point {
  const texts = { ...event, currency: event.revenue?.currency ?? "" };
  const numbers = { ...event, amount: event.revenue?.amount ?? 0 };
  return {
    indexes: [pointIndex(siteId)],
    blobs: withinLimit(POINT_BLOBS.map((field) => texts[field])),
    doubles: POINT_DOUBLES.map((field) => numbers[field]),
  };
}
