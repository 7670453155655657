import { forgetEndedAccess } from "../store/prune-access.ts";
import type { Job } from "./index.ts";

/** What has ended goes: sessions, resets, invitations, and the log of requests after three months. */
export const pruneAccess: Job = {
  name: "pruneAccess",
  cron: "7 * * * *",
  async run(env, now) {
    await forgetEndedAccess(env.DB, now);
  },
};
