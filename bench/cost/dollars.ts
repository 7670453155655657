// From counts to dollars, and to what fits the free plan. Pure.

import { FREE_A_DAY, OBJECT_GB, PRICES } from "../../workers/domain/prices.ts";
import type { Counters } from "../billed.ts";

/** What one event or one dashboard load uses, on average. */
export type Use = Counters;

export interface Storage {
  /** Of a sealed event in its object. */
  bytesPerEvent: number;
  /** Months that raw events are kept. */
  months: number;
  /** D1's recent copy of raw events, bytes. */
  d1Bytes: number;
}

export interface Dollars {
  workerRequests: number;
  workerCpu: number;
  objectRequests: number;
  objectDuration: number;
  rowsWritten: number;
  rowsRead: number;
  storage: number;
  watching: number;
  total: number;
  /** Added by the optional binding. */
  analyticsEngine: number;
}

export interface Month {
  events: number;
  /** Of one event, nobody watching. */
  use: Use;
  cpuMicrosPerEvent: number;
  /** Roll-ups and what else comes by the clock, a month. */
  fixed: Use;
  /** Dashboards open in all: what they add a second, and how long, in hours a day. */
  watched: { perSecond: Use; hoursADay: number };
  storage: Storage;
}

const DAYS = 30;
const GB = 1e9;

const gbSeconds = (milliseconds: number): number => (milliseconds / 1000) * OBJECT_GB;

/** Dollars of so much use. */
function priceOf(use: Use) {
  const million = 1e6;
  return {
    workerRequests: (use.workerRequests / million) * PRICES.workerMillionRequests,
    objectRequests: (use.objectRequests / million) * PRICES.objectMillionRequests,
    objectDuration: (gbSeconds(use.objectMs) / million) * PRICES.objectMillionGbSeconds,
    rowsWritten:
      (use.objectRowsWritten / million) * PRICES.objectMillionRowsWritten +
      (use.d1RowsWritten / million) * PRICES.d1MillionRowsWritten,
    rowsRead:
      (use.objectRowsRead / million) * PRICES.objectMillionRowsRead +
      (use.d1RowsRead / million) * PRICES.d1MillionRowsRead,
  };
}

export function scaled(use: Use, times: number): Use {
  return {
    workerRequests: use.workerRequests * times,
    objectRequests: use.objectRequests * times,
    objectMs: use.objectMs * times,
    objectRowsRead: use.objectRowsRead * times,
    objectRowsWritten: use.objectRowsWritten * times,
    d1RowsRead: use.d1RowsRead * times,
    d1RowsWritten: use.d1RowsWritten * times,
  };
}

export function added(a: Use, b: Use): Use {
  return {
    workerRequests: a.workerRequests + b.workerRequests,
    objectRequests: a.objectRequests + b.objectRequests,
    objectMs: a.objectMs + b.objectMs,
    objectRowsRead: a.objectRowsRead + b.objectRowsRead,
    objectRowsWritten: a.objectRowsWritten + b.objectRowsWritten,
    d1RowsRead: a.d1RowsRead + b.d1RowsRead,
    d1RowsWritten: a.d1RowsWritten + b.d1RowsWritten,
  };
}

export const minus = (a: Use, b: Use): Use => added(a, scaled(b, -1));

/** Dollars per million events of such a month, what the plan includes left out. */
export function dollarsPerMillion({ events, use, cpuMicrosPerEvent, fixed, watched, storage }: Month): Dollars {
  const millions = events / 1e6;
  const price = priceOf(added(use, scaled(fixed, 1 / events)));
  const seconds = watched.hoursADay * 3600 * DAYS;
  const watching = Object.values(priceOf(scaled(watched.perSecond, seconds))).reduce((sum, one) => sum + one, 0);
  const stored =
    ((storage.bytesPerEvent * events * storage.months) / GB) * PRICES.objectGbMonth +
    (storage.d1Bytes / GB) * PRICES.d1GbMonth;
  const parts = {
    workerRequests: price.workerRequests * 1e6,
    workerCpu: cpuMicrosPerEvent * 1e-3 * PRICES.workerMillionCpuMs,
    objectRequests: price.objectRequests * 1e6,
    objectDuration: price.objectDuration * 1e6,
    rowsWritten: price.rowsWritten * 1e6,
    rowsRead: price.rowsRead * 1e6,
    storage: stored / millions,
    watching: watching / millions,
  };
  const total = Object.values(parts).reduce((sum, one) => sum + one, 0);
  return { ...parts, total, analyticsEngine: PRICES.analyticsEngineMillionPoints };
}

export interface FreeDay {
  events: number;
  dashboards: number;
  /** The limit that is reached first. */
  limit: keyof typeof FREE_A_DAY;
}

/** Events of which one in so many stands for a load of the dashboard. */
const EVENTS_A_LOAD = 100;

/** The most events a day, with a dashboard load for each hundred of them, that the free plan takes. */
export function freeDay({ use, load, fixedADay }: { use: Use; load: Use; fixedADay: Use }): FreeDay {
  const perEvent = added(use, scaled(load, 1 / EVENTS_A_LOAD));
  const days = [
    ["workerRequests", perEvent.workerRequests, fixedADay.workerRequests],
    ["objectRequests", perEvent.objectRequests, fixedADay.objectRequests],
    ["objectGbSeconds", gbSeconds(perEvent.objectMs), gbSeconds(fixedADay.objectMs)],
    ["objectRowsWritten", perEvent.objectRowsWritten, fixedADay.objectRowsWritten],
    ["objectRowsRead", perEvent.objectRowsRead, fixedADay.objectRowsRead],
    ["d1RowsWritten", perEvent.d1RowsWritten, fixedADay.d1RowsWritten],
    ["d1RowsRead", perEvent.d1RowsRead, fixedADay.d1RowsRead],
  ] as const;
  const most = days.map(([limit, each, always]) => ({
    limit,
    events: each > 0 ? Math.max(0, (FREE_A_DAY[limit] - always) / each) : Number.POSITIVE_INFINITY,
  }));
  const least = most.reduce((a, b) => (b.events < a.events ? b : a));
  const events = Math.floor(least.events);
  return { events, dashboards: Math.floor(events / EVENTS_A_LOAD), limit: least.limit };
}
