import type { Env } from "../env.ts";
import { forgetReportDeliveries, oldReportDeliveries } from "../store/report-deliveries.ts";
import { removeReportFiles, sentPrefix } from "../store/report-files.ts";
import type { Job } from "./index.ts";

const KEPT_MS = 90 * 24 * 3600_000;
const AT_ONCE = 200;
const TURNS = 25;

/** What was sent is told for 90 days, and the files with it; those in somebody's folder stay. */
export const pruneReports: Job = {
  name: "pruneReports",
  cron: "7 * * * *",
  async run({ DB, LAKE }: Env, now) {
    for (let turn = 0; turn < TURNS; turn++) {
      const old = await oldReportDeliveries(DB, now - KEPT_MS, AT_ONCE);
      const keys = old.flatMap(({ siteId, files }) =>
        files.flatMap(({ key }) => (key?.startsWith(sentPrefix(siteId)) ? [key] : [])),
      );
      if (LAKE && keys.length > 0) await removeReportFiles(LAKE, [...new Set(keys)]);
      if (old.length > 0) await forgetReportDeliveries(DB, old);
      if (old.length < AT_ONCE) return;
    }
  },
};
