import { DEFAULT_CONSENT } from "../../workers/domain/consent.ts";
import { DEFAULT_PII } from "../../workers/domain/pii-kind.ts";
import { DEFAULT_RETENTION } from "../../workers/domain/retention.ts";
import { type Site, siteIdSchema } from "../../workers/domain/site.ts";

export function aSite(part: Partial<Site> = {}): Site {
  return {
    id: siteIdSchema.parse("example.com"),
    teamId: "main",
    name: "Example",
    timeZone: "Europe/Berlin",
    hostnames: [],
    excludedPaths: [],
    excludedReferrers: [],
    jurisdiction: "none",
    shards: 1,
    epoch: 1,
    nextShards: null,
    autoShards: true,
    eventsPerSecond: null,
    honourDoNotTrack: true,
    consent: DEFAULT_CONSENT,
    exactLimit: null,
    currency: null,
    requestsPerHour: null,
    retention: DEFAULT_RETENTION,
    pii: DEFAULT_PII,
    createdAt: Date.UTC(2026, 0, 1),
    ...part,
  };
}
