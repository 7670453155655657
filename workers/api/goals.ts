// What visitors are wanted to do: events and pages that count, for the past too.
import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import { type Goal, newGoalSchema, type Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { addGoal, changeGoal, listGoals, removeGoal } from "../store/goals.ts";
import { liveSite } from "../store/objects.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";

const goalReply = newGoalSchema
  .extend({ id: z.string(), name: z.string() })
  .meta({ id: "Goal" }) satisfies z.ZodType<Goal>;

const unknown = () => new AppError("not_found", "the site has no such goal");

async function goalAt(c: AppContext, { id: siteId }: Site) {
  return (await listGoals(c.env.DB, siteId)).find(({ id }) => id === c.req.param("goalId"));
}

export const goals = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/goals",
    operation({
      summary: "List a site's goals",
      needs: "query",
      query: pageSchema,
      replies: { 200: z.strictObject({ goals: z.array(goalReply), ...nextSchema }) },
    }),
    async (c) => {
      const all = await listGoals(c.env.DB, (await siteOf(c, "query")).id);
      const { entries, next } = await pageOfAll(c, all, BY_AGE);
      return c.json({ goals: entries.map(({ createdAt: _, ...goal }) => goal), next });
    },
  )
  .post(
    "/:id/goals",
    operation({ summary: "Make a goal", needs: "define", body: newGoalSchema, replies: { 201: goalReply } }),
    async (c) => {
      const site = await siteOf(c, "define");
      const { name, kind, match } = await readValid(c.req.raw, newGoalSchema);
      const goal = { id: crypto.randomUUID(), name: name ?? match, kind, match };
      await addGoal(c.env.DB, site.id, { ...goal, createdAt: Date.now() });
      recordChange(c, { made: goal.id, after: goal });
      await liveSite(c.env, site).refresh();
      return c.json(goal, 201);
    },
  )
  .get(
    "/:id/goals/:goalId",
    operation({ summary: "Read a goal", needs: "query", replies: { 200: goalReply } }),
    async (c) => {
      const found = await goalAt(c, await siteOf(c, "query"));
      if (!found) throw unknown();
      const { createdAt: _, ...goal } = found;
      return c.json(goal);
    },
  )
  .put(
    "/:id/goals/:goalId",
    operation({ summary: "Change a goal", needs: "define", body: newGoalSchema, replies: { 200: goalReply } }),
    async (c) => {
      const site = await siteOf(c, "define");
      const { name, kind, match } = await readValid(c.req.raw, newGoalSchema);
      const goal = { id: c.req.param("goalId"), name: name ?? match, kind, match };
      const before = await goalAt(c, site);
      if (!(await changeGoal(c.env.DB, site.id, goal))) throw unknown();
      recordChange(c, { before, after: goal });
      await liveSite(c.env, site).refresh();
      return c.json(goal);
    },
  )
  .delete(
    "/:id/goals/:goalId",
    operation({ summary: "Remove a goal", needs: "define", replies: { 204: null } }),
    async (c) => {
      const site = await siteOf(c, "define");
      const before = await goalAt(c, site);
      if (!(await removeGoal(c.env.DB, site.id, c.req.param("goalId")))) throw unknown();
      recordChange(c, { before });
      await liveSite(c.env, site).refresh();
      return c.body(null, 204);
    },
  );
