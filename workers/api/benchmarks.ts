// Figures that a site's metrics are held against, imported as CSV; a set is what one file told.
import { Hono } from "hono";
import * as z from "zod";
import { type KeptBenchmarkSet, newBenchmarksSchema } from "../domain/benchmark.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { readBenchmarks } from "../reports/read-benchmarks.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { type Kept, listResources } from "../store/resources.ts";
import type { AppContext } from "./access.ts";
import { readsNames } from "./author.ts";
import { keepResource, removeKept } from "./keep-resource.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOf, pageSchema } from "./paging.ts";
import { invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { resourceReply } from "./resource-reply.ts";
import { siteOf } from "./site-of.ts";

const figure = z.strictObject({ metric: z.string(), value: z.number(), source: z.string(), date: z.string() });
const setReply = z
  .strictObject({ name: z.string(), figures: z.array(figure), ...resourceReply })
  .meta({ id: "BenchmarkSet" }) satisfies z.ZodType<KeptBenchmarkSet>;

const shelfOf = ({ id }: Site) => ({ siteId: id, kind: "benchmark_set" }) as const;

function shown(c: AppContext, set: Kept<"benchmark_set">): KeptBenchmarkSet {
  return readsNames(c) ? set : { ...set, createdBy: null };
}

export const benchmarks = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/benchmarks",
    operation({
      summary: "List the figures that a site's metrics are held against",
      needs: "query",
      query: pageSchema,
      replies: { 200: z.strictObject({ benchmarks: z.array(setReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { entries, next } = await pageOf(c, BY_AGE, (asked) => listResources(c.env.DB, shelfOf(site), asked));
      return c.json({ benchmarks: entries.map((set) => shown(c, set)), next });
    },
  )
  .post(
    "/:id/benchmarks",
    operation({
      summary: "Import figures to hold a site's metrics against",
      needs: "define",
      about: "As CSV with the columns metric, value, source and date. Of each metric and source the newest counts.",
      body: newBenchmarksSchema,
      replies: { 201: setReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const { name, csv } = await readValid(c.req.raw, newBenchmarksSchema);
      const { figures, errors } = readBenchmarks(csv, await listCustomMetrics(c.env.DB, site.id));
      if (errors.length > 0) throw invalidFields(errors);
      return c.json(await keepResource(c, shelfOf(site), { name, figures }), 201);
    },
  )
  .delete(
    "/:id/benchmarks/:benchmarkId",
    operation({ summary: "Remove imported figures", needs: "define", replies: { 204: null }, errors: ["stale"] }),
    async (c) => {
      await removeKept(c, shelfOf(await siteOf(c, "define")), c.req.param("benchmarkId"));
      return c.body(null, 204);
    },
  );
