// What happened, beside the charts, and what people say to it. Share links are told neither names nor comments.
import { Hono } from "hono";
import * as z from "zod";
import {
  type Annotation,
  type AnnotationBody,
  type AnnotationComment,
  newAnnotationSchema,
  newCommentSchema,
} from "../domain/annotation.ts";
import { AppError } from "../domain/errors.ts";
import { periodOf } from "../domain/period.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { askedMetric } from "../query/asked-metric.ts";
import { annotationsWithin } from "../store/annotations.ts";
import { addComment, forgetComments, listComments, removeComment } from "../store/comments.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { type Kept, listResources } from "../store/resources.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { authorOf, authorsAsking, readsNames } from "./author.ts";
import { changeKept, findKept, keepResource, removeKept } from "./keep-resource.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOf, pageSchema } from "./paging.ts";
import { invalidField } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { readQuery } from "./read-query.ts";
import { authorReply, resourceReply } from "./resource-reply.ts";
import { siteOf } from "./site-of.ts";

const commentReply = z
  .strictObject({ id: z.string(), text: z.string(), by: authorReply, at: z.int() })
  .meta({ id: "Comment" }) satisfies z.ZodType<AnnotationComment>;
const annotationReply = newAnnotationSchema
  .extend({ ...resourceReply, from: z.int(), to: z.int(), comments: z.array(commentReply) })
  .meta({ id: "Annotation" }) satisfies z.ZodType<Annotation>;

const date = z.iso.date("use a date such as 2026-11-21").optional();
/** The first and last day of those that are wanted, in the site's time zone. */
const listSchema = pageSchema.extend({ from: date, to: date });

const shelfOf = ({ id }: Site) => ({ siteId: id, kind: "annotation" }) as const;
const idOf = (c: AppContext): string => c.req.param("annotationId") ?? "";

/** Milliseconds, both included. */
function momentsOf(at: AnnotationBody["at"], { timeZone }: Site, path: string): { from: number; to: number } {
  if (typeof at === "string") return { from: Date.parse(at), to: Date.parse(at) };
  const period = periodOf(at, { now: Date.now(), timeZone });
  if ("problem" in period) throw invalidField(path, period.problem);
  return { from: period.from, to: period.to - 1 };
}

async function readAnnotation(c: AppContext, site: Site): Promise<AnnotationBody> {
  const annotation = await readValid(c.req.raw, newAnnotationSchema);
  const { metric, at, exceptional } = annotation;
  if (metric !== null && !askedMetric(metric, await listCustomMetrics(c.env.DB, site.id))) {
    throw invalidField("metric", `no metric ${metric}; GET /api/v1/catalog lists them`);
  }
  if (exceptional && typeof at === "string") {
    throw invalidField("exceptional", "only days can be: give at as a first and a last date");
  }
  return { ...annotation, ...momentsOf(at, site, "at") };
}

async function shown(c: AppContext, site: Site, kept: Kept<"annotation">[]): Promise<Annotation[]> {
  // Those that were made before there were such days do not say it.
  const all = kept.map((one) => ({ ...one, exceptional: one.exceptional ?? false }));
  if (!readsNames(c)) return all.map((one) => ({ ...one, createdBy: null, comments: [] }));
  const ids = all.map(({ id }) => id);
  const said = await listComments(c.env.DB, site.id, ids);
  return all.map((one) => ({ ...one, comments: said.get(one.id) ?? [] }));
}

const toOne = async (c: AppContext, site: Site, annotation: Kept<"annotation">): Promise<Annotation> =>
  (await shown(c, site, [annotation]))[0]!;

export const annotations = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/annotations",
    operation({
      summary: "List a site's annotations",
      needs: "query",
      about: "Those that touch the days from and to, or all.",
      query: listSchema,
      replies: { 200: z.strictObject({ annotations: z.array(annotationReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { from, to } = readQuery(c, listSchema);
      const first = from === undefined ? null : momentsOf([from, from], site, "from").from;
      const last = to === undefined ? null : momentsOf([to, to], site, "to").to;
      const { entries, next } = await pageOf(c, BY_AGE, (asked) =>
        listResources(c.env.DB, shelfOf(site), { ...asked, where: annotationsWithin(first, last) }),
      );
      return c.json({ annotations: await shown(c, site, entries), next });
    },
  )
  .post(
    "/:id/annotations",
    operation({
      summary: "Make an annotation",
      needs: "define",
      body: newAnnotationSchema,
      replies: { 201: annotationReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const kept = await keepResource(c, shelfOf(site), await readAnnotation(c, site));
      return c.json({ ...kept, comments: [] }, 201);
    },
  )
  .get(
    "/:id/annotations/:annotationId",
    operation({ summary: "Read an annotation", needs: "query", replies: { 200: annotationReply } }),
    async (c) => {
      const site = await siteOf(c, "query");
      return c.json(await toOne(c, site, await findKept(c, shelfOf(site), idOf(c))));
    },
  )
  .put(
    "/:id/annotations/:annotationId",
    operation({
      summary: "Change an annotation",
      needs: "define",
      body: newAnnotationSchema,
      replies: { 200: annotationReply },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const body = await readAnnotation(c, site);
      return c.json(await toOne(c, site, await changeKept(c, shelfOf(site), { id: idOf(c), body })));
    },
  )
  .delete(
    "/:id/annotations/:annotationId",
    operation({ summary: "Remove an annotation", needs: "define", replies: { 204: null }, errors: ["stale"] }),
    async (c) => {
      const site = await siteOf(c, "define");
      await removeKept(c, shelfOf(site), idOf(c));
      await forgetComments(c.env.DB, site.id, idOf(c));
      return c.body(null, 204);
    },
  )
  .post(
    "/:id/annotations/:annotationId/comments",
    operation({
      summary: "Say something to an annotation",
      needs: "define",
      body: newCommentSchema,
      replies: { 201: commentReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const { id: annotationId } = await findKept(c, shelfOf(site), idOf(c));
      const { text } = await readValid(c.req.raw, newCommentSchema);
      const said = { text, author: authorOf(c), now: Date.now() };
      const comment = await addComment(c.env.DB, { siteId: site.id, annotationId }, said);
      if (!comment) throw new AppError("conflict", "the annotation is gone, or has as many comments as it may");
      recordChange(c, { made: comment.id });
      return c.json(comment, 201);
    },
  )
  .delete(
    "/:id/annotations/:annotationId/comments/:commentId",
    operation({ summary: "Remove one's own comment", needs: "define", replies: { 204: null } }),
    async (c) => {
      const site = await siteOf(c, "define");
      const authors = authorsAsking(c).map(({ id }) => id);
      const comment = { siteId: site.id, annotationId: idOf(c), id: c.req.param("commentId") };
      if (await removeComment(c.env.DB, comment, authors)) return c.body(null, 204);
      throw new AppError("not_found", "there is no such comment, or it is another's");
    },
  );
