// Filters that a site keeps under names.
import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import { type KeptSegment, type NewSegment, segmentSchema } from "../domain/segment.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { filterErrors } from "../query/filters.ts";
import { listGoals } from "../store/goals.ts";
import { addSegment, changeSegment, listSegments, removeSegment } from "../store/segments.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";
import { notChanged, versionAsked } from "./versions.ts";

const segmentReply = segmentSchema.extend({ id: z.int(), version: z.int() }) satisfies z.ZodType<KeptSegment>;

const unknown = () => new AppError("not_found", "the site has no such segment");

function idOf(c: AppContext): number {
  const id = c.req.param("segmentId") ?? "";
  if (!/^\d{1,15}$/.test(id)) throw unknown();
  return Number(id);
}

async function readSegment(c: AppContext, site: Site): Promise<NewSegment> {
  const segment = await readValid(c.req.raw, segmentSchema);
  const goals = await listGoals(c.env.DB, site.id);
  const errors = segment.filters.flatMap((filter, index) => filterErrors(filter, `filters.${index}`, goals));
  if (errors.length > 0) throw invalidFields(errors);
  return segment;
}

async function segmentAt(c: AppContext, site: Site, wanted: number): Promise<KeptSegment | null> {
  return (await listSegments(c.env.DB, site.id)).find(({ id }) => id === wanted) ?? null;
}

export const segments = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/segments",
    operation({
      summary: "List a site's segments",
      needs: "query",
      query: pageSchema,
      replies: { 200: z.strictObject({ segments: z.array(segmentReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const all = await listSegments(c.env.DB, site.id);
      const { entries, next } = await pageOfAll(c, all, { key: ({ id }) => [id], kinds: ["number"] });
      return c.json({ segments: entries, next });
    },
  )
  .post(
    "/:id/segments",
    operation({ summary: "Make a segment", needs: "define", body: segmentSchema, replies: { 201: segmentReply } }),
    async (c) => {
      const site = await siteOf(c, "define");
      const segment = await addSegment(c.env.DB, site.id, await readSegment(c, site));
      recordChange(c, { made: segment.id, after: segment });
      return c.json(segment, 201);
    },
  )
  .put(
    "/:id/segments/:segmentId",
    operation({
      summary: "Change a segment",
      needs: "define",
      body: segmentSchema,
      replies: { 200: segmentReply },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const id = idOf(c);
      const change = { id, version: versionAsked(c), segment: await readSegment(c, site) };
      const before = await segmentAt(c, site, id);
      const segment = await changeSegment(c.env.DB, site.id, change);
      if (!segment) throw notChanged(await segmentAt(c, site, id), unknown);
      recordChange(c, { before, after: segment });
      return c.json(segment);
    },
  )
  .delete(
    "/:id/segments/:segmentId",
    operation({ summary: "Remove a segment", needs: "define", replies: { 204: null }, errors: ["stale"] }),
    async (c) => {
      const site = await siteOf(c, "define");
      const id = idOf(c);
      const before = await segmentAt(c, site, id);
      if (!(await removeSegment(c.env.DB, site.id, { id, version: versionAsked(c) }))) {
        throw notChanged(await segmentAt(c, site, id), unknown);
      }
      recordChange(c, { before });
      return c.body(null, 204);
    },
  );
