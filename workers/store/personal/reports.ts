import type { PersonalStore } from "../../domain/subject.ts";
import type { Env } from "../../env.ts";
import { forgetReportFiles } from "../report-deliveries.ts";
import { removeReportFiles, reportFilesOf } from "../report-files.ts";

/** Files that were sent may hold anybody's events: those that are kept go, all of the site, since none can be rewritten as it was sent. */
export const reports: PersonalStore<Env> = {
  name: "reports",
  about: "reports as they were sent, and raw events in files, where a bucket keeps them for 90 days or in a folder",
  async erase({ DB, LAKE }, { id }) {
    const deliveries = await forgetReportFiles(DB, id);
    if (!LAKE) {
      const left = deliveries > 0 ? "the bucket is not bound: bind LAKE and ask for the erasure again; " : "";
      return { store: this.name, removed: { deliveries }, note: `${left}who was sent a report has it still` };
    }
    const { sent, folders } = await reportFilesOf(LAKE, id);
    await removeReportFiles(LAKE, [...sent, ...folders]);
    return {
      store: this.name,
      removed: { deliveries, files: sent.length + folders.length },
      note: "every file of the site's reports that was kept here is deleted, those in folders of the bucket too; who was sent one has it still",
    };
  },
};
