// Filters that a site keeps under names.
import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import { type NewSegment, type Segment, segmentSchema } from "../domain/segment.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { filterErrors } from "../query/filters.ts";
import { listGoals } from "../store/goals.ts";
import { addSegment, changeSegment, listSegments, removeSegment } from "../store/segments.ts";
import type { AppContext } from "./access.ts";
import { operation } from "./operation.ts";
import { invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";

const segmentReply = segmentSchema.extend({ id: z.int() }) satisfies z.ZodType<Segment>;

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

export const segments = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/segments",
    operation({
      summary: "List a site's segments",
      needs: "query",
      replies: { 200: z.strictObject({ segments: z.array(segmentReply) }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      return c.json({ segments: await listSegments(c.env.DB, site.id) });
    },
  )
  .post(
    "/:id/segments",
    operation({ summary: "Make a segment", needs: "define", body: segmentSchema, replies: { 201: segmentReply } }),
    async (c) => {
      const site = await siteOf(c, "define");
      return c.json(await addSegment(c.env.DB, site.id, await readSegment(c, site)), 201);
    },
  )
  .put(
    "/:id/segments/:segmentId",
    operation({ summary: "Change a segment", needs: "define", body: segmentSchema, replies: { 200: segmentReply } }),
    async (c) => {
      const site = await siteOf(c, "define");
      const id = idOf(c);
      const segment = await changeSegment(c.env.DB, site.id, { id, ...(await readSegment(c, site)) });
      if (!segment) throw unknown();
      return c.json(segment);
    },
  )
  .delete(
    "/:id/segments/:segmentId",
    operation({ summary: "Remove a segment", needs: "define", replies: { 204: null } }),
    async (c) => {
      const site = await siteOf(c, "define");
      if (!(await removeSegment(c.env.DB, site.id, idOf(c)))) throw unknown();
      return c.body(null, 204);
    },
  );
