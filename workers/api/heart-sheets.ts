// The site's HEART sheets, with what their metrics came to.
import { Hono } from "hono";
import * as z from "zod";
import { type HeartSheet, heartSheetSchema, type NewHeartSheet } from "../catalog/heart.ts";
import { statusOf } from "../catalog/kpi.ts";
import { AppError, fieldErrors } from "../domain/errors.ts";
import { amountOf } from "../domain/money.ts";
import { querySchema } from "../domain/query.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { heartErrors } from "../query/kpi.ts";
import { isRefusal } from "../query/run.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { addHeartSheet, changeHeartSheet, listHeartSheets, removeHeartSheet } from "../store/kpis.ts";
import type { AppContext } from "./access.ts";
import { answerQuestions } from "./answer-questions.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";
import { notChanged, versionAsked } from "./versions.ts";

/** Percent of a target by which it may be missed and still count as near. */
const TOLERANCE = 10;

const rangeSchema = z.object({ date_range: z.string().max(20).default("30d") });
const sheetReply = heartSheetSchema
  .extend({ id: z.string(), version: z.int(), createdAt: z.int() })
  .meta({ id: "HeartSheet" }) satisfies z.ZodType<HeartSheet>;
const lineReply = heartSheetSchema.shape.lines.element.extend({
  value: z.number().nullable(),
  before: z.number().nullable(),
  status: z.enum(["met", "near", "missed", "unknown"]).nullable(),
});
const valuedReply = sheetReply.extend({ lines: z.array(lineReply) });

const unknown = () => new AppError("not_found", "the site has no such HEART sheet");

async function readSheet(c: AppContext, site: Site): Promise<NewHeartSheet> {
  const sheet = await readValid(c.req.raw, heartSheetSchema);
  const errors = heartErrors(sheet, await listCustomMetrics(c.env.DB, site.id));
  if (errors.length > 0) throw invalidFields(errors);
  return sheet;
}

async function sheetAt(c: AppContext, site: Site, wanted: string): Promise<HeartSheet | null> {
  return (await listHeartSheets(c.env.DB, site.id)).find(({ id }) => id === wanted) ?? null;
}

/** Each line with its value in the period, that in the period before, and its status where it has a target. */
async function valued(c: AppContext, site: Site, { lines }: HeartSheet) {
  const metrics = [...new Set(lines.map(({ metric }) => metric))];
  const include = { comparisons: { mode: "previous_period" } };
  const range = c.req.query("date_range") ?? "30d";
  const question = querySchema.safeParse({ site_id: site.id, metrics, date_range: range, include });
  if (!question.success) throw invalidFields(fieldErrors(question.error.issues));
  const [answer] = await answerQuestions(c, [question.data], { id: site.id });
  if (!answer) throw new AppError("internal", "the sheet had no answer");
  if (isRefusal(answer)) throw invalidFields(answer.errors);
  const [row] = answer.results;
  return lines.map((line) => {
    const place = metrics.indexOf(line.metric);
    const value = amountOf(row?.metrics[place]);
    const { target, better } = line;
    const status = target === null ? null : statusOf(value, { target, better, tolerance: TOLERANCE });
    return { ...line, value, before: amountOf(row?.comparison?.metrics[place]), status };
  });
}

export const heartSheets = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/heart-sheets",
    operation({
      summary: "List a site's HEART sheets",
      needs: "query",
      query: pageSchema,
      replies: { 200: z.strictObject({ sheets: z.array(sheetReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { entries, next } = await pageOfAll(c, await listHeartSheets(c.env.DB, site.id), BY_AGE);
      return c.json({ sheets: entries, next });
    },
  )
  .post(
    "/:id/heart-sheets",
    operation({ summary: "Make a HEART sheet", needs: "define", body: heartSheetSchema, replies: { 201: sheetReply } }),
    async (c) => {
      const site = await siteOf(c, "define");
      const made = { id: crypto.randomUUID(), version: 1, createdAt: Date.now() };
      const sheet: HeartSheet = { ...(await readSheet(c, site)), ...made };
      await addHeartSheet(c.env.DB, site.id, sheet);
      recordChange(c, { made: sheet.id, after: sheet });
      return c.json(sheet, 201);
    },
  )
  /** `?date_range=30d`, or another that is one word. */
  .get(
    "/:id/heart-sheets/:sheetId",
    operation({
      summary: "Read a HEART sheet and its values",
      needs: "query",
      query: rangeSchema,
      replies: { 200: valuedReply },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const sheet = await sheetAt(c, site, c.req.param("sheetId"));
      if (!sheet) throw unknown();
      return c.json({ ...sheet, lines: await valued(c, site, sheet) });
    },
  )
  .put(
    "/:id/heart-sheets/:sheetId",
    operation({
      summary: "Change a HEART sheet",
      needs: "define",
      body: heartSheetSchema,
      replies: { 200: sheetReply },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const id = c.req.param("sheetId");
      const before = await sheetAt(c, site, id);
      if (!before) throw unknown();
      const change = { id, version: versionAsked(c), body: await readSheet(c, site) };
      const sheet = await changeHeartSheet(c.env.DB, site.id, change);
      if (!sheet) throw notChanged(await sheetAt(c, site, id), unknown);
      recordChange(c, { before, after: sheet });
      return c.json(sheet);
    },
  )
  .delete(
    "/:id/heart-sheets/:sheetId",
    operation({ summary: "Remove a HEART sheet", needs: "define", replies: { 204: null }, errors: ["stale"] }),
    async (c) => {
      const site = await siteOf(c, "define");
      const id = c.req.param("sheetId");
      const before = await sheetAt(c, site, id);
      if (!(await removeHeartSheet(c.env.DB, site.id, { id, version: versionAsked(c) }))) {
        throw notChanged(await sheetAt(c, site, id), unknown);
      }
      recordChange(c, { before });
      return c.body(null, 204);
    },
  );
