import { driveErasures } from "../store/drive-erasures.ts";
import { sitesWithErasures } from "../store/erasures.ts";
import type { Job } from "./index.ts";

/** Of a run, all sites together. */
const RUN_MS = 30_000;

/** Requests to erase that nobody waits for go on: withdrawals of consent, large sites, what a crash cut off. */
export const continueErasures: Job = {
  name: "continueErasures",
  cron: "7 * * * *",
  async run(env) {
    const until = Date.now() + RUN_MS;
    for (const siteId of await sitesWithErasures(env.DB)) await driveErasures(env, siteId, until);
  },
};
