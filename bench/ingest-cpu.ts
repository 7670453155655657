// CPU time of ingest: µs per event for the whole pipeline, and for each step by itself, so that the parts can be read
// against each other. The figure that counts is the end-to-end rate.

import * as z from "zod";
import { DEFAULT_CONSENT } from "../workers/domain/consent.ts";
import { DEFAULT_PII } from "../workers/domain/pii-kind.ts";
import { trackingPlanSchema } from "../workers/domain/plan-schema.ts";
import { DEFAULT_RETENTION } from "../workers/domain/retention.ts";
import type { Site } from "../workers/domain/site.ts";
import { siteIdSchema } from "../workers/domain/site.ts";
import { type Facts, isRefusal } from "../workers/ingest/draft.ts";
import { localDate } from "../workers/ingest/local-date.ts";
import { ingest } from "../workers/ingest/pipeline.ts";
import { planChecker } from "../workers/ingest/plan-checker.ts";
import { STEPS } from "../workers/ingest/steps/index.ts";
import { openDraft, validateBeacon } from "../workers/ingest/validate.ts";

export interface CpuRow {
  part: string;
  microseconds: number;
}

const EVENTS = 50_000;
const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0",
];
const REFERRERS = [
  "",
  "https://www.google.com/",
  "https://news.ycombinator.com/item?id=1",
  "https://blog.example.net/a",
];

const site: Site = {
  id: siteIdSchema.parse("bench"),
  teamId: "main",
  name: "bench",
  timeZone: "America/New_York",
  hostnames: ["*.example.com"],
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
  retention: DEFAULT_RETENTION,
  exactLimit: null,
  currency: null,
  requestsPerHour: null,
  pii: DEFAULT_PII,
  createdAt: 0,
};

/** Of a site that plans what the benchmark sends, and two hundred events besides. */
const plan = planChecker(
  trackingPlanSchema.parse({
    mode: "enforce",
    unplanned: { events: "warn", properties: "warn" },
    events: {
      signup: {
        properties: {
          plan: { type: "string", required: true, values: ["free", "team"] },
          seats: { type: "integer", required: true, min: 1, max: 1000 },
        },
      },
      ...Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`event_${i}_done`, {}])),
    },
  }),
);

function factsFor(i: number, now: number): Facts {
  return {
    now,
    site,
    ip: `203.0.113.${i % 250}`,
    userAgent: AGENTS[i % AGENTS.length] ?? "",
    doNotTrack: false,
    place: { country: "DE", region: "Berlin", city: "Berlin", timeZone: "Europe/Berlin" },
    language: "de-DE,de;q=0.9,en;q=0.8",
    secrets: new Map([[localDate(now, site.timeZone), new Uint8Array(32)]]),
    identityKey: new Uint8Array(32),
    withdrawn: new Set(),
  };
}

function bodyOf(i: number): string {
  return JSON.stringify({
    site: "bench",
    name: i % 5 === 0 ? "signup" : "pageview",
    url: `https://www.example.com/blog/post-${i % 300}${i % 10 === 0 ? "?utm_source=newsletter&utm_medium=email" : ""}`,
    referrer: REFERRERS[i % REFERRERS.length],
    title: "A post about something",
    id: `k3j5h2-${i}`,
    width: 1280,
    ...(i % 5 === 0 ? { props: { plan: "team", seats: 5 } } : {}),
  });
}

/** Runs `part` twice over all events, the first time to warm up, each time after `prepare`; µs each. */
function measure(part: (i: number) => void, prepare: () => void): number {
  prepare();
  for (let i = 0; i < EVENTS; i++) part(i);
  prepare();
  const start = process.cpuUsage();
  for (let i = 0; i < EVENTS; i++) part(i);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / EVENTS;
}

export function measureIngest(): CpuRow[] {
  // workerd forbids code generation, so zod must not use it here either.
  z.config({ jitless: true });
  const now = Date.UTC(2026, 10, 21, 12);
  const bodies = Array.from({ length: EVENTS }, (_, i) => bodyOf(i));
  const beacons = bodies.map((body): unknown => JSON.parse(body));
  const shared = factsFor(1, now);
  const planned = { ...shared, plan };
  let facts: Facts[] = [];
  // What is computed once a request must be computed again in each round.
  const newRequests = () => {
    facts = Array.from({ length: EVENTS }, (_, i) => factsFor(i, now));
  };
  const row = (part: string, run: (i: number) => void): CpuRow => ({ part, microseconds: measure(run, newRequests) });

  const drafts = beacons.map((beacon) => {
    const valid = validateBeacon(beacon);
    if (isRefusal(valid)) throw new Error("the benchmark's own beacon was refused");
    return openDraft(valid, { now });
  });
  return [
    row("JSON.parse", (i) => void JSON.parse(bodies[i]!)),
    row("ingest, an event a request", (i) => void ingest(beacons[i], facts[i]!)),
    row("ingest, all in one request", (i) => void ingest(beacons[i], shared)),
    row("the same, with a plan", (i) => void ingest(beacons[i], planned)),
    row("validate", (i) => void validateBeacon(beacons[i])),
    ...Object.values(STEPS).map((step) =>
      row(step.name, (i) => void step.run(drafts[i]!, step === STEPS["check-plan"] ? planned : facts[i]!)),
    ),
  ];
}

if (import.meta.main) {
  for (const { part, microseconds } of measureIngest()) {
    console.log(part.padEnd(28), microseconds.toFixed(2).padStart(8), "µs");
  }
}
