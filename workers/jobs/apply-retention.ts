import { dateOf } from "../domain/archive.ts";
import { CANARY } from "../domain/canary.ts";
import { applyRetention as apply } from "../store/archive/apply-retention.ts";
import { lastRun } from "../store/archive/retention-runs.ts";
import { listSites } from "../store/sites.ts";
import type { Job } from "./index.ts";

/** Each asks its site's shards, of which the free plan allows some fifty calls a run. */
const SITES_A_RUN = 10;

/** Each site's retention once a day, and again an hour later while more was due than one run does. */
export const applyRetention: Job = {
  name: "applyRetention",
  cron: "7 * * * *",
  async run(env, now) {
    const failures: unknown[] = [];
    let runs = 0;
    for (const site of [...(await listSites(env.DB)), CANARY]) {
      if (runs >= SITES_A_RUN || site.nextShards !== null) continue;
      const last = await lastRun(env.DB, site.id);
      const goesOn = last?.state === "partial" && last.problems.length === 0;
      if (last && dateOf(last.at) === dateOf(now) && !goesOn) continue;
      runs++;
      await apply(env, site, now).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, "retention could not be applied");
  },
};
