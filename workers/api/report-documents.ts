// Reports with their answers: of one that is kept, or of one that is being written; as JSON, as a page, as files.
import { Hono } from "hono";
import * as z from "zod";
import type { DateRange } from "../domain/period.ts";
import { dateRangeSchema } from "../domain/query.ts";
import { newReportSchema, reportShape } from "../domain/report.ts";
import type { ReportDocument } from "../domain/report-document.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { assetFonts } from "../reporting/asset-fonts.ts";
import { reportDocument } from "../reporting/report-document.ts";
import type { ReportFileFormat } from "../reports/formats/format.ts";
import { htmlOf } from "../reports/formats/html.ts";
import { formats, REPORT_FILES, reportFormat } from "../reports/formats/index.ts";
import type { AppContext } from "./access.ts";
import { answerQuestions } from "./answer-questions.ts";
import { authorOf } from "./author.ts";
import { pageOrigin } from "./credentials.ts";
import { operation } from "./operation.ts";
import { invalidField, invalidFields } from "./problem.ts";
import { readQuery } from "./read-query.ts";
import { documentReply } from "./report-replies.ts";
import { checkedReport, readReport, reportAt } from "./reports.ts";
import { siteOf } from "./site-of.ts";

const periodSchema = z.strictObject({
  /** A range by name; or else the first and last day, in the site's time zone. The report's own without any. */
  date_range: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
});

function periodAsked(c: AppContext): DateRange | null {
  const { date_range, from, to } = readQuery(c, periodSchema);
  if (from === undefined && to === undefined && date_range === undefined) return null;
  const isPair = from !== undefined || to !== undefined;
  const range = dateRangeSchema.safeParse(isPair ? [from, to] : date_range);
  if (range.success) return range.data;
  if (isPair) throw invalidField("from", "use two dates such as from=2026-11-01&to=2026-11-21");
  throw invalidField("date_range", "use a range such as 7d, 30d or month");
}

interface Making {
  report: Parameters<typeof reportDocument>[2];
  maker: string;
  period: DateRange | null;
  /** As of when. */
  now?: number;
}

export async function documentOf(
  c: AppContext,
  site: Site,
  { now = Date.now(), ...making }: Making,
): Promise<ReportDocument> {
  const { report, maker, period } = making;
  const made = await reportDocument(c.env, site, report, {
    ...{ period, maker, now, origin: pageOrigin(c) },
    ask: (questions) => answerQuestions(c, questions, { id: site.id, asOf: now }),
  });
  if ("errors" in made) throw invalidFields(made.errors);
  return made;
}

async function keptDocument(c: AppContext, site: Site): Promise<ReportDocument> {
  const report = await reportAt(c, site);
  const body = newReportSchema.strip().parse(report);
  return documentOf(c, site, { report: body, maker: report.createdBy.id, period: periodAsked(c) });
}

const wantsPage = (c: AppContext): boolean => (c.req.header("accept") ?? "").includes("text/html");

/** Pictures are within the page, and nothing else is let in. */
const PAGE_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'";

/** As a page where that is asked for. */
export function shown(c: AppContext, document: ReportDocument): Response {
  if (!wantsPage(c)) return c.json(document);
  return c.body(htmlOf(document), 200, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": PAGE_POLICY,
  });
}

/** Letters that every system takes in a file's name. */
const fileName = (title: string): string => title.replaceAll(/[^\p{L}\p{N}._ -]+/gu, "_").slice(0, 80) || "report";

/** The format that the path names. */
export function formatAsked(c: AppContext): ReportFileFormat {
  const name = c.req.param("format") ?? "";
  const format = reportFormat(name);
  if (!format)
    throw invalidField("format", `there is no format ${name.slice(0, 40)}; use one of ${REPORT_FILES.join(", ")}`);
  return format;
}

export async function fileOf(c: AppContext, document: ReportDocument, format: ReportFileFormat): Promise<Response> {
  const file = await format.write(document, assetFonts(c.env));
  const called = `${fileName(document.title)}.${format.extension}`;
  const ascii = called.replaceAll(/[^\x20-\x7e]/g, "_");
  return new Response(file, {
    headers: {
      "content-type": format.contentType,
      "content-disposition": `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(called)}`,
    },
  });
}

export const filesReply = {
  files: Object.values(formats).map(({ contentType }) => contentType.split(";")[0] ?? contentType),
};

export const page = { json: documentReply, files: ["text/html"] };

export const reportDocuments = new Hono<{ Bindings: Env }>()
  .post(
    "/:id/reports/preview",
    operation({
      summary: "Make a report without keeping it",
      needs: "define",
      about: "With its answers, each section as blocks; as a page where `Accept` is text/html.",
      query: periodSchema,
      body: reportShape,
      replies: { 200: page },
      audit: { why: "reads what its maker may read, and keeps nothing" },
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const report = await checkedReport(c, site, { report: await readReport(c) });
      return shown(c, await documentOf(c, site, { report, maker: authorOf(c).id, period: periodAsked(c) }));
    },
  )
  .get(
    "/:id/reports/:reportId/document",
    operation({
      summary: "Read a report with its answers",
      needs: "query",
      about:
        "Each section as blocks, over its own period or the one that is asked for; as a page where `Accept` is text/html.",
      query: periodSchema,
      replies: { 200: page },
    }),
    async (c) => shown(c, await keptDocument(c, await siteOf(c, "query"))),
  )
  .get(
    "/:id/reports/:reportId/files/:format",
    operation({
      summary: "Download a report",
      needs: "query",
      path: { format: z.enum(REPORT_FILES) },
      query: periodSchema,
      replies: { 200: filesReply },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const format = formatAsked(c);
      return fileOf(c, await keptDocument(c, site), format);
    },
  );
