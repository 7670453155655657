// Funnels that a site keeps; a question names one as `params: { funnel }`.
import { Hono } from "hono";
import * as z from "zod";
import { type Funnel, funnelSchema, type NewFunnel, newFunnelSchema } from "../domain/funnel.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { questionErrors } from "../query/run.ts";
import { type Kept, listResources } from "../store/resources.ts";
import type { AppContext } from "./access.ts";
import { readsNames } from "./author.ts";
import { changeKept, findKept, keepResource, removeKept } from "./keep-resource.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOf, pageSchema } from "./paging.ts";
import { planFacts } from "./plan-facts.ts";
import { invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { resourceReply } from "./resource-reply.ts";
import { siteOf } from "./site-of.ts";

const funnelReply = newFunnelSchema.extend(resourceReply).meta({ id: "Funnel" }) satisfies z.ZodType<Funnel>;

const shelfOf = ({ id }: Site) => ({ siteId: id, kind: "funnel" }) as const;
const idOf = (c: AppContext): string => c.req.param("funnelId") ?? "";

async function readFunnel(c: AppContext, site: Site): Promise<NewFunnel> {
  const funnel = await readValid(c.req.raw, newFunnelSchema);
  const params = funnelSchema.strip().parse(funnel);
  const question = { site_id: site.id, date_range: "30d" as const, filters: [], analysis: "funnel", params };
  const errors = questionErrors(question, await planFacts(c.env.DB, site), Date.now());
  if (errors.length === 0) return funnel;
  throw invalidFields(errors.map((error) => ({ ...error, path: error.path.replace(/^params\./, "") })));
}

function shown(c: AppContext, funnel: Kept<"funnel">): Funnel {
  return readsNames(c) ? funnel : { ...funnel, createdBy: null };
}

export const funnels = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/funnels",
    operation({
      summary: "List a site's funnels",
      needs: "query",
      query: pageSchema,
      replies: { 200: z.strictObject({ funnels: z.array(funnelReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { entries, next } = await pageOf(c, BY_AGE, (asked) => listResources(c.env.DB, shelfOf(site), asked));
      return c.json({ funnels: entries.map((funnel) => shown(c, funnel)), next });
    },
  )
  .post(
    "/:id/funnels",
    operation({
      summary: "Make a funnel",
      needs: "define",
      body: newFunnelSchema,
      replies: { 201: funnelReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      return c.json(await keepResource(c, shelfOf(site), await readFunnel(c, site)), 201);
    },
  )
  .get(
    "/:id/funnels/:funnelId",
    operation({ summary: "Read a funnel", needs: "query", replies: { 200: funnelReply } }),
    async (c) => {
      const site = await siteOf(c, "query");
      return c.json(shown(c, await findKept(c, shelfOf(site), idOf(c))));
    },
  )
  .put(
    "/:id/funnels/:funnelId",
    operation({
      summary: "Change a funnel",
      needs: "define",
      body: newFunnelSchema,
      replies: { 200: funnelReply },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      return c.json(await changeKept(c, shelfOf(site), { id: idOf(c), body: await readFunnel(c, site) }));
    },
  )
  .delete(
    "/:id/funnels/:funnelId",
    operation({ summary: "Remove a funnel", needs: "define", replies: { 204: null }, errors: ["stale"] }),
    async (c) => {
      await removeKept(c, shelfOf(await siteOf(c, "define")), idOf(c));
      return c.body(null, 204);
    },
  );
