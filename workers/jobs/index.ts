import type { Env } from "../env.ts";
import { writeMeasures } from "../store/system/gather.ts";
import { type JobRun, recordRuns } from "../store/system/job-runs.ts";
import { timed } from "../store/system/timed.ts";
import { applyRetention } from "./apply-retention.ts";
import { type Calls, callsFor } from "./calls.ts";
import { checkQuality } from "./check-quality.ts";
import { checkRollups } from "./check-rollups.ts";
import { compactMeasures } from "./compact-measures.ts";
import { continueErasures } from "./continue-erasures.ts";
import { deliverNotices } from "./deliver-notices.ts";
import { destroySecrets } from "./destroy-secrets.ts";
import { evaluateAlerts } from "./evaluate-alerts.ts";
import { handOverWithdrawals } from "./hand-over-withdrawals.ts";
import { moveShards } from "./move-shards.ts";
import { prepareSecrets } from "./prepare-secrets.ts";
import { pruneAccess } from "./prune-access.ts";
import { pruneFiltered } from "./prune-filtered.ts";
import { pruneFindings } from "./prune-findings.ts";
import { pruneQuarantine } from "./prune-quarantine.ts";
import { pruneRaw } from "./prune-raw.ts";
import { pruneReports } from "./prune-reports.ts";
import { pruneWithdrawals } from "./prune-withdrawals.ts";
import { sendMetrics } from "./send-metrics.ts";
import { sendReports } from "./send-reports.ts";
import { tellSystemSite } from "./tell-system-site.ts";
import { verifyAudit } from "./verify-audit.ts";
import { visitCanary } from "./visit-canary.ts";
import { watchSystem } from "./watch-system.ts";

export interface Job {
  readonly name: string;
  /** One of the crons in wrangler.toml. */
  readonly cron: string;
  /** `calls`: what the jobs of a cron have left together; alone it has all. */
  run(env: Env, now: number, calls?: Calls): Promise<void>;
}

/** The cron table. */
export const JOBS = {
  evaluateAlerts,
  deliverNotices,
  sendMetrics,
  sendReports,
  prepareSecrets,
  pruneRaw,
  pruneAccess,
  pruneWithdrawals,
  moveShards,
  handOverWithdrawals,
  continueErasures,
  // Before the check that mends roll-ups, so that what is wrong with them is told.
  checkQuality,
  checkRollups,
  verifyAudit,
  applyRetention,
  pruneQuarantine,
  pruneFiltered,
  pruneFindings,
  pruneReports,
  destroySecrets,
  visitCanary,
  watchSystem,
  compactMeasures,
  tellSystemSite,
} as const satisfies Record<string, Job>;

/** Runs the jobs of a cron, one after the other; a failing one does not keep the others from running. */
export async function runDueJobs(cron: string, env: Env, now: number): Promise<void> {
  const failures: unknown[] = [];
  const runs: Omit<JobRun, "wellAt">[] = [];
  const calls = callsFor(env);
  for (const job of Object.values(JOBS)) {
    if (job.cron !== cron) continue;
    const began = Date.now();
    let problem: string | null = null;
    await timed(`job ${job.name}`, () => job.run(env, now, calls)).catch((error: unknown) => {
      problem = String(error).slice(0, 300);
      failures.push(new Error(`job ${job.name}`, { cause: error }));
    });
    runs.push({ name: job.name, cron, startedAt: now, ms: Date.now() - began, problem });
  }
  await recordRuns(env.DB, runs).catch((error: unknown) => console.error("the jobs' runs were not recorded", error));
  await writeMeasures(env.DB, Date.now());
  if (failures.length > 0) throw new AggregateError(failures, "jobs failed");
}
