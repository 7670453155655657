// What a run leaves: its parts, each with the time at which it was measured, and the line of JSON made of them.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { AlertsResult } from "./alerts/measure.ts";
import type { AnomalyResult } from "./anomaly/measure.ts";
import type { CostResult } from "./cost/measure.ts";
import type { DashboardResult } from "./dashboard/measure.ts";
import type { Freshness } from "./freshness.ts";
import type { HttpProof } from "./http-proof.ts";
import type { IngestResult, Measured } from "./ingest.ts";
import type { SizeResult } from "./query/measure.ts";
import type { ReportsResult } from "./reports/measure.ts";

export interface Parts {
  ingest: { result: IngestResult; rows: Measured[]; connections: number };
  live: Freshness;
  http: HttpProof;
  /** One for each size, the smallest first. */
  query: SizeResult[];
  cost: CostResult;
  dashboard: DashboardResult;
  /** Null where the labelled series are not there. */
  anomaly: AnomalyResult | null;
  alerts: AlertsResult;
  reports: ReportsResult;
}
export type PartName = keyof Parts;

export interface Outcome {
  machine: { cores: number; model: string; node: string };
  /** ISO 8601, by part. */
  measuredAt: Partial<Record<PartName, string>>;
  parts: Partial<Parts>;
}

export type RunKind = "latest" | "quick";

const fileOf = (kind: RunKind) => fileURLToPath(new URL(`results/${kind}.json`, import.meta.url));

export async function readOutcome(kind: RunKind): Promise<Outcome | null> {
  try {
    return JSON.parse(await readFile(fileOf(kind), "utf8")) as Outcome; // written below
  } catch {
    return null;
  }
}

export async function writeOutcome(kind: RunKind, outcome: Outcome): Promise<void> {
  await mkdir(fileURLToPath(new URL("results/", import.meta.url)), { recursive: true });
  await writeFile(fileOf(kind), `${JSON.stringify(outcome, null, 2)}\n`);
}

/** Each question twice: as it is with everything decoded that fits, and, named so, with nothing decoded. */
function queryLines(sizes: readonly SizeResult[]) {
  return sizes.flatMap(({ rows }) =>
    rows.flatMap(({ name, events, coldMs, warmMs, sqliteMs, duckdbMs }) => [
      { name, events, ms: warmMs, sqliteMs, duckdbMs },
      { name: `${name}, cold`, events, ms: coldMs, sqliteMs, duckdbMs },
    ]),
  );
}

function costLine({ rowsWrittenPerEvent, dashboardLoad, dollars, freeDay }: CostResult) {
  return {
    rowsWrittenPerEvent: rowsWrittenPerEvent.underLoad,
    rowsReadPerDashboardLoad: dashboardLoad.objectRowsRead + dashboardLoad.d1RowsRead,
    dollarsPerMillion: dollars.unwatched.total,
    freeEventsPerDay: freeDay.events,
    freeDashboardsPerDay: freeDay.dashboards,
  };
}

function dashboardLine({ pages, viewing }: DashboardResult) {
  const { viewers, perSecond, together, refreshed, beacons, rate } = viewing;
  return {
    pages,
    viewers,
    perSecond,
    boardMs: { together: together.p95, refreshed: refreshed.p95 },
    beaconMs: { alone: beacons.alone.p95, beside: beacons.beside.p95 },
    rate,
  };
}

/** The last line of `--json`; parts that were not measured are left out. */
export function jsonLine({ ingest, live, query, cost, dashboard, anomaly, alerts }: Partial<Parts>) {
  const largest = query?.at(-1);
  return {
    ...(ingest && { ingest: ingest.result }),
    ...(live && { live: { p50: live.p50, p95: live.p95, p99: live.p99 } }),
    ...(largest && {
      storage: { bytesPerEvent: largest.bytesPerEvent },
      query: queryLines(query ?? []),
      overview: {
        events: largest.events,
        coldMs: largest.overview.coldMs,
        warmMs: largest.overview.warmMs,
      },
    }),
    ...(cost && { cost: costLine(cost) }),
    ...(dashboard && { dashboard: dashboardLine(dashboard) }),
    ...(anomaly && { anomaly: anomaly.rows.find(({ detector }) => detector === "edgewise")?.scores }),
    ...(alerts && { alerts }),
  };
}
