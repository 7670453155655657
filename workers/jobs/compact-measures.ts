import { pruneIncidents } from "../store/system/incidents.ts";
import { compactMeasures as compact, KEPT_MS } from "../store/system/measure-rows.ts";
import type { Job } from "./index.ts";

/** The isolates' measures of hours that are over become a row an hour; after three months they go, and so do old incidents. */
export const compactMeasures: Job = {
  name: "compactMeasures",
  cron: "7 * * * *",
  async run(env, now) {
    await compact(env.DB, now);
    await pruneIncidents(env.DB, now - 4 * KEPT_MS);
  },
};
