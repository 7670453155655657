// A site's own limit on what keys and share links ask of it in an hour, for those who let others at their numbers. Members
// and the deployment's token are not counted: they must get in to raise it.
import type { Actor } from "../domain/access.ts";
import { AppError } from "../domain/errors.ts";
import type { Site } from "../domain/site.ts";
import { countSiteRequests } from "../store/api-usage.ts";
import type { AppContext } from "./access.ts";

const HOUR_MS = 3600_000;
/** How long an isolate goes by what it last read, and counts for itself. */
const HELD_MS = 5_000;
const HELD_SITES = 2_000;

interface Held {
  hour: number;
  requests: number;
  until: number;
}

const held = new Map<string, Held>();

/** Requests of this hour, with those of this isolate that are not written yet. */
async function requestsSo(db: D1Database, siteId: Site["id"], now: number): Promise<Held> {
  const hour = now - (now % HOUR_MS);
  const known = held.get(siteId);
  if (known?.hour === hour && known.until > now) return known;
  const written = await countSiteRequests(db, siteId, hour);
  // What this isolate counted meanwhile may not be written yet: the larger figure is the nearer one.
  const counted = known?.hour === hour ? known.requests : 0;
  if (held.size >= HELD_SITES) held.clear();
  const fresh = { hour, requests: Math.max(written, counted), until: now + HELD_MS };
  held.set(siteId, fresh);
  return fresh;
}

/** Throws 429 with the time to the next hour once the site's limit is reached. */
export async function admitToSite(c: AppContext, site: Site, actors: readonly Actor[]): Promise<void> {
  const { requestsPerHour } = site;
  if (requestsPerHour === null || !actors.every(({ kind }) => kind === "key" || kind === "share")) return;
  const now = Date.now();
  const so = await requestsSo(c.env.DB, site.id, now);
  so.requests++;
  if (so.requests <= requestsPerHour) return;
  const retryAfter = Math.ceil((so.hour + HOUR_MS - now) / 1000);
  const message = `the site's keys and share links may ask ${requestsPerHour} times an hour; wait, or raise requestsPerHour`;
  throw new AppError("too_many_requests", message, { retryAfter });
}
