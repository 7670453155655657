// What a shard has to tell of events beside those that it takes: refusals, personal values, violations of the tracking plan, the quarantine.
import type { CommitPlan } from "./commit.ts";
import { createHeldEvents, type HeldEvents, type HeldFrom } from "./held-events.ts";
import { createShardCounts, type ShardCounts } from "./hour-counts.ts";
import { appendLog } from "./log.ts";
import { createViolationCounts, type ViolationCounts } from "./violation-counts.ts";

export interface Findings {
  /** Refusals, and personal values that were replaced. */
  counts: ShardCounts;
  held: HeldEvents;
  violations: ViolationCounts;
}

export const createFindings = (sql: SqlStorage): Findings => ({
  counts: createShardCounts(sql),
  held: createHeldEvents(sql),
  violations: createViolationCounts(sql),
});

/** Writes what a group commit decided, all or none. */
export function writeCommit(
  { storage, findings }: { storage: DurableObjectStorage; findings: Findings },
  plan: CommitPlan,
  from: HeldFrom | undefined,
): void {
  // Without anything held, the common case, one row needs no transaction.
  if (plan.held.length === 0 || !from) appendLog(storage, plan.entries);
  else {
    storage.transactionSync(() => {
      appendLog(storage, plan.entries);
      findings.held.add(plan.held, from);
    });
  }
  if (plan.found.length > 0) findings.violations.add(plan.found, Date.now());
}
