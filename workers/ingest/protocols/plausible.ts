import { isRecord } from "../payload.ts";
import type { Protocol } from "./index.ts";

// The payload of Plausible's tracker and events API, long and short keys. A site there is called domain, and there may be
// several, separated by commas.

const MAX_DOMAINS = 20;

export const plausible: Protocol = {
  name: "plausible",
  path: "/api/event",
  fits: (body) =>
    isRecord(body) && !("site" in body) && (typeof body.domain === "string" || typeof body.d === "string"),
  parse(body) {
    if (!isRecord(body)) return { beacons: [body] };
    const sites = String(body.domain ?? body.d).split(",", MAX_DOMAINS);
    return { beacons: sites.map((site) => beaconFor(site.trim(), body)) };
  },
};

function beaconFor(site: string, body: Record<string, unknown>): Record<string, unknown> {
  const beacon: Record<string, unknown> = { site };
  const take = (field: string, value: unknown) => {
    if (value !== undefined && value !== null) beacon[field] = value;
  };
  take("name", body.name ?? body.n);
  take("url", body.url ?? body.u);
  take("referrer", body.referrer ?? body.r);
  take("props", parsedJson(body.props ?? body.p ?? body.meta ?? body.m));
  take("revenue", parsedJson(body.revenue ?? body.$));
  take("engagement", body.e);
  // 255 is its word for a page that was never measured.
  if (body.sd !== 255) take("scroll", body.sd);
  take("width", body.screen_width ?? body.w);
  return beacon;
}

/** Older trackers send objects as JSON inside the JSON. */
function parsedJson(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
