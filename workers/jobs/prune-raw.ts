import { pruneRawEvents } from "../store/raw-events.ts";
import type { Job } from "./index.ts";

/** D1's copy of raw events stays within its age and size. */
export const pruneRaw: Job = {
  name: "pruneRaw",
  cron: "7 * * * *",
  async run(env, now) {
    await pruneRawEvents(env.DB, now);
  },
};
