import type { Env } from "../env.ts";
import type { Withdrawal } from "../store/withdrawals.ts";

/**
 * Hands what was collected under a consent that was taken back to the erasure. The row says that it waits until
 * `noteHandedOver` says that it does not; which is all there is to it while there is no erasure to hand it to.
 */
export async function eraseWithdrawn(_env: Env, row: Withdrawal): Promise<Withdrawal> {
  return row;
}
