// What Prometheus scrapes: of a site its metrics and KPIs, of the deployment how it does.
import { Hono } from "hono";
import { accepts } from "hono/accepts";
import * as z from "zod";
import { EXPOSITION_TYPES, exposition } from "../delivery/exposition.ts";
import type { MetricSample } from "../domain/metric-sample.ts";
import type { Env } from "../env.ts";
import { sampledErrors, siteSampling, USUAL_METRICS } from "../query/site-samples.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { listKpis } from "../store/kpis.ts";
import { readSystemSamples } from "../store/system/samples.ts";
import { type AppContext, requireSystem, sameSecret } from "./access.ts";
import { answerQuestions } from "./answer-questions.ts";
import { operation } from "./operation.ts";
import { invalidFields } from "./problem.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";

const OPENMETRICS = "application/openmetrics-text";
const TYPES = ["text/plain", OPENMETRICS];

const askedSchema = z.strictObject({
  /** Names of metrics, with commas between. */
  metrics: z
    .string()
    .max(2000)
    .default(USUAL_METRICS.join(","))
    .transform((names) => names.split(",").filter((name) => name !== "")),
});

function scraped(c: AppContext, samples: readonly MetricSample[]): Response {
  const type = accepts(c, { header: "Accept", supports: TYPES.toReversed(), default: "text/plain" });
  const format = type === OPENMETRICS ? "openmetrics" : "text";
  const headers = { "content-type": EXPOSITION_TYPES[format], "cache-control": "no-store", vary: "accept" };
  return c.body(exposition(samples, format), 200, headers);
}

const ABOUT = "In Prometheus' text format 0.0.4, or in OpenMetrics 1.0 where Accept prefers it.";

export const prometheus = new Hono<{ Bindings: Env }>().get(
  "/:id/prometheus",
  operation({
    summary: "Scrape a site's metrics and KPIs",
    needs: "query",
    about: ABOUT,
    query: askedSchema,
    replies: { 200: { files: TYPES } },
  }),
  async (c) => {
    const site = await siteOf(c, "query");
    const { metrics } = readQuery(c, askedSchema);
    const { DB } = c.env;
    const [kpis, known] = await Promise.all([listKpis(DB, site.id), listCustomMetrics(DB, site.id)]);
    const errors = sampledErrors(metrics, known);
    if (errors.length > 0) throw invalidFields(errors.map((error) => ({ ...error, path: "metrics" })));
    const { questions, read } = siteSampling({ site, metrics, kpis, known, now: Date.now() });
    const answers = questions.length > 0 ? await answerQuestions(c, questions, { id: site.id }) : [];
    return scraped(c, read(answers));
  },
);

/** Bearer of the token that opens nothing else, or who may see how the system is. */
async function requireScrape(c: AppContext): Promise<void> {
  const bearer = /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
  if (bearer !== "" && (await sameSecret(bearer, c.env.EDGEWISE_METRICS_TOKEN ?? ""))) return;
  await requireSystem(c);
}

export const systemPrometheus = new Hono<{ Bindings: Env }>().get(
  "/",
  operation({
    summary: "Scrape how the system itself is doing",
    needs: "system",
    about: `${ABOUT} The secret EDGEWISE_METRICS_TOKEN opens it, too, and nothing else.`,
    replies: { 200: { files: TYPES } },
  }),
  async (c) => {
    await requireScrape(c);
    return scraped(c, await readSystemSamples(c.env, Date.now()));
  },
);
