import { goOnChecking } from "../store/audit.ts";
import type { Job } from "./index.ts";

/** A run's share of the trail; the next goes on from there. */
const LINKS_A_RUN = 50_000;
const LINKS_A_RUN_FREE = 500;

/** The whole audit trail is verified again and again, from its first link to its last, and what was found is kept. */
export const verifyAudit: Job = {
  name: "verifyAudit",
  cron: "7 * * * *",
  async run(env, now) {
    const most = env.EDGEWISE_PLAN === "free" ? LINKS_A_RUN_FREE : LINKS_A_RUN;
    const done = await goOnChecking(env, { now, most });
    for (const { kind, seq, detail } of done?.faults ?? []) console.error(`audit trail: ${kind} at ${seq}: ${detail}`);
  },
};
