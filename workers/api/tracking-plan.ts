// A site's tracking plan: as it stands, its versions, and what a change of it would mean.

import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import { planDiff } from "../domain/plan-diff.ts";
import { trackingPlanSchema } from "../domain/plan-schema.ts";
import type { PlanVersion, TrackingPlan } from "../domain/tracking-plan.ts";
import type { Env } from "../env.ts";
import { lintNames } from "../quality/naming-lint.ts";
import { addPlan, currentPlan, findPlan, listPlans } from "../store/tracking-plans.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { authorOf, readsNames } from "./author.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOf, pageSchema } from "./paging.ts";
import { changeReply, hintReply, planReply, planSchema } from "./plan-schemas.ts";
import { readValid } from "./read-json.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";
import { notChanged, versionAsked } from "./versions.ts";

const PLAN_BYTES = 512 * 1024;
const versionText = z.coerce.number().int().min(0);
const diffSchema = z.object({ from: versionText, to: versionText });
const diffReply = z.strictObject({ from: z.int(), to: z.int(), breaking: z.int(), changes: z.array(changeReply) });
const checkReply = z.strictObject({
  /** The version that it was compared with. */
  version: z.int(),
  breaking: z.int(),
  changes: z.array(changeReply),
  hints: z.array(hintReply),
});

const unknown = () => new AppError("not_found", "the site's tracking plan has no such version");

/** A share link is told no names. */
const shown = (c: AppContext, plan: PlanVersion): PlanVersion => (readsNames(c) ? plan : { ...plan, author: "" });

async function versionOf(c: AppContext, siteId: Parameters<typeof findPlan>[1], version: number): Promise<PlanVersion> {
  const found = await findPlan(c.env.DB, siteId, version);
  if (!found) throw unknown();
  return found;
}

function compared(before: TrackingPlan, after: TrackingPlan) {
  const changes = planDiff(before, after);
  return { changes, breaking: changes.filter(({ breaking }) => breaking).length };
}

/** Made when it is first asked for. */
const jsonSchema = () =>
  Response.json(z.toJSONSchema(trackingPlanSchema, { io: "input", target: "draft-2020-12", unrepresentable: "any" }), {
    headers: { "cache-control": "public, max-age=3600", "access-control-allow-origin": "*" },
  });

/** The form of the file, for editors and validators. */
export const planSchemaFile = new Hono<{ Bindings: Env }>().get(
  "/",
  operation({
    summary: "Read the JSON Schema of tracking plans",
    needs: "nothing",
    replies: { 200: z.record(z.string(), z.unknown()) },
  }),
  () => jsonSchema(),
);

export const trackingPlan = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/tracking-plan",
    operation({
      summary: "Read a site's tracking plan",
      needs: "query",
      about: "Version 0 is the empty plan that every site has at first.",
      replies: { 200: planReply },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      return c.json(shown(c, await currentPlan(c.env.DB, site.id)));
    },
  )
  .put(
    "/:id/tracking-plan",
    operation({
      summary: "Change a site's tracking plan",
      needs: "define",
      about: "Makes a new version, which holds within 30 seconds everywhere.",
      body: planSchema,
      replies: { 200: planReply },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const plan = await readValid(c.req.raw, planSchema, PLAN_BYTES);
      const made = { plan, author: authorOf(c).name, base: versionAsked(c), now: Date.now() };
      const added = await addPlan(c.env.DB, site.id, made);
      if (added) {
        recordChange(c, { after: { version: added.version } });
        return c.json(added);
      }
      throw notChanged(await currentPlan(c.env.DB, site.id), unknown);
    },
  )
  .post(
    "/:id/tracking-plan/check",
    operation({
      summary: "See what a tracking plan would change",
      needs: "query",
      about: "Compares it with the one that holds, and looks at the names of its events. Changes nothing.",
      body: planSchema,
      replies: { 200: checkReply },
      audit: { why: "compares a plan with the one that holds and changes nothing" },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const plan = await readValid(c.req.raw, planSchema, PLAN_BYTES);
      const current = await currentPlan(c.env.DB, site.id);
      const hints = lintNames(Object.keys(plan.events), plan.naming ?? "object_action");
      return c.json({ version: current.version, ...compared(current.plan, plan), hints });
    },
  )
  .get(
    "/:id/tracking-plan/versions",
    operation({
      summary: "List the versions of a tracking plan",
      needs: "query",
      about: "Newest first.",
      query: pageSchema,
      replies: { 200: z.strictObject({ versions: z.array(planReply.omit({ plan: true })), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const newestFirst = { key: ({ version }: PlanVersion) => [version], kinds: ["number"] } as const;
      const { entries, next } = await pageOf(c, newestFirst, ({ after, limit }) =>
        listPlans(c.env.DB, site.id, { below: after ? Number(after[0]) : Number.MAX_SAFE_INTEGER, limit }),
      );
      const versions = entries.map((entry) => {
        const { plan: _, ...version } = shown(c, entry);
        return version;
      });
      return c.json({ versions, next });
    },
  )
  .get(
    "/:id/tracking-plan/versions/:version",
    operation({
      summary: "Read a version of a tracking plan",
      needs: "query",
      path: { version: z.int().min(0) },
      replies: { 200: planReply },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const version = versionText.safeParse(c.req.param("version"));
      if (!version.success) throw unknown();
      return c.json(shown(c, await versionOf(c, site.id, version.data)));
    },
  )
  .get(
    "/:id/tracking-plan/diff",
    operation({
      summary: "Compare two versions of a tracking plan",
      needs: "query",
      about: "A change is breaking when a sender that was right before would be wrong after it.",
      query: diffSchema,
      replies: { 200: diffReply },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { from, to } = readQuery(c, diffSchema);
      const [before, after] = await Promise.all([versionOf(c, site.id, from), versionOf(c, site.id, to)]);
      return c.json({ from, to, ...compared(before.plan, after.plan) });
    },
  );
