import { driveMove, emptyBefore, epochsToEmpty, movingSites } from "../store/moves.ts";
import { findSite } from "../store/sites.ts";
import type { Job } from "./index.ts";

/** Old objects are kept this long after all of them was taken over. */
const KEPT_MS = 24 * 3600_000;

/** Moves whose shards have come to a standstill go on, and objects that were given away are emptied in the end. */
export const moveShards: Job = {
  name: "moveShards",
  cron: "7 * * * *",
  async run(env, now) {
    for (const id of await movingSites(env.DB)) {
      const site = await findSite(env.DB, id);
      if (site) await driveMove(env, site);
    }
    for (const epoch of await epochsToEmpty(env.DB, now - KEPT_MS)) {
      const site = await findSite(env.DB, epoch.siteId);
      if (site) await emptyBefore(env, site, { ...epoch, now });
    }
  },
};
