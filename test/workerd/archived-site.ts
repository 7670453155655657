// A site with days of history of every kind, what is asked of it, and what its archive holds.
import { env } from "cloudflare:workers";
import { type Manifest, manifestSchema } from "../../workers/domain/archive.ts";
import type { NewSite, Site } from "../../workers/domain/site.ts";
import { runDueJobs } from "../../workers/jobs/index.ts";
import { listArchiveDays } from "../../workers/store/archive/archive-days.ts";
import { findSite } from "../../workers/store/sites.ts";
import {
  aView,
  createSite,
  DAY_MS,
  from,
  HOUR_MS,
  ok,
  runAlarms,
  sendTaken,
  setClock,
  shardsOfSite,
} from "./worker.ts";

/** In a month of 31 days, and to come: what falls due does so when the test says. */
export const FIRST = Date.UTC(new Date().getUTCFullYear() + 1, 0, 10);
export const LIVE_DAYS = 3;
const CRON = "7 * * * *";

export const dateAt = (day: number): string => new Date(FIRST + day * DAY_MS).toISOString().slice(0, 10);
export const lake = (): R2Bucket => env.LAKE!;

function eventsOfDay(site: Site, day: number, visitor: number): Record<string, unknown>[] {
  return Array.from({ length: 6 }, (_, i) => ({
    ...aView(site, {
      id: `${day}-${visitor}-${i}`,
      at: FIRST + day * DAY_MS + 22 * HOUR_MS + i * 17 * 60_000 + visitor * 1000,
    }),
    name: i === 4 ? "signup" : "pageview",
    url: `https://example.com/p${(i + visitor) % 4}?utm_source=s${visitor % 3}`,
    props: { plan: visitor % 2 ? "pro" : "free", step: i, deep: { a: [1, null, "x"], ü: true }, when: day },
    ...(i === 4 && { revenue: { amount: visitor + 0.1, currency: "EUR" } }),
    // Some are known over the days.
    ...(visitor % 3 === 0 && {
      consent: { analytics: true },
      persistentId: `browser-${visitor}`,
      userId: `user-${visitor}`,
    }),
  }));
}

/** Visits late in the evening of some days, over midnight, and an import of the same days; sealed and rolled up. */
export async function siteWithHistory(fields: Partial<NewSite> = {}): Promise<Site> {
  setClock(FIRST);
  const site = await createSite({ shards: 2, ...fields });
  for (let day = 0; day < LIVE_DAYS; day++) {
    setClock(FIRST + day * DAY_MS + 23.9 * HOUR_MS);
    for (let visitor = 0; visitor < 9; visitor++) await sendTaken(eventsOfDay(site, day, visitor), from(visitor));
    setClock(FIRST + (day + 1) * DAY_MS + 4 * HOUR_MS);
    for (let turn = 0; turn < 3; turn++) await runAlarms(site);
  }
  const lines = Array.from({ length: 60 }, (_, line) => ({
    line,
    at: FIRST - 2 * DAY_MS + line * 2 * HOUR_MS,
    name: line % 5 === 0 ? "signup" : "pageview",
    url: `https://example.com/old${line % 3}`,
    visitor: `198.51.100.${line % 7}`,
    props: { plan: "old" },
  }));
  const body = { import: { id: "history", label: "old.log", visitors: "given" }, events: lines };
  await ok("POST", `/api/v1/sites/${site.id}/import`, body);
  for (let hour = 1; hour < 8; hour++) {
    setClock(FIRST + LIVE_DAYS * DAY_MS + 5 * HOUR_MS + hour * HOUR_MS);
    for (let turn = 0; turn < 4; turn++) await runAlarms(site);
  }
  return site;
}

const METRICS = ["visitors", "visits", "pageviews", "events", "bounce_rate", "visit_duration", "views_per_visit"];
const PLAN = [["is", "event:props:plan", ["pro", "old"]]];
const QUESTIONS = [
  { metrics: METRICS },
  { metrics: METRICS, filters: PLAN },
  { metrics: ["visitors", "pageviews"], dimensions: ["time:hour"] },
  { metrics: ["visitors", "visits"], dimensions: ["time:day", "event:page"], filters: PLAN },
  { metrics: ["visits", "bounce_rate"], dimensions: ["visit:entry_page", "visit:exit_page", "visit:source"] },
  { metrics: ["events", "total_revenue"], dimensions: ["event:name"] },
  { metrics: ["events", "visitors"], dimensions: ["event:props:step"] },
  { analysis: "funnel", params: { steps: [{ page: "/p*" }, { event: "signup" }] } },
  { analysis: "retention", params: { granularity: "day" } },
  { analysis: "paths", params: { depth: 3 } },
  { analysis: "properties", params: { property: "deep" } },
  { analysis: "properties", params: {} },
];

interface Answered {
  results: unknown;
  meta: { source: string; archived?: number };
}

/** Of every kind, over all of the history and over one of its days. */
export async function askEverything(site: Site): Promise<Answered[]> {
  const ranges = [
    [dateAt(-2), dateAt(LIVE_DAYS + 1)],
    [dateAt(1), dateAt(2)],
  ];
  const answers: (Answered & { error?: unknown })[] = [];
  for (const date_range of ranges) {
    const asked = QUESTIONS.map((question) => ({ site_id: site.id, date_range, ...question }));
    answers.push(...(await ok<Answered[]>("POST", "/api/v2/query", asked)));
  }
  const refused = answers.find(({ error }) => error !== undefined);
  if (refused) throw new Error(JSON.stringify(refused));
  return answers;
}

export const resultsOf = (answers: readonly Answered[]): unknown[] => answers.map(({ results }) => results);

export const siteNow = async (site: Site): Promise<Site> => (await findSite(env.DB, site.id))!;

export const setRetention = (site: Site, retention: object): Promise<Site> =>
  ok<Site>("PATCH", `/api/v1/sites/${site.id}`, { retention });

/** Runs the hourly jobs some hours after that day. */
export async function runJobsOn(day: number, hours = 12): Promise<void> {
  const now = FIRST + day * DAY_MS + hours * HOUR_MS;
  setClock(now);
  await runDueJobs(CRON, env, now);
}

export const daysOf = (site: Site) => listArchiveDays(env.DB, site.id);

export async function manifestOf(site: Site, date: string): Promise<Manifest> {
  const object = await lake().get(`site=${site.id}/date=${date}/manifest.json`);
  return manifestSchema.parse(await object!.json());
}

export async function keysOf(site: Site): Promise<string[]> {
  const { objects } = await lake().list({ prefix: `site=${site.id}/` });
  return objects.map(({ key }) => key);
}

/** Events that lie in the shards themselves. */
export async function heldEvents(site: Site): Promise<number> {
  const { runInDurableObject } = await import("cloudflare:test");
  const counts = await Promise.all(
    shardsOfSite(site).map((shard) =>
      runInDurableObject(shard, (_, { storage: { sql } }) => {
        const { n } = sql.exec<{ n: number }>("select coalesce(sum(count), 0) as n from segments where live = 1").one();
        return n + sql.exec<{ n: number }>("select coalesce(sum(count), 0) as n from log").one().n;
      }),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
