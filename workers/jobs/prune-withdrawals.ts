import { forgetWithdrawals } from "../store/withdrawals.ts";
import type { Job } from "./index.ts";

/** A withdrawal that is carried out and can stop nothing any more is itself a trace of a person. */
export const pruneWithdrawals: Job = {
  name: "pruneWithdrawals",
  cron: "7 * * * *",
  run: (env, now) => forgetWithdrawals(env.DB, now),
};
