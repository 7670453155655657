// The site's KPIs, how they stand, and which events they come from.
import { Hono } from "hono";
import * as z from "zod";
import { type Kpi, kpiSchema, type NewKpi } from "../catalog/kpi.ts";
import { AppError } from "../domain/errors.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { goalMap, type KpiPeriod, kpiErrors, kpiHistory, kpiQuestion } from "../query/kpi.ts";
import { isRefusal } from "../query/run.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { addKpi, changeKpi, listKpis, removeKpi } from "../store/kpis.ts";
import type { AppContext } from "./access.ts";
import { answerQuestions } from "./answer-questions.ts";
import { recordChange } from "./audit-trail.ts";
import { kpiReply, mappedReply, periodReply } from "./kpi-replies.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";
import { notChanged, versionAsked } from "./versions.ts";

const unknown = () => new AppError("not_found", "the site has no such KPI");
const historySchema = z.strictObject({ periods: z.coerce.number().int().min(1).max(60).default(12) });

async function readKpi(c: AppContext, site: Site): Promise<NewKpi> {
  const kpi = await readValid(c.req.raw, kpiSchema);
  const errors = kpiErrors(kpi, await listCustomMetrics(c.env.DB, site.id));
  if (errors.length > 0) throw invalidFields(errors);
  return kpi;
}

async function kpiAt(c: AppContext, site: Site, wanted: string): Promise<Kpi | null> {
  return (await listKpis(c.env.DB, site.id)).find(({ id }) => id === wanted) ?? null;
}

/** How each stood in its last periods, asked of the shards all at once. */
async function historiesOf(c: AppContext, site: Site, kpis: Kpi[], periods: number): Promise<KpiPeriod[][]> {
  const known = await listCustomMetrics(c.env.DB, site.id);
  const questions = kpis.map((kpi) => kpiQuestion(kpi, { site, now: Date.now(), periods }));
  const answers = questions.length > 0 ? await answerQuestions(c, questions, { id: site.id }) : [];
  return answers.map((answer, index) => {
    if (isRefusal(answer)) throw invalidFields(answer.errors);
    return kpiHistory(kpis[index]!, answer, known);
  });
}

export const kpis = new Hono<{ Bindings: Env }>()
  /** With how each stands in the period that runs, and stood in the one before. */
  .get(
    "/:id/kpis",
    operation({
      summary: "List a site's KPIs and how they stand",
      needs: "query",
      query: pageSchema,
      replies: {
        200: z.strictObject({
          kpis: z.array(kpiReply.extend({ before: periodReply, now: periodReply })),
          ...nextSchema,
        }),
      },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { entries, next } = await pageOfAll(c, await listKpis(c.env.DB, site.id), BY_AGE);
      const histories = await historiesOf(c, site, entries, 2);
      const told = entries.map((kpi, index) => ({
        ...kpi,
        before: histories[index]![0],
        now: histories[index]!.at(-1),
      }));
      return c.json({ kpis: told, next });
    },
  )
  .post(
    "/:id/kpis",
    operation({ summary: "Make a KPI", needs: "define", body: kpiSchema, replies: { 201: kpiReply } }),
    async (c) => {
      const site = await siteOf(c, "define");
      const kpi: Kpi = { ...(await readKpi(c, site)), id: crypto.randomUUID(), version: 1, createdAt: Date.now() };
      await addKpi(c.env.DB, site.id, kpi);
      recordChange(c, { made: kpi.id, after: kpi });
      return c.json(kpi, 201);
    },
  )
  /** Business goal → KPI → metric → events. */
  .get(
    "/:id/kpis/map",
    operation({
      summary: "Read the map from business goal to events",
      needs: "query",
      replies: { 200: z.strictObject({ goals: z.array(mappedReply) }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const [all, known] = await Promise.all([listKpis(c.env.DB, site.id), listCustomMetrics(c.env.DB, site.id)]);
      return c.json({ goals: goalMap(all, known) });
    },
  )
  /** `?periods=12`: its history, oldest first, the running period last. */
  .get(
    "/:id/kpis/:kpiId",
    operation({
      summary: "Read a KPI and its history",
      needs: "query",
      query: historySchema,
      replies: { 200: kpiReply.extend({ history: z.array(periodReply) }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { periods } = readQuery(c, historySchema);
      const kpi = await kpiAt(c, site, c.req.param("kpiId"));
      if (!kpi) throw unknown();
      const [history] = await historiesOf(c, site, [kpi], periods);
      return c.json({ ...kpi, history });
    },
  )
  .put(
    "/:id/kpis/:kpiId",
    operation({
      summary: "Change a KPI",
      needs: "define",
      body: kpiSchema,
      replies: { 200: kpiReply },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const id = c.req.param("kpiId");
      const change = { id, version: versionAsked(c), body: await readKpi(c, site) };
      const before = await kpiAt(c, site, id);
      const kpi = await changeKpi(c.env.DB, site.id, change);
      if (!kpi) throw notChanged(await kpiAt(c, site, id), unknown);
      recordChange(c, { before, after: kpi });
      return c.json(kpi);
    },
  )
  .delete(
    "/:id/kpis/:kpiId",
    operation({ summary: "Remove a KPI", needs: "define", replies: { 204: null }, errors: ["stale"] }),
    async (c) => {
      const site = await siteOf(c, "define");
      const id = c.req.param("kpiId");
      const before = await kpiAt(c, site, id);
      if (!(await removeKpi(c.env.DB, site.id, { id, version: versionAsked(c) }))) {
        throw notChanged(await kpiAt(c, site, id), unknown);
      }
      recordChange(c, { before });
      return c.body(null, 204);
    },
  );
