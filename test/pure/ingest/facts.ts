import type { Event } from "../../../workers/domain/event.ts";
import { DEFAULT_RETENTION } from "../../../workers/domain/retention.ts";
import { newSiteSchema, type Site } from "../../../workers/domain/site.ts";
import type { Facts, Refusal } from "../../../workers/ingest/draft.ts";
import type { ImportFacts } from "../../../workers/ingest/imported.ts";
import { type Ingested, ingest } from "../../../workers/ingest/pipeline.ts";

export const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
export const NOON = Date.UTC(2026, 10, 21, 12);

export function aSite(changes: Partial<Site> = {}): Site {
  const { name, ...site } = newSiteSchema.parse({ id: "shop" });
  const made = {
    retention: DEFAULT_RETENTION,
    teamId: "main",
    createdAt: 0,
    epoch: 1,
    nextShards: null,
    autoShards: true,
  };
  return { ...site, name: name ?? site.id, ...made, ...changes };
}

export function secret(seed: number): Uint8Array {
  return new Uint8Array(32).fill(seed);
}

/** A request from Berlin at noon UTC; secrets for three dates around it. */
export function someFacts(changes: Partial<Facts> = {}): Facts {
  return {
    now: NOON,
    site: aSite(),
    ip: "203.0.113.7",
    userAgent: CHROME,
    doNotTrack: false,
    place: { country: "DE", region: "Berlin", city: "Berlin", timeZone: "Europe/Berlin" },
    language: "de-AT,de;q=0.9,en;q=0.8",
    secrets: new Map([
      ["2026-11-20", secret(20)],
      ["2026-11-21", secret(21)],
      ["2026-11-22", secret(22)],
    ]),
    identityKey: secret(1),
    withdrawn: new Set(),
    ...changes,
  };
}

export function someImportFacts(changes: Partial<ImportFacts> = {}): ImportFacts {
  return {
    now: NOON,
    site: aSite(),
    identityKey: secret(1),
    withdrawn: new Set(),
    importId: "history-1",
    secret: secret(9),
    visitors: "given",
    bots: "drop",
    ...changes,
  };
}

export function aBeacon(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { site: "shop", name: "pageview", url: "https://shop.example.com/", ...changes };
}

export function collect(beacon: Record<string, unknown> = {}, facts: Partial<Facts> = {}): Ingested | Refusal {
  return ingest(aBeacon(beacon), someFacts(facts));
}

/** The event of a beacon that is expected to be taken. */
export function collected(beacon: Record<string, unknown> = {}, facts: Partial<Facts> = {}): Event {
  const result = collect(beacon, facts);
  if ("reason" in result) throw new Error(`refused: ${JSON.stringify(result)}`);
  return result.event;
}
