// Escalation policies: who is told after whom while nobody acknowledges.
import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import { type EscalationPolicy, escalationPolicySchema, type NewEscalationPolicy } from "../domain/on-call.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { listAlertChannels } from "../store/alert-channels.ts";
import { listAlertRules } from "../store/alert-rules.ts";
import { listResources, MOST_RESOURCES } from "../store/resources.ts";
import type { AppContext } from "./access.ts";
import { readsNames } from "./author.ts";
import { changeKept, findKept, keepResource, removeKept } from "./keep-resource.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOf, pageSchema } from "./paging.ts";
import { invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { resourceReply } from "./resource-reply.ts";
import { siteOf } from "./site-of.ts";

const policyReply = escalationPolicySchema
  .safeExtend(resourceReply)
  .meta({ id: "EscalationPolicy" }) satisfies z.ZodType<EscalationPolicy>;

const shelfOf = ({ id }: Site) => ({ siteId: id, kind: "escalation_policy" }) as const;
const idOf = (c: AppContext): string => c.req.param("policyId") ?? "";

const shown = (c: AppContext, policy: EscalationPolicy): EscalationPolicy =>
  readsNames(c) ? policy : { ...policy, createdBy: null };

async function readPolicy(c: AppContext, site: Site): Promise<NewEscalationPolicy> {
  const policy = await readValid(c.req.raw, escalationPolicySchema);
  const [channels, rotations] = await Promise.all([
    listAlertChannels(c.env.DB, site.id),
    listResources(c.env.DB, { siteId: site.id, kind: "rotation" }, { after: null, limit: MOST_RESOURCES }),
  ]);
  const known = { channels, rotations };
  const missing = (step: NewEscalationPolicy["steps"][number], place: number) =>
    (["channels", "rotations"] as const).flatMap((kind) =>
      step[kind].flatMap((id, index) =>
        known[kind].some((one) => one.id === id)
          ? []
          : [{ path: `steps.${place}.${kind}.${index}`, message: `the site has no such ${kind.slice(0, -1)}` }],
      ),
    );
  const errors = policy.steps.flatMap(missing);
  if (errors.length > 0) throw invalidFields(errors);
  return policy;
}

export const escalationPolicies = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/escalation-policies",
    operation({
      summary: "List a site's escalation policies",
      needs: "query",
      query: pageSchema,
      replies: { 200: z.strictObject({ policies: z.array(policyReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { entries, next } = await pageOf(c, BY_AGE, (asked) => listResources(c.env.DB, shelfOf(site), asked));
      return c.json({ policies: entries.map((policy) => shown(c, policy)), next });
    },
  )
  .post(
    "/:id/escalation-policies",
    operation({
      summary: "Make an escalation policy",
      needs: "define",
      about: "An alert rule names it as `policy`. A step is told when its minutes have passed since the one before.",
      body: escalationPolicySchema,
      replies: { 201: policyReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      return c.json(await keepResource(c, shelfOf(site), await readPolicy(c, site)), 201);
    },
  )
  .get(
    "/:id/escalation-policies/:policyId",
    operation({ summary: "Read an escalation policy", needs: "query", replies: { 200: policyReply } }),
    async (c) => c.json(shown(c, await findKept(c, shelfOf(await siteOf(c, "query")), idOf(c)))),
  )
  .put(
    "/:id/escalation-policies/:policyId",
    operation({
      summary: "Change an escalation policy",
      needs: "define",
      body: escalationPolicySchema,
      replies: { 200: policyReply },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      return c.json(await changeKept(c, shelfOf(site), { id: idOf(c), body: await readPolicy(c, site) }));
    },
  )
  .delete(
    "/:id/escalation-policies/:policyId",
    operation({
      summary: "Remove an escalation policy",
      needs: "define",
      about: "Not while an alert rule names it.",
      replies: { 204: null },
      errors: ["stale", "conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const naming = (await listAlertRules(c.env.DB, site.id)).find(({ policy }) => policy === idOf(c));
      if (naming) throw new AppError("conflict", `the alert rule “${naming.name}” names it; change that first`);
      await removeKept(c, shelfOf(site), idOf(c));
      return c.body(null, 204);
    },
  );
