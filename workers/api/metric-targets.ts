// Where metrics are sent, of a site and of the system, and which kinds of targets there are.
import { Hono } from "hono";
import * as z from "zod";
import { targets as kinds } from "../delivery/targets/index.ts";
import { MAIN_TEAM } from "../domain/access.ts";
import type { Env } from "../env.ts";
import { sampledErrors } from "../query/site-samples.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { SYSTEM } from "../store/metric-targets.ts";
import { requireSystem } from "./access.ts";
import { jsonSchema, kindReply } from "./alert-kinds.ts";
import { listTargets, makeTarget, newTargetSchema, removeTarget, testTarget } from "./metric-target-acts.ts";
import { targetReply, testedReply } from "./metric-target-replies.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageSchema } from "./paging.ts";
import { invalidFields } from "./problem.ts";
import { siteOf } from "./site-of.ts";

export const metricTargetKinds = new Hono<{ Bindings: Env }>().get(
  "/",
  operation({
    summary: "List the kinds of targets of metrics",
    needs: "nothing",
    replies: { 200: z.strictObject({ targets: z.array(kindReply) }) },
  }),
  (c) =>
    c.json({
      targets: Object.entries(kinds).map(([kind, { label, about, config }]) => ({
        ...{ kind, label, about },
        schema: jsonSchema(config),
      })),
    }),
);

const targetsReply = z.strictObject({ targets: z.array(targetReply), ...nextSchema });

export const metricTargets = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/metric-targets",
    operation({
      summary: "List where a site's metrics are sent",
      needs: "define",
      about: "Without the keys, which nobody is told; with the last answer.",
      query: pageSchema,
      replies: { 200: targetsReply },
    }),
    async (c) => c.json(await listTargets(c, (await siteOf(c, "define")).id)),
  )
  .post(
    "/:id/metric-targets",
    operation({
      summary: "Send a site's metrics somewhere",
      needs: "settings",
      about: "Its KPIs go along.",
      body: newTargetSchema,
      replies: { 201: targetReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const { id } = await siteOf(c, "settings");
      const check = async ({ metrics }: { metrics: string[] }) => {
        const errors = sampledErrors(metrics, await listCustomMetrics(c.env.DB, id));
        if (errors.length > 0) throw invalidFields(errors);
        return metrics;
      };
      return c.json(await makeTarget(c, id, { check }), 201);
    },
  )
  .post(
    "/:id/metric-targets/:targetId/test",
    operation({
      summary: "Send a test to a target of metrics",
      needs: "settings",
      about: "The gauge edgewise_target_test, which is 1.",
      replies: { 200: testedReply },
    }),
    async (c) => c.json(await testTarget(c, (await siteOf(c, "settings")).id)),
  )
  .delete(
    "/:id/metric-targets/:targetId",
    operation({ summary: "Send metrics there no more", needs: "settings", replies: { 204: null } }),
    async (c) => {
      await removeTarget(c, (await siteOf(c, "settings")).id);
      return c.body(null, 204);
    },
  );

export const systemMetricTargets = new Hono<{ Bindings: Env }>()
  .get(
    "/",
    operation({
      summary: "List where the system's own metrics are sent",
      needs: "system",
      query: pageSchema,
      replies: { 200: targetsReply },
    }),
    async (c) => {
      await requireSystem(c);
      return c.json(await listTargets(c, SYSTEM));
    },
  )
  .post(
    "/",
    operation({
      summary: "Send the system's own metrics somewhere",
      needs: "system",
      body: newTargetSchema,
      replies: { 201: targetReply },
      errors: ["conflict"],
    }),
    async (c) => {
      await requireSystem(c);
      return c.json(await makeTarget(c, SYSTEM, { check: async () => [], teamId: MAIN_TEAM }), 201);
    },
  )
  .post(
    "/:targetId/test",
    operation({
      summary: "Send a test to a target of the system's metrics",
      needs: "system",
      replies: { 200: testedReply },
    }),
    async (c) => {
      await requireSystem(c);
      return c.json(await testTarget(c, SYSTEM, MAIN_TEAM));
    },
  )
  .delete(
    "/:targetId",
    operation({ summary: "Send the system's metrics there no more", needs: "system", replies: { 204: null } }),
    async (c) => {
      await requireSystem(c);
      await removeTarget(c, SYSTEM, MAIN_TEAM);
      return c.body(null, 204);
    },
  );
