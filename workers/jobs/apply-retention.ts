import { dateOf } from "../domain/archive.ts";
import { jobAct } from "../domain/audit.ts";
import { CANARY } from "../domain/canary.ts";
import type { RetentionStep } from "../domain/retention.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { applyRetention as apply } from "../store/archive/apply-retention.ts";
import { lastRun } from "../store/archive/retention-runs.ts";
import { appendAudit } from "../store/audit.ts";
import { listSites } from "../store/sites.ts";
import type { Job } from "./index.ts";

/** Each asks its site's shards, of which the free plan allows some fifty calls a run. */
const SITES_A_RUN = 10;

/** By what was done to what: how many days, and the first and last of them. */
function doneIn(steps: readonly RetentionStep[]) {
  const byKind = Object.entries(Object.groupBy(steps, ({ action, type }) => `${action} ${type}`));
  return byKind.map(([what, all = []]) => {
    const dates = all.map(({ date }) => date).sort();
    return { what, days: dates.length, from: dates[0], to: dates.at(-1) };
  });
}

async function applyTo(env: Env, site: Site, now: number): Promise<void> {
  const { steps, state } = await apply(env, site, now);
  if (steps.length === 0) return;
  const { id: siteId, teamId } = site;
  const after = JSON.stringify({ state, done: doneIn(steps) });
  const about = { siteId, teamId, target: `/sites/${siteId}/privacy`, summary: "Archive and remove days that are due" };
  await appendAudit(env, jobAct("applyRetention", { action: "job.applyRetention", ...about, after }));
}

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
      await applyTo(env, site, now).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, "retention could not be applied");
  },
};
