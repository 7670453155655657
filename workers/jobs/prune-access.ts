import { forgetEndedAccess } from "../store/prune-access.ts";
import { forgetReplies } from "../store/replies.ts";
import type { Job } from "./index.ts";

/** What has ended goes: sessions, resets, invitations, replies under a key after a day, and the log of requests after three months. */
export const pruneAccess: Job = {
  name: "pruneAccess",
  cron: "7 * * * *",
  async run(env, now) {
    await forgetEndedAccess(env.DB, now);
    await forgetReplies(env.DB, now);
  },
};
