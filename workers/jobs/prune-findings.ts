import { pruneIncidents } from "../store/incidents.ts";
import { prunePiiFound } from "../store/pii-found.ts";
import { pruneViolations } from "../store/violations.ts";
import type { Job } from "./index.ts";

/** Thirteen months, and some days. */
const KEPT_MS = 400 * 24 * 3600_000;

/** What was found in events, by hour: personal values that were replaced, and what did not fit the tracking plan; and what alerts found. */
export const pruneFindings: Job = {
  name: "pruneFindings",
  cron: "7 * * * *",
  async run(env, now) {
    await prunePiiFound(env.DB, now - KEPT_MS);
    await pruneViolations(env.DB, now - KEPT_MS);
    await pruneIncidents(env.DB, now - KEPT_MS);
  },
};
