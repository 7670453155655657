import { jobAct } from "../domain/audit.ts";
import { appendAudit } from "../store/audit.ts";
import { pruneRawEvents } from "../store/raw-events.ts";
import type { Job } from "./index.ts";

/** D1's copy of raw events stays within its age and size. */
export const pruneRaw: Job = {
  name: "pruneRaw",
  cron: "7 * * * *",
  async run(env, now) {
    const rows = await pruneRawEvents(env.DB, now);
    if (rows === 0) return;
    const after = JSON.stringify({ rows });
    const summary = "Remove the database's copy of raw events that is too old or too large";
    await appendAudit(env, jobAct("pruneRaw", { action: "job.pruneRaw", summary, after }));
  },
};
