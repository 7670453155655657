import { errorTrouble } from "../domain/error-rate.ts";
import { writeMeasures } from "../store/system/gather.ts";
import { recordPast, settleIncidents } from "../store/system/incidents.ts";
import { lastRun } from "../store/system/job-runs.ts";
import { readTotals } from "../store/system/measure-rows.ts";
import { healthOf } from "../store/system/probes.ts";
import type { Job } from "./index.ts";

/** Whole slots of five minutes that are looked at together. */
const LOOK_BACK_MS = 10 * 60_000;
/** Three looks missed: nobody knows how it was. */
const UNWATCHED_MS = 16 * 60_000;

/** Looks whether all is well, and opens and closes incidents accordingly. An outage of D1 itself is told of after it. */
export const watchSystem: Job = {
  name: "watchSystem",
  cron: "*/5 * * * *",
  async run(env, now) {
    await writeMeasures(env.DB, now);
    const before = await lastRun(env.DB, "watchSystem");
    if (before && now - before.startedAt > UNWATCHED_MS) {
      const reason = "nothing looked at the system: it was off, or D1 was away";
      await recordPast(env.DB, { kind: "unwatched", openedAt: before.startedAt, closedAt: now, reason });
    }
    const [{ looks }, totals] = await Promise.all([healthOf(env, now), readTotals(env.DB, now - LOOK_BACK_MS)]);
    const wrong = looks.flatMap(({ name, reason }) => {
      // Of cron, who runs this is the witness.
      return reason === null || name === "cron" ? [] : [{ kind: name, reason }];
    });
    await settleIncidents(env.DB, [...wrong, ...errorTrouble(totals.map(({ value }) => value))], now);
  },
};
