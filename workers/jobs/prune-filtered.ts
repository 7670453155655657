import { pruneDropSamples } from "../store/drop-samples.ts";
import type { Job } from "./index.ts";

/** Samples of what was refused are kept for thirty days. */
export const pruneFiltered: Job = {
  name: "pruneFiltered",
  cron: "7 * * * *",
  run: (env, now) => pruneDropSamples(env.DB, now),
};
