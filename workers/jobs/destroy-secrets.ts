import { jobAct } from "../domain/audit.ts";
import { appendAudit } from "../store/audit.ts";
import { destroyOldSecrets } from "../store/secrets.ts";
import type { Job } from "./index.ts";

/** The secrets of days that are over for two days are destroyed; from then on nobody can make an id of those days again. */
export const destroySecrets: Job = {
  name: "destroySecrets",
  cron: "7 * * * *",
  async run(env, now) {
    const dates = await destroyOldSecrets(env, now);
    if (dates.length === 0) return;
    const summary = "Destroy the secrets of days that are over";
    await appendAudit(
      env,
      jobAct("destroySecrets", { action: "job.destroySecrets", summary, after: JSON.stringify({ dates }) }),
    );
  },
};
