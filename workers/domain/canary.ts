import { DEFAULT_CONSENT } from "./consent.ts";
import { DEFAULT_PII } from "./pii-kind.ts";
import { DEFAULT_RETENTION } from "./retention.ts";
import type { Site, SiteId } from "./site.ts";

/** The site of the synthetic visitor. It is nobody's and in no list: neither among sites nor in a copy, and only the deployment's token reads it. */
export const CANARY: Site = {
  id: "edgewise.canary" as SiteId, // as siteIdSchema would have it
  teamId: "system",
  name: "Canary",
  timeZone: "UTC",
  hostnames: [],
  excludedPaths: [],
  excludedReferrers: [],
  jurisdiction: "none",
  shards: 1,
  epoch: 1,
  nextShards: null,
  autoShards: false,
  eventsPerSecond: null,
  honourDoNotTrack: true,
  consent: DEFAULT_CONSENT,
  exactLimit: null,
  currency: null,
  requestsPerHour: null,
  retention: { ...DEFAULT_RETENTION, events: 1, rawDays: 1, refusals: 1 },
  pii: DEFAULT_PII,
  createdAt: 0,
};
