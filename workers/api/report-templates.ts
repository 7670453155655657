// Reports to begin with, as bodies that can be posted.
import { Hono } from "hono";
import * as z from "zod";
import type { Pack } from "../catalog/pack.ts";
import { packs } from "../catalog/packs/index.ts";
import type { ReportTemplate } from "../catalog/report-template.ts";
import { reports } from "../catalog/reports/index.ts";
import { newReportSchema, reportShape } from "../domain/report.ts";
import type { Env } from "../env.ts";
import { operation } from "./operation.ts";
import { siteOf } from "./site-of.ts";

const templateReply = z
  .strictObject({
    name: z.string(),
    label: z.string(),
    about: z.string(),
    /** Labels of the packs that it goes with. */
    packs: z.array(z.string()),
    report: reportShape,
  })
  .meta({ id: "ReportTemplate" });

const templates = () =>
  Object.entries<ReportTemplate>(reports).map(([name, { label, about, report }]) => ({
    ...{ name, label, about },
    packs: Object.values<Pack>(packs).flatMap((pack) => (pack.reports.some((own) => own === name) ? [pack.label] : [])),
    report: newReportSchema.parse({ ...report, name: label, about }),
  }));

export const reportTemplates = new Hono<{ Bindings: Env }>().get(
  "/:id/report-templates",
  operation({
    summary: "List reports to begin with",
    needs: "query",
    about: "Each has a body that can be posted as it stands, or changed first.",
    replies: { 200: z.strictObject({ templates: z.array(templateReply) }) },
  }),
  async (c) => {
    await siteOf(c, "query");
    return c.json({ templates: templates() });
  },
);
