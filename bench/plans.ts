// How much a run measures.

import type { AlertsOptions } from "./alerts/measure.ts";
import type { DashboardOptions } from "./dashboard/measure.ts";
import type { FreshnessOptions } from "./freshness.ts";
import type { ReportsOptions } from "./reports/measure.ts";

export interface Plan {
  ingest: { warmUpMs: number; measureMs: number };
  live: FreshnessOptions;
  httpEvents: number;
  sizes: readonly number[];
  /** Above, SQLite would take longer than all the rest. */
  sqliteAtMost: number;
  /** Seconds of beacons at each rate whose cost is counted; what waits is copied to D1 every five. */
  costSeconds: { load: number; calm: number; free: number };
  dashboard: Omit<DashboardOptions, "now">;
  alerts: Omit<AlertsOptions, "now">;
  reports: Omit<ReportsOptions, "now">;
}

export const FULL: Plan = {
  ingest: { warmUpMs: 4_000, measureMs: 20_000 },
  live: { sockets: 100, perSecond: 2_000, warmUpMs: 5_000, measureMs: 20_000 },
  httpEvents: 2_000_000,
  sizes: [1_000_000, 10_000_000, 30_000_000],
  sqliteAtMost: 10_000_000,
  costSeconds: { load: 30, calm: 60, free: 60 },
  dashboard: {
    events: 1_000_000,
    loads: 3,
    viewing: { viewers: 100, refreshMs: 10_000, perSecond: 500, warmUpMs: 5_000, measureMs: 40_000 },
  },
  alerts: { sites: 100, rulesEach: 10, eventsEach: 20_000 },
  reports: { sites: 10, reportsEach: 100, pdfsEach: 5, eventsEach: 20_000, perSecond: 500, calmMs: 20_000 },
};

export const QUICK: Plan = {
  ingest: { warmUpMs: 800, measureMs: 2_500 },
  live: { sockets: 100, perSecond: 2_000, warmUpMs: 2_000, measureMs: 4_000 },
  httpEvents: 50_000,
  sizes: [100_000],
  sqliteAtMost: 1_000_000,
  costSeconds: { load: 4.5, calm: 4.5, free: 9 },
  dashboard: {
    events: 50_000,
    loads: 1,
    viewing: { viewers: 100, refreshMs: 10_000, perSecond: 500, warmUpMs: 2_000, measureMs: 10_000 },
  },
  alerts: { sites: 10, rulesEach: 10, eventsEach: 20_000 },
  reports: { sites: 2, reportsEach: 20, pdfsEach: 1, eventsEach: 20_000, perSecond: 500, calmMs: 4_000 },
};
