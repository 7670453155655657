import { jobAct } from "../domain/audit.ts";
import { appendAudit } from "../store/audit.ts";
import { forgetEndedAccess } from "../store/prune-access.ts";
import { forgetReplies } from "../store/replies.ts";
import type { Job } from "./index.ts";

/** What has ended goes: sessions, resets, invitations, replies under a key after a day, and the log of requests after three months. */
export const pruneAccess: Job = {
  name: "pruneAccess",
  cron: "7 * * * *",
  async run(env, now) {
    const rows = await forgetEndedAccess(env.DB, now);
    await forgetReplies(env.DB, now);
    if (rows === 0) return;
    const summary = "Remove sessions, resets and invitations that are over, and the old log of requests";
    await appendAudit(
      env,
      jobAct("pruneAccess", { action: "job.pruneAccess", summary, after: JSON.stringify({ rows }) }),
    );
  },
};
