import { jobAct } from "../domain/audit.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { appendAudit } from "../store/audit.ts";
import { driveErasures } from "../store/drive-erasures.ts";
import { type Erasure, findErasure, openErasures, sitesWithErasures } from "../store/erasures.ts";
import { findSite } from "../store/sites.ts";
import type { Job } from "./index.ts";

/** Of a run, all sites together. */
const RUN_MS = 30_000;

/** Which requests got further: how many stores are through, and whether that was all. */
async function progressOf(env: Env, before: readonly Erasure[]) {
  const now = await Promise.all(before.map((row) => findErasure(env.DB, row)));
  return now.flatMap((row, index) => {
    if (!row || (row.state === before[index]!.state && row.removed.length === before[index]!.removed.length)) return [];
    return { id: row.id, state: row.state, stores: row.removed.length };
  });
}

async function driveSite(env: Env, { id, teamId }: Site, until: number): Promise<void> {
  const before = await openErasures(env.DB, id);
  try {
    await driveErasures(env, id, until);
  } finally {
    const requests = await progressOf(env, before);
    const about = { summary: "Carry requests to erase on", siteId: id, teamId, target: `/sites/${id}/privacy` };
    const after = JSON.stringify({ requests });
    const act = jobAct("continueErasures", { action: "job.continueErasures", ...about, after });
    if (requests.length > 0) await appendAudit(env, act);
  }
}

/** Requests to erase that nobody waits for go on: withdrawals of consent, large sites, what a crash cut off. */
export const continueErasures: Job = {
  name: "continueErasures",
  cron: "7 * * * *",
  async run(env) {
    const until = Date.now() + RUN_MS;
    const failures: unknown[] = [];
    for (const siteId of await sitesWithErasures(env.DB)) {
      const site = await findSite(env.DB, siteId);
      if (site) await driveSite(env, site, until).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, "erasures could not be carried on");
  },
};
