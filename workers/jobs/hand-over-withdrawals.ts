import { takeErasure } from "../store/take-erasure.ts";
import { noteHandedOver, withdrawalsLeft } from "../store/withdrawals.ts";
import type { Job } from "./index.ts";

/** Whoever took it may still be at it for a moment. */
const SETTLED_MS = 5 * 60_000;
const MOST_A_RUN = 200;

/** A consent that was taken back is erased under also where a crash came before the request for it. */
export const handOverWithdrawals: Job = {
  name: "handOverWithdrawals",
  cron: "7 * * * *",
  async run(env, now) {
    for (const row of await withdrawalsLeft(env.DB, { before: now - SETTLED_MS, limit: MOST_A_RUN })) {
      const { siteId, pseudonym, kind } = row;
      // The id itself is not known any more, so nobody else's texts are searched for it.
      const whom = { userId: kind === "user" ? pseudonym : "", persistentIds: kind === "user" ? [] : [pseudonym] };
      await takeErasure(env.DB, siteId, { ...whom, names: [], reason: "withdrawal", requestedBy: "the job" });
      await noteHandedOver(env.DB, row, now);
    }
  },
};
