import { isReplayImport, isReplayOver, QUARANTINE_KEPT_MS } from "../domain/quarantine.ts";
import { inEachEpoch } from "../store/epoch-objects.ts";
import { listOpenImports, moveImport } from "../store/imports.ts";
import { pruneQuarantined } from "../store/quarantine.ts";
import { findSite } from "../store/sites.ts";
import type { Job } from "./index.ts";

/** The quarantine stays within its age and size; replays of which nothing can come any more end. */
export const pruneQuarantine: Job = {
  name: "pruneQuarantine",
  cron: "7 * * * *",
  async run(env, now) {
    await pruneQuarantined(env.DB, { before: now - QUARANTINE_KEPT_MS, now });
    for (const { siteId, id, createdAt } of await listOpenImports(env.DB, "quarantine-")) {
      const site = isReplayImport(id) && isReplayOver(id, now) ? await findSite(env.DB, siteId) : null;
      if (!site) continue;
      // Told first: a shard that was not told would keep the lines for ever.
      await inEachEpoch(env, site, async (shard) => shard.finishImport(id, createdAt));
      await moveImport(env.DB, site.id, { id, from: ["open"], to: "finished" });
    }
  },
};
