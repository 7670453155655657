// How the traffic of a site and its tracking plan agree: violations, coverage, names, and a draft from what was seen.
import { Hono } from "hono";
import * as z from "zod";
import { type EventShape, propertyShapes } from "../analyses/property-shapes.ts";
import { packs } from "../catalog/packs/index.ts";
import { ENGAGEMENT } from "../domain/event.ts";
import type { Site } from "../domain/site.ts";
import type { ViolationTotal } from "../domain/tracking-plan.ts";
import type { Env } from "../env.ts";
import { lintNames } from "../quality/naming-lint.ts";
import { planCoverage } from "../quality/plan-coverage.ts";
import { draftPlan } from "../quality/plan-draft.ts";
import { inEachEpoch } from "../store/epoch-objects.ts";
import { scanShard } from "../store/scan-shard.ts";
import { currentPlan } from "../store/tracking-plans.ts";
import { readViolations } from "../store/violations.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { coverageReply, hintReply, planSchema, violationCountReply } from "./plan-schemas.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";

const DAY_MS = 24 * 3600_000;
const days = z.coerce.number().int().min(1).max(400).default(30);
const daysSchema = z.object({ days });
const violationsSchema = pageSchema.extend({ days });

/** Seen in the days up to now, in all of the site's shards. */
async function shapesOf(env: Env, site: Site, back: number): Promise<EventShape[]> {
  const now = Date.now();
  const { timeZone, shards } = site;
  const request = { analysis: propertyShapes.name, params: {}, timeZone, filters: [] };
  // A clock that runs ahead may have sent an event of the next minutes.
  const requests = [{ ...request, from: now - back * DAY_MS, to: now + DAY_MS }];
  const all = Array.from({ length: shards }, (_, shard) => scanShard(env, site, { shard, requests }));
  return propertyShapes.answer(
    (await Promise.all(all)).flat().map(({ partials }) => partials[0]),
    {},
  );
}

const byCount = {
  key: ({ count, event, property, rule, mode }: ViolationTotal) => [-count, event, property, rule, mode],
  kinds: ["number", "string", "string", "string", "string"],
} as const;

export const planReports = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/tracking-plan/violations",
    operation({
      summary: "List where events do not fit the tracking plan",
      needs: "query",
      about: "Counts of the last days by event, property and rule, the most frequent first, with what was sent last.",
      query: violationsSchema,
      replies: { 200: z.strictObject({ violations: z.array(violationCountReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { days: back } = readQuery(c, violationsSchema);
      // What shards counted in the last seconds.
      await inEachEpoch(c.env, site, async (shard) => shard.flush());
      const all = await readViolations(c.env.DB, site.id, Date.now() - back * DAY_MS);
      const { entries, next } = await pageOfAll(c, all, byCount);
      return c.json({ violations: entries, next });
    },
  )
  .get(
    "/:id/tracking-plan/coverage",
    operation({
      summary: "Compare the tracking plan with what was seen",
      needs: "query",
      about: "Planned and never seen, seen and not planned, properties that are never sent or always empty.",
      query: daysSchema,
      replies: { 200: coverageReply },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { days: back } = readQuery(c, daysSchema);
      const [{ plan }, seen] = await Promise.all([currentPlan(c.env.DB, site.id), shapesOf(c.env, site, back)]);
      return c.json(planCoverage(plan, seen));
    },
  )
  .get(
    "/:id/tracking-plan/lint",
    operation({
      summary: "Look at the names of a site's events",
      needs: "query",
      about: "Of those planned and those seen: the plan's convention, and names that are near others.",
      query: daysSchema,
      replies: { 200: z.strictObject({ hints: z.array(hintReply) }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { days: back } = readQuery(c, daysSchema);
      const [{ plan }, seen] = await Promise.all([currentPlan(c.env.DB, site.id), shapesOf(c.env, site, back)]);
      const names = new Set([...Object.keys(plan.events), ...seen.map(({ name }) => name)]);
      names.delete(ENGAGEMENT);
      const known = Object.values(packs).flatMap((pack) => Object.keys(pack.events));
      return c.json({ hints: lintNames([...names].slice(0, 1000), plan.naming ?? "object_action", known) });
    },
  )
  .get(
    "/:id/tracking-plan/draft",
    operation({
      summary: "Draw a tracking plan from traffic",
      needs: "query",
      about:
        "Types as they were sent, what 99 % of the events have as required, few values as those allowed. Stores nothing.",
      query: daysSchema,
      replies: { 200: z.strictObject({ plan: planSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { days: back } = readQuery(c, daysSchema);
      return c.json({ plan: draftPlan(await shapesOf(c.env, site, back)) });
    },
  );
