import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { noteHandedOver, type Withdrawal } from "../store/withdrawals.ts";
import { requestErasure, type Whom } from "./request-erasure.ts";

/**
 * Hands what was collected under a consent that was taken back to the erasure, which the hourly job carries out: anybody may
 * send browsers' ids, and requests that wait share one rewriting. Until the row says so, the next withdrawal asks again.
 */
export async function eraseWithdrawn(
  env: Env,
  site: Site,
  { row, whom, by }: { row: Withdrawal; whom: Whom; by: string },
): Promise<Withdrawal> {
  await requestErasure(env, site, { ...whom, reason: "withdrawal", requestedBy: by });
  return noteHandedOver(env.DB, row, Date.now());
}
