// A site whose shards are raised, and what must be the same of it at every step.

import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { SiteShard } from "../../durable-objects/site-shard/object.ts";
import type { AnalysisResult } from "../../workers/domain/question.ts";
import type { Site } from "../../workers/domain/site.ts";
import { findSite } from "../../workers/store/sites.ts";
import { aView, from, HOUR_MS, ok, rows, sendTaken, shardsOfEpoch } from "./worker.ts";

const MINUTE_MS = 60_000;
export const VISITORS = 12;

/** What the site's row says now. */
export const siteNow = async (site: Site): Promise<Site> => (await findSite(env.DB, site.id))!;

export const raise = (site: Site, shards: number): Promise<Site> =>
  ok<Site>("PATCH", `/api/v1/sites/${site.id}`, { shards });

/** A few hours of visits of every visitor, with what the questions ask for. */
export async function sendHistory(site: Site, name = "first", now = Date.now()): Promise<void> {
  for (let visitor = 0; visitor < VISITORS; visitor++) {
    const events = Array.from({ length: 8 }, (_, i) => ({
      ...aView(site, {
        id: `${name}-${visitor}-${i}`,
        at: now - 5 * HOUR_MS + i * 7 * MINUTE_MS + visitor * 11 * MINUTE_MS,
      }),
      name: i === 5 && visitor % 2 === 0 ? "signup" : "pageview",
      url: `https://example.com/p${(i + visitor) % 4}?utm_source=s${visitor % 3}`,
      props: { plan: visitor % 2 ? "pro" : "free", step: i },
      ...(i === 5 && { revenue: { amount: visitor + 1, currency: "EUR" } }),
    }));
    await sendTaken(events, from(visitor));
  }
}

const QUESTIONS = [
  { metrics: ["visitors", "visits", "pageviews", "events", "bounce_rate", "visit_duration", "views_per_visit"] },
  { metrics: ["visitors", "pageviews"], dimensions: ["time:hour"] },
  { metrics: ["visits", "bounce_rate"], dimensions: ["visit:entry_page", "visit:source"] },
  { metrics: ["events", "total_revenue"], dimensions: ["event:name"] },
  { metrics: ["events", "visitors"], dimensions: ["event:props:plan"] },
  { metrics: ["visitors"], filters: [["is", "event:page", ["/p1"]] as ["is", string, string[]]] },
];

function funnel(site: Site): Promise<AnalysisResult> {
  return ok("POST", "/api/v2/query", {
    site_id: site.id,
    date_range: "all",
    analysis: "funnel",
    params: { steps: [{ page: "/p*" }, { event: "signup" }] },
  });
}

/** Answers of every kind. */
export async function answersOf(site: Site): Promise<unknown[]> {
  const tables = await Promise.all(QUESTIONS.map((question) => rows(site, question)));
  return [...tables, (await funnel(site)).results];
}

/** Every object of the site, old ones first. */
export async function objectsOf(site: Site): Promise<DurableObjectStub<SiteShard>[]> {
  const { epoch, shards, nextShards } = await siteNow(site);
  const before = epoch > 1 ? shardsOfEpoch(site, epoch - 1, site.shards) : [];
  return [...before, ...shardsOfEpoch(site, epoch, shards), ...shardsOfEpoch(site, epoch + 1, nextShards ?? 0)];
}

/** As a fault would end them: without waiting for what they are doing. */
export async function crashAll(site: Site): Promise<void> {
  for (const shard of await objectsOf(site)) {
    await runInDurableObject(shard, (_, state) => state.abort("crash")).catch(() => undefined);
  }
}

/** One alarm of each shard of the next epoch; `between` runs after each. True when the site has come to rest. */
export async function moveOn(site: Site, between: () => Promise<void> = async () => undefined): Promise<boolean> {
  const { epoch, nextShards } = await siteNow(site);
  if (nextShards === null) return true;
  for (const shard of shardsOfEpoch(site, epoch + 1, nextShards)) {
    await runDurableObjectAlarm(shard);
    await between();
  }
  return false;
}

/** Moves until the site has come to rest. */
export async function moveThrough(site: Site, between?: () => Promise<void>): Promise<void> {
  for (let turn = 0; turn < 50; turn++) if (await moveOn(site, between)) return;
  throw new Error("the move came to no end");
}

/** Goes on with it until it has ended, with the shards' alarms in between. */
export async function withAlarms<T>(site: Site, work: Promise<T>): Promise<T> {
  let going = true;
  const done = work.finally(() => {
    going = false;
  });
  done.catch(() => undefined);
  while (going) {
    await moveOn(site).catch(() => undefined);
    await scheduler.wait(10);
  }
  return done;
}
