import { DEFAULT_PII } from "../../workers/domain/pii-kind.ts";
import { type Site, siteIdSchema } from "../../workers/domain/site.ts";

export function aSite(part: Partial<Site> = {}): Site {
  return {
    id: siteIdSchema.parse("example.com"),
    teamId: "main",
    name: "Example",
    timeZone: "Europe/Berlin",
    hostnames: [],
    excludedPaths: [],
    jurisdiction: "none",
    shards: 1,
    epoch: 1,
    nextShards: null,
    autoShards: true,
    eventsPerSecond: null,
    honourDoNotTrack: true,
    exactLimit: null,
    currency: null,
    requestsPerHour: null,
    pii: DEFAULT_PII,
    createdAt: Date.UTC(2026, 0, 1),
    ...part,
  };
}
