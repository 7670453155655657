// A line of history as the beacon that a browser would send now.

import { createHash } from "node:crypto";
import type { ImportedEvent } from "../../domain/beacon.ts";
import { fitted } from "./log-request.ts";

export interface LiveBeacon {
  headers: Record<string, string>;
  /** JSON for `POST /api/event`. */
  body: string;
}

export interface LiveIdentity {
  site: string;
  /** Unique for this sending of this line, so that a retry is counted once. */
  id: string;
  /** The visitor's address; without one, a private address is made of the visitor's name. */
  address?: string;
}

const PLAIN_AGENT =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

/**
 * Without a time, so that it counts as now. The device is derived from the user agent; a known country goes into the
 * header of proxies that know it, which counts only where the server trusts its proxy.
 */
export function liveBeacon(event: ImportedEvent, { site, id, address }: LiveIdentity): LiveBeacon {
  const { name, referrer, title, props, revenue, engagement, scroll, width, language, userId, persistentId } = event;
  const url = withCampaign(event);
  const beacon = { site, id, name, url, referrer, title, props, revenue, engagement, scroll, width, language };
  return {
    headers: {
      "content-type": "text/plain",
      "user-agent": headerText(event.userAgent ?? PLAIN_AGENT),
      "x-forwarded-for": address ?? privateAddress(event.visitor),
      ...(event.country !== undefined && { "cf-ipcountry": event.country }),
    },
    body: JSON.stringify({ ...beacon, userId, persistentId, consent: event.consent }),
  };
}

/** The same JSON, marked as sent before. */
export function asRetry(body: string): string {
  return `${body.slice(0, -1)},"retry":true}`;
}

/** One of 2^64 private IPv6 addresses, the same for the same visitor. */
export function privateAddress(visitor: string): string {
  const hex = createHash("sha256").update(visitor).digest("hex").slice(0, 16);
  return `fd00::${hex.match(/.{4}/g)?.join(":") ?? ""}`;
}

function withCampaign({ url, utm }: ImportedEvent): string {
  if (utm === undefined || /[?&]utm_/.test(url)) return url;
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(utm)) if (value !== undefined) query.set(`utm_${key}`, value);
  return fitted(`${url}${url.includes("?") ? "&" : "?"}${query}`);
}

/** Header values hold printable ASCII; a log may hold anything. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").trim() || PLAIN_AGENT;
}
