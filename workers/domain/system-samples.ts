// How the system does, as samples. Counters count since the first of the month, UTC.
import { meterOf, type Plan } from "./bill.ts";
import { BUDGET_DAYS, errorBudget } from "./error-budget.ts";
import { BACKLOG, type Detail, HOUR_MS, mergedTotals, noTotals, type Totals, totalsOf } from "./measures.ts";
import type { MetricSample } from "./metric-sample.ts";
import { quantileOf, type Tally } from "./tally.ts";

export interface SystemFacts {
  now: number;
  plan: Plan;
  /** Since `samplesSince`. */
  totals: readonly { start: number; value: Totals }[];
  /** Of the last quarter of an hour. */
  latest: Detail;
  looks: readonly { name: string; reason: string | null }[];
  jobs: readonly { name: string; ms: number; wellAt: number | null }[];
  incidents: readonly { closedAt: number | null }[];
  d1Bytes: number;
}

function monthStart(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

const budgetStart = (now: number): number => now - BUDGET_DAYS * 24 * HOUR_MS;

export const samplesSince = (now: number): number => Math.min(monthStart(now), budgetStart(now));

type Said = Pick<MetricSample, "name" | "about" | "unit">;

const gauge = (said: Said, value: number, labels = {}): MetricSample => ({ ...said, labels, value, since: null });

const REQUESTS = { name: "edgewise_system_requests", about: "Requests that were answered.", unit: "count" } as const;
const EVENTS = { name: "edgewise_system_events", about: "Events that were written to disk.", unit: "count" } as const;
const TIMES = {
  name: "edgewise_system_request_seconds",
  about: "How long requests of the last 15 minutes took.",
  unit: "seconds",
} as const;
const LAGS = {
  name: "edgewise_system_ingest_lag_seconds",
  about: "From an event's receipt to disk, in the last 15 minutes.",
  unit: "seconds",
} as const;

const SHARES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

function timesOf(said: Said, tally: Tally, labels = {}): MetricSample[] {
  return Object.entries(SHARES).flatMap(([percentile, share]) => {
    const ms = quantileOf(tally, share);
    return ms === null ? [] : [gauge(said, ms / 1000, { ...labels, percentile })];
  });
}

function countsOf({ totals, now }: SystemFacts): MetricSample[] {
  const since = monthStart(now);
  const own = totals.filter(({ start }) => start >= since).map(({ value }) => value);
  const { api, collect, lag } = own.reduce(mergedTotals, noTotals());
  const counter = (said: Said, value: number, labels = {}): MetricSample => ({ ...said, labels, value, since });
  const requests = Object.entries({ api, collect }).flatMap(([door, { count, refused, failed }]) => [
    counter(REQUESTS, count - refused - failed, { door, outcome: "done" }),
    counter(REQUESTS, refused, { door, outcome: "refused" }),
    counter(REQUESTS, failed, { door, outcome: "failed" }),
  ]);
  return [...requests, counter(EVENTS, lag.count)];
}

function costOf({ totals, now, d1Bytes, plan }: SystemFacts): number {
  const own = totals.filter(({ start }) => start >= monthStart(now)).map(({ value }) => value);
  const { counts } = own.reduce(mergedTotals, noTotals());
  return meterOf({ ...counts, d1Bytes }, plan).reduce((sum, { dollars }) => sum + dollars, 0);
}

function budgetLeft({ totals, now }: SystemFacts): number {
  const own = totals.filter(({ start }) => start >= budgetStart(now)).map(({ value }) => value);
  const { api, collect } = own.reduce(mergedTotals, noTotals());
  return errorBudget(api.count + collect.count, api.failed + collect.failed).left;
}

const WELL = {
  name: "edgewise_system_healthy",
  about: "1 where a probe finds it well, else 0.",
  unit: "count",
} as const;
const JOB_TIME = {
  name: "edgewise_system_job_seconds",
  about: "How long its last run took.",
  unit: "seconds",
} as const;
const JOB_WELL = {
  name: "edgewise_system_job_last_success_timestamp_seconds",
  about: "When the job last went well.",
  unit: "seconds",
} as const;
const OPEN = { name: "edgewise_system_incidents_open", about: "Incidents that are open.", unit: "count" } as const;
const STORED = { name: "edgewise_system_database_bytes", about: "What D1 holds.", unit: "bytes" } as const;
const COST = {
  name: "edgewise_system_cost_dollars",
  about: "What this month costs so far, beyond what the plan includes.",
  unit: "dollars",
} as const;
const BUDGET = {
  name: "edgewise_system_error_budget_left_ratio",
  about: `The share of the error budget of ${BUDGET_DAYS} days that is left.`,
  unit: "ratio",
} as const;
const WAITING = {
  name: "edgewise_system_backlog_events",
  about: "Most events of one shard that waited for their copy in D1, in the last 15 minutes.",
  unit: "count",
} as const;

export function systemSamples(facts: SystemFacts): MetricSample[] {
  const { latest, looks, jobs, incidents, d1Bytes } = facts;
  const { api, collect, lag } = totalsOf({ ...latest, counts: {} });
  const backlog = latest.tallies[BACKLOG]?.max;
  return [
    ...looks.map(({ name, reason }) => gauge(WELL, reason === null ? 1 : 0, { probe: name })),
    ...countsOf(facts),
    ...timesOf(TIMES, api, { door: "api" }),
    ...timesOf(TIMES, collect, { door: "collect" }),
    ...timesOf(LAGS, lag),
    ...(backlog === undefined ? [] : [gauge(WAITING, backlog)]),
    gauge(STORED, d1Bytes),
    gauge(COST, costOf(facts)),
    gauge(BUDGET, budgetLeft(facts)),
    gauge(OPEN, incidents.filter(({ closedAt }) => closedAt === null).length),
    ...jobs.map(({ name, ms }) => gauge(JOB_TIME, ms / 1000, { job: name })),
    ...jobs.flatMap(({ name, wellAt }) => (wellAt === null ? [] : [gauge(JOB_WELL, wellAt / 1000, { job: name })])),
  ];
}
