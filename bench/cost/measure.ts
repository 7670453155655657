// What the platform would bill: counted while beacons come in at three rates and while somebody watches; with what roll-ups
// and a load of the dashboard were counted to take, it is priced.

import type { BenchServer } from "../bench-server.ts";
import { openPage } from "../freshness.ts";
import { startPacedLoad } from "../paced-load.ts";
import { type Dollars, dollarsPerMillion, type FreeDay, freeDay, minus, scaled, type Use } from "./dollars.ts";

export interface CostOptions {
  cpuMicrosPerEvent: number;
  bytesPerEvent: number;
  /** Roll-ups and merges of 30 days by one shard, and one load of the dashboard. */
  rollUpMonth: Use;
  dashboardLoad: Use;
  /** Seconds of each rate: with the site under load, at ten million a month, and at what the free plan takes. */
  seconds: { load: number; calm: number; free: number };
}

export interface CostResult {
  /** Of one event: at 2,000 a second, at ten million a month, at what the free plan takes. */
  underLoad: Use;
  calm: Use;
  free: Use;
  /** What a viewer adds a second at ten million events a month. */
  watchedSecond: Use;
  rollUpMonth: Use;
  dashboardLoad: Use;
  rowsWrittenPerEvent: { underLoad: number; calm: number };
  dollars: { unwatched: Dollars; watched: Dollars; underLoad: Dollars };
  freeDay: FreeDay;
}

const MONTH_EVENTS = 10_000_000;
const MONTH_SECONDS = 30 * 86_400;
const HOURS_WATCHED = 8;
const RATES = { load: 2_000, calm: MONTH_EVENTS / MONTH_SECONDS, free: 0.5 };
const KEPT_MONTHS = 13;
const D1_RAW_BYTES = 200_000_000;

const writes = ({ objectRowsWritten, d1RowsWritten }: Use): number => objectRowsWritten + d1RowsWritten;
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Use of one event at a steady rate: until it is in D1, and with what sealing it will write. */
async function useAt(bench: BenchServer, site: string, { perSecond, seconds }: { perSecond: number; seconds: number }) {
  const before = await bench.counters();
  const load = startPacedLoad({ port: bench.port, site, perSecond, connections: Math.min(64, Math.ceil(perSecond)) });
  await pause(seconds * 1000);
  await load.stop("send");
  await bench.quiet(site);
  const used = minus(await bench.counters(), before);
  const { shards } = await bench.api.status(site);
  // A log row leaves by being deleted, which is a row written.
  const unsealed = shards.reduce((sum, { logRows }) => sum + logRows, 0);
  const all = { ...used, objectRowsWritten: used.objectRowsWritten + unsealed };
  return { events: load.due.length, all };
}

async function eventAt(bench: BenchServer, name: keyof CostOptions["seconds"], seconds: number): Promise<Use> {
  const site = `cost-${name}`;
  await bench.api.createSite({ id: site });
  const { events, all } = await useAt(bench, site, { perSecond: RATES[name], seconds });
  return scaled(all, 1 / events);
}

/** While a Live page is open its shards and its LiveSite stay awake: both are billed for the whole second. */
async function watchedSecond(bench: BenchServer, seconds: number, calm: Use): Promise<Use> {
  const site = "cost-watched";
  await bench.api.createSite({ id: site });
  const page = await openPage(bench, site);
  const { events, all } = await useAt(bench, site, { perSecond: RATES.calm, seconds });
  page.socket.close();
  const more = scaled(minus(all, scaled(calm, events)), 1 / seconds);
  const { shards } = await bench.api.status(site);
  const [awake, none] = [(shards.length + 1) * 1000, 0];
  return {
    ...more,
    workerRequests: none, // the upgrade, once
    objectMs: awake,
    objectRowsRead: Math.max(none, more.objectRowsRead),
    objectRowsWritten: Math.max(none, more.objectRowsWritten),
    d1RowsRead: Math.max(none, more.d1RowsRead),
    d1RowsWritten: Math.max(none, more.d1RowsWritten),
  };
}

export async function measureCost(bench: BenchServer, options: CostOptions): Promise<CostResult> {
  const { seconds, cpuMicrosPerEvent, bytesPerEvent, rollUpMonth, dashboardLoad } = options;
  const underLoad = await eventAt(bench, "load", seconds.load);
  const calm = await eventAt(bench, "calm", seconds.calm);
  const free = await eventAt(bench, "free", seconds.free);
  const perSecond = await watchedSecond(bench, seconds.calm, calm);
  const storage = { bytesPerEvent, months: KEPT_MONTHS, d1Bytes: D1_RAW_BYTES };
  const month = (use: Use, hoursADay: number) =>
    dollarsPerMillion({
      events: MONTH_EVENTS,
      use,
      cpuMicrosPerEvent,
      fixed: rollUpMonth,
      watched: { perSecond, hoursADay },
      storage,
    });
  return {
    underLoad,
    calm,
    free,
    watchedSecond: perSecond,
    rollUpMonth,
    dashboardLoad,
    rowsWrittenPerEvent: {
      underLoad: writes(underLoad) + writes(rollUpMonth) / MONTH_EVENTS,
      calm: writes(calm) + writes(rollUpMonth) / MONTH_EVENTS,
    },
    dollars: { unwatched: month(calm, 0), watched: month(calm, HOURS_WATCHED), underLoad: month(underLoad, 0) },
    freeDay: freeDay({ use: free, load: dashboardLoad, fixedADay: scaled(rollUpMonth, 1 / 30) }),
  };
}
