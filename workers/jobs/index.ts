import type { Env } from "../env.ts";
import { applyRetention } from "./apply-retention.ts";
import { checkRollups } from "./check-rollups.ts";
import { continueErasures } from "./continue-erasures.ts";
import { deliverNotices } from "./deliver-notices.ts";
import { destroySecrets } from "./destroy-secrets.ts";
import { evaluateAlerts } from "./evaluate-alerts.ts";
import { moveShards } from "./move-shards.ts";
import { prepareSecrets } from "./prepare-secrets.ts";
import { pruneAccess } from "./prune-access.ts";
import { pruneQuarantine } from "./prune-quarantine.ts";
import { pruneRaw } from "./prune-raw.ts";
import { pruneWithdrawals } from "./prune-withdrawals.ts";
import { verifyAudit } from "./verify-audit.ts";

export interface Job {
  readonly name: string;
  /** One of the crons in wrangler.toml. */
  readonly cron: string;
  run(env: Env, now: number): Promise<void>;
}

/** The cron table. */
export const JOBS = {
  evaluateAlerts,
  deliverNotices,
  prepareSecrets,
  pruneRaw,
  pruneAccess,
  pruneWithdrawals,
  moveShards,
  continueErasures,
  checkRollups,
  verifyAudit,
  applyRetention,
  pruneQuarantine,
  destroySecrets,
} as const satisfies Record<string, Job>;

/** Runs the jobs of a cron, one after the other; a failing one does not keep the others from running. */
export async function runDueJobs(cron: string, env: Env, now: number): Promise<void> {
  const failures: unknown[] = [];
  for (const job of Object.values(JOBS)) {
    if (job.cron !== cron) continue;
    await job.run(env, now).catch((error: unknown) => failures.push(new Error(`job ${job.name}`, { cause: error })));
  }
  if (failures.length > 0) throw new AggregateError(failures, "jobs failed");
}
