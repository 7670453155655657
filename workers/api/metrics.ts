// The site's own metrics. A change makes a new version; those before stay, and may be asked for by it.
import { Hono } from "hono";
import * as z from "zod";
import {
  type CustomMetric,
  customMetricNamed,
  metricVersionSchema,
  type NewMetric,
  newMetricSchema,
} from "../catalog/custom-metric.ts";
import { AppError } from "../domain/errors.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { definitionErrors, pinned } from "../query/custom-metric.ts";
import { addMetricVersion, archiveMetric, listCustomMetrics } from "../store/custom-metrics.ts";
import { listGoals } from "../store/goals.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";
import { notChanged, versionAsked } from "./versions.ts";

const metricReply = newMetricSchema
  .extend({ version: z.int(), createdAt: z.int(), archived: z.boolean() })
  .meta({ id: "Metric" }) satisfies z.ZodType<CustomMetric>;

const unknown = (name: string) => new AppError("not_found", `the site has no metric ${name} of its own`);

async function notChangedMetric(c: AppContext, site: Site, name: string): Promise<AppError> {
  const current = customMetricNamed(await listCustomMetrics(c.env.DB, site.id), name);
  return notChanged(current ?? null, () => unknown(name));
}

/** Checks, keeps and returns the next version. */
async function keep(c: AppContext, site: Site, metric: NewMetric, only: "new" | "known"): Promise<CustomMetric> {
  const { DB } = c.env;
  const [goals, known] = await Promise.all([listGoals(DB, site.id), listCustomMetrics(DB, site.id)]);
  const errors = definitionErrors(metric.definition, { goals, customMetrics: known });
  if (errors.length > 0) throw invalidFields(errors);
  const made = { ...metric, definition: pinned(metric.definition, known) };
  const now = Date.now();
  const after = only === "known" ? versionAsked(c) : null;
  const version = await addMetricVersion(DB, site.id, { ...made, now, only, after });
  if (version !== null) {
    const before = customMetricNamed(known, metric.name);
    recordChange(
      c,
      only === "new" ? { made: made.name, after: made } : { before, after: { ...made, archived: false } },
    );
    return { ...made, version, createdAt: now, archived: false };
  }
  if (only === "known") throw await notChangedMetric(c, site, metric.name);
  const message = `the site has a metric ${metric.name}; change it with PUT, or choose another name`;
  throw new AppError("conflict", message, { errors: [{ path: "name", message }] });
}

export const metrics = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/metrics",
    operation({
      summary: "List a site's own metrics",
      needs: "query",
      query: pageSchema,
      replies: { 200: z.strictObject({ metrics: z.array(metricReply), ...nextSchema }) },
    }),
    async (c) => {
      const all = await listCustomMetrics(c.env.DB, (await siteOf(c, "query")).id);
      const names = [...new Set(all.map(({ name }) => name))];
      const newest = names.flatMap((name) => customMetricNamed(all, name) ?? []);
      const { entries, next } = await pageOfAll(c, newest, { key: ({ name }) => [name], kinds: ["string"] });
      return c.json({ metrics: entries, next });
    },
  )
  .post(
    "/:id/metrics",
    operation({
      summary: "Make a metric",
      needs: "define",
      body: newMetricSchema,
      replies: { 201: metricReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      return c.json(await keep(c, site, await readValid(c.req.raw, newMetricSchema), "new"), 201);
    },
  )
  /** `orders`, or a version of it as `orders@2`. */
  .get(
    "/:id/metrics/:name",
    operation({
      summary: "Read a metric and its versions",
      needs: "query",
      replies: { 200: metricReply.extend({ versions: z.array(metricReply) }) },
    }),
    async (c) => {
      const all = await listCustomMetrics(c.env.DB, (await siteOf(c, "query")).id);
      const metric = customMetricNamed(all, c.req.param("name"));
      if (!metric) throw unknown(c.req.param("name"));
      return c.json({ ...metric, versions: all.filter(({ name }) => name === metric.name) });
    },
  )
  .put(
    "/:id/metrics/:name",
    operation({
      summary: "Make a metric's next version",
      needs: "define",
      body: metricVersionSchema,
      replies: { 200: metricReply },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const version = await readValid(c.req.raw, metricVersionSchema);
      return c.json(await keep(c, site, { name: c.req.param("name"), ...version }, "known"));
    },
  )
  .delete(
    "/:id/metrics/:name",
    operation({ summary: "Archive a metric", needs: "define", replies: { 204: null }, errors: ["stale"] }),
    async (c) => {
      const site = await siteOf(c, "define");
      const name = c.req.param("name");
      if (!(await archiveMetric(c.env.DB, site.id, { name, version: versionAsked(c) }))) {
        throw await notChangedMetric(c, site, name);
      }
      recordChange(c, { before: { archived: false }, after: { archived: true } });
      return c.body(null, 204);
    },
  );
