// One cron run over many rules of many sites: how long it takes, and what it reads, counted where it is read.

import { type BenchServer, shapeOf } from "../bench-server.ts";
import type { AlertRead } from "../billed.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A minute is judged half a minute after its end. */
const SETTLED_MS = 30_000;

export interface AlertsOptions {
  sites: number;
  rulesEach: number;
  eventsEach: number;
  now: number;
}

export interface AlertsRun extends AlertRead {
  name: "each minute" | "after an hour";
  ms: number;
}

export interface AlertsResult extends Omit<AlertsOptions, "now"> {
  runs: AlertsRun[];
}

/** As sites have them: most by the minute, some by the hour. */
const CONDITIONS = [
  { kind: "absence", metric: "events", minutes: 30 },
  { kind: "threshold", metric: "pageviews", minutes: 10, value: 1_000_000 },
  { kind: "threshold", metric: "events", minutes: 60, value: 1_000_000 },
  { kind: "threshold", metric: "events", minutes: 1440, is: "below", value: 1 },
  { kind: "change", metric: "pageviews", minutes: 60, against: "before" },
  { kind: "threshold", metric: "pageviews", minutes: 5, value: 1_000_000 },
  { kind: "threshold", metric: "visitors", minutes: 60, value: 1_000_000 },
  { kind: "threshold", metric: "bounce_rate", minutes: 60, value: 101 },
  { kind: "change", metric: "events", minutes: 60, against: "week" },
  { kind: "anomaly", metric: "visitors" },
];

/** All sites have the events of the first, of which roll-ups are made. */
async function makeSite(bench: BenchServer, site: string, options: AlertsOptions & { like: string }): Promise<void> {
  const shape = shapeOf(options.eventsEach, options.now);
  await bench.fill(site, shape);
  if (site === options.like) await bench.rollUp(site, shape);
  else await bench.rollLike(site, options.like);
  for (let i = 0; i < options.rulesEach; i++) {
    const body = { name: `Rule ${i}`, conditions: [CONDITIONS[i % CONDITIONS.length]] };
    const { status } = await bench.api.request("POST", `/api/v1/sites/${site}/alert-rules`, { body });
    if (status !== 201) throw new Error(`an alert rule was answered ${status}`);
  }
}

export async function measureAlerts(bench: BenchServer, options: AlertsOptions): Promise<AlertsResult> {
  const sites = Array.from({ length: options.sites }, (_, i) => `alerts-${i}`);
  for (const site of sites) await makeSite(bench, site, { ...options, like: sites[0] ?? "" });
  // Ahead of the server's own cron, which then finds all judged: an hour is looked at five minutes after its end.
  const hour = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + SETTLED_MS;
  const run = async (name: AlertsRun["name"], minute: number): Promise<AlertsRun> => {
    return { name, ...(await bench.evaluateAlerts(hour + minute * MINUTE_MS)) };
  };
  // Rules begin to be judged with the first, whose figures are of no use.
  await run("each minute", 3);
  const runs = [await run("each minute", 4), await run("after an hour", 5)];
  for (const { name, judged } of runs) {
    if (judged !== options.sites) throw new Error(`${name}: ${judged} of ${options.sites} sites were judged`);
  }
  const { now: _, ...measured } = options;
  return { ...measured, runs };
}
