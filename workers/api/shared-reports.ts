// Reports by share links: whoever has one reads the report of its last whole period, and asks nothing else.
import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import type { NewReport } from "../domain/report.ts";
import { newReportSchema } from "../domain/report.ts";
import type { ReportDocument } from "../domain/report-document.ts";
import type { Env } from "../env.ts";
import { REPORT_FILES } from "../reports/formats/index.ts";
import { toldMoment } from "../reports/told-moment.ts";
import { withoutLinks } from "../reports/without-links.ts";
import { findResource, type Kept } from "../store/resources.ts";
import { findShare, type Share } from "../store/shares.ts";
import { type AppContext, isReportOpened, readAsShare, siteAt } from "./access.ts";
import { operation } from "./operation.ts";
import { admit } from "./rate-limit.ts";
import { documentOf, fileOf, filesReply, formatAsked, page, shown } from "./report-documents.ts";

export const noShare = () => new AppError("not_found", "the share link was revoked or never was");

/** Of a link that shows one; it ends with it. */
export async function reportShown(c: AppContext, { siteId, reportId }: Share): Promise<Kept<"report">> {
  const report = reportId === null ? null : await findResource(c.env.DB, { siteId, kind: "report" }, reportId);
  if (!report) throw noShare();
  return report;
}

async function openedShare(c: AppContext): Promise<Share> {
  await admit(c, { kind: "nobody" });
  const share = await findShare(c.env.DB, c.req.param("share") ?? "");
  if (!share?.reportId) throw noShare();
  if (!(await isReportOpened(c, share))) throw new AppError("unauthorized", "open this link with its password first");
  return share;
}

async function sharedDocument(c: AppContext, share: Share): Promise<ReportDocument> {
  readAsShare(c, share);
  const site = await siteAt(c, share.siteId, "query");
  if (!site) throw noShare();
  const report = await reportShown(c, share);
  const body: NewReport = newReportSchema.strip().parse(report);
  const madeAt = Date.now();
  const now = toldMoment(body.period, { dueAt: madeAt, timeZone: site.timeZone, onAlert: false });
  const made = await documentOf(c, site, { report: body, maker: report.createdBy.id, period: null, now });
  return { ...withoutLinks(made), madeAt };
}

export const sharedReports = new Hono<{ Bindings: Env }>()
  .get(
    "/:share/report",
    operation({
      summary: "Read the report of a share link",
      needs: "nothing",
      about: "With its answers, over its last whole period; as a page where `Accept` is text/html.",
      replies: { 200: page },
      errors: ["unauthorized", "not_found"],
    }),
    async (c) => shown(c, await sharedDocument(c, await openedShare(c))),
  )
  .get(
    "/:share/report/files/:format",
    operation({
      summary: "Download the report of a share link",
      needs: "nothing",
      about: "Where the link allows it.",
      path: { format: z.enum(REPORT_FILES) },
      replies: { 200: filesReply },
      errors: ["unauthorized", "forbidden", "not_found"],
    }),
    async (c) => {
      const share = await openedShare(c);
      if (!share.files) throw new AppError("forbidden", "this link shows the report, and gives no files of it");
      const format = formatAsked(c);
      return fileOf(c, await sharedDocument(c, share), format);
    },
  );
