import type { MetricSample } from "../../domain/metric-sample.ts";
import { samplesSince, systemSamples } from "../../domain/system-samples.ts";
import type { Env } from "../../env.ts";
import { databaseBytes } from "./database-bytes.ts";
import { writeMeasures } from "./gather.ts";
import { listIncidents } from "./incidents.ts";
import { listRuns } from "./job-runs.ts";
import { readDetail, readTotals } from "./measure-rows.ts";
import { healthOf } from "./probes.ts";

const QUARTER_MS = 15 * 60_000;

/** How the system does, with what this isolate has measured and not yet told. */
export async function readSystemSamples(env: Env, now: number): Promise<MetricSample[]> {
  const { DB } = env;
  await writeMeasures(DB, now);
  const [totals, latest, { looks }, jobs, incidents, d1Bytes] = await Promise.all([
    readTotals(DB, samplesSince(now)),
    readDetail(DB, now - QUARTER_MS),
    healthOf(env, now),
    listRuns(DB),
    listIncidents(DB),
    databaseBytes(DB),
  ]);
  const plan = env.EDGEWISE_PLAN === "free" ? "free" : "paid";
  return systemSamples({ now, plan, totals, latest, looks, jobs, incidents, d1Bytes });
}
