// What went out of a site's reports, and what waits.
import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { listAlertChannels } from "../store/alert-channels.ts";
import {
  findReportDelivery,
  listReportDeliveries,
  resendReportDelivery,
  type StoredDelivery,
} from "../store/report-deliveries.ts";
import { readReportFile } from "../store/report-files.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOf, pageSchema } from "./paging.ts";
import { readQuery } from "./read-query.ts";
import { deliveryTold, reportDeliveryReply } from "./report-schedule-replies.ts";
import { siteOf } from "./site-of.ts";

const listSchema = pageSchema.extend({
  /** Of one schedule. */
  schedule: z.string().min(1).max(60).optional(),
});
const NEWEST = {
  key: ({ createdAt, id }: StoredDelivery) => [createdAt, id],
  kinds: ["number", "string"],
} as const;
/** Of what formats write; else a browser saves it. */
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  text: "text/plain; charset=utf-8",
  pdf: "application/pdf",
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  parquet: "application/vnd.apache.parquet",
};

async function deliveryAt(c: AppContext, site: Site): Promise<StoredDelivery> {
  const found = await findReportDelivery(c.env.DB, site.id, c.req.param("deliveryId") ?? "");
  if (!found) throw new AppError("not_found", "the site has no such delivery of a report");
  return found;
}

export const reportDeliveries = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/report-deliveries",
    operation({
      summary: "List what went out of a site's reports, and what waits",
      needs: "define",
      about:
        "Newest first, of the last 90 days. `opens` counts links that were followed, also by programs that look at mail.",
      query: listSchema,
      replies: { 200: z.strictObject({ deliveries: z.array(reportDeliveryReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const { schedule = null } = readQuery(c, listSchema);
      const { entries, next } = await pageOf(c, NEWEST, ({ after, limit }) =>
        listReportDeliveries(c.env.DB, site.id, { scheduleId: schedule, before: after, limit }),
      );
      const channels = new Map((await listAlertChannels(c.env.DB, site.id)).map(({ id, label }) => [id, label]));
      return c.json({ deliveries: entries.map((one) => deliveryTold(one, channels)), next });
    },
  )
  .post(
    "/:id/report-deliveries/:deliveryId/resend",
    operation({
      summary: "Send a report once more",
      needs: "shares",
      about: "Within a minute, as another mail; as it was sent, where its files are kept.",
      replies: { 202: null },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "shares");
      const { id, state, report } = await deliveryAt(c, site);
      if (report.reportId === null) await siteOf(c, "export");
      if (state === "unsubscribed") throw new AppError("conflict", "they unsubscribed from it");
      if (!(await resendReportDelivery(c.env.DB, site.id, { id, now: Date.now() }))) {
        throw new AppError("conflict", "the report is still to be sent as it is");
      }
      recordChange(c, { after: { state: "due" } });
      return c.body(null, 202);
    },
  )
  .get(
    "/:id/report-deliveries/:deliveryId/files/:name",
    operation({
      summary: "Download a file of a report that was sent",
      needs: "export",
      about: "The very file, where it was kept: that needs a bucket.",
      replies: { 200: { files: [...new Set(Object.values(TYPES))] } },
      audit: "yes",
    }),
    async (c) => {
      const site = await siteOf(c, "export");
      const { files } = await deliveryAt(c, site);
      const file = files.find(({ name }) => name === c.req.param("name"));
      if (!file) throw new AppError("not_found", "the report has no such file");
      const { LAKE } = c.env;
      const content = file.key !== null && LAKE ? await readReportFile(LAKE, file.key) : null;
      if (!content) throw new AppError("not_found", "the file was not kept; send the report once more");
      recordChange(c, { after: { name: file.name } });
      return c.body(content, 200, {
        "content-type": TYPES[file.format] ?? "application/octet-stream",
        "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.name).replaceAll("'", "%27")}`,
      });
    },
  );
