// Rules that the owner sets for a site's data, beyond the tracking plan.
import { Hono } from "hono";
import * as z from "zod";
import type { RuleVerdict } from "../domain/quality.ts";
import { type QualityRule, qualityRuleSchema } from "../domain/quality-rule.ts";
import { querySchema } from "../domain/query.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { judgeRules } from "../quality/daily-look.ts";
import { sampleEvents } from "../quality/event-sample.ts";
import { ruleErrors } from "../quality/rule-errors.ts";
import { isRefusal, questionErrors } from "../query/run.ts";
import { type Kept, listResources } from "../store/resources.ts";
import { scanShard } from "../store/scan-shard.ts";
import type { AppContext } from "./access.ts";
import { answerQuestions } from "./answer-questions.ts";
import { readsNames } from "./author.ts";
import { changeKept, findKept, keepResource, removeKept } from "./keep-resource.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOf, pageSchema } from "./paging.ts";
import { planFacts } from "./plan-facts.ts";
import { invalidFields } from "./problem.ts";
import { ruleReply, sampleReply, verdictReply } from "./quality-schemas.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";

const DAY_MS = 24 * 3600_000;

const shelfOf = ({ id }: Site) => ({ siteId: id, kind: "quality_rule" }) as const;
const idOf = (c: AppContext): string => c.req.param("ruleId") ?? "";

const figureQuery = (site: Site, metric: string) =>
  querySchema.parse({ site_id: site.id, metrics: [metric], date_range: "24h" });

async function readRule(c: AppContext, site: Site): Promise<QualityRule> {
  const rule = await readValid(c.req.raw, qualityRuleSchema);
  const errors = ruleErrors(rule);
  if (rule.on === "metric") {
    const known = questionErrors(figureQuery(site, rule.metric), await planFacts(c.env.DB, site), Date.now());
    errors.push(...known.map(({ message }) => ({ path: "metric", message })));
  }
  if (errors.length > 0) throw invalidFields(errors);
  return rule;
}

async function figureOf(c: AppContext, site: Site, metric: string): Promise<number | null> {
  const [answer] = await answerQuestions(c, [figureQuery(site, metric)], { id: site.id });
  if (!answer || isRefusal(answer)) return null;
  const value = answer.results[0]?.metrics[0];
  return typeof value === "number" ? value : null;
}

interface Tried {
  verdict: RuleVerdict;
  sample: { share: number; events: number } | null;
}

/** On the last 24 hours. */
async function tryRule(c: AppContext, site: Site, rule: QualityRule): Promise<Tried> {
  const own = { ...rule, id: "tried" };
  if (rule.on === "metric") {
    const value = await figureOf(c, site, rule.metric);
    const metrics = value === null ? {} : { [rule.metric]: value };
    const verdicts = judgeRules([own], { sample: { events: [], share: 1 }, metrics });
    return { verdict: verdicts[own.id]!, sample: null };
  }
  const now = Date.now();
  const ports = {
    site,
    scan: (
      shard: number,
      requests: Parameters<typeof scanShard>[2]["requests"],
      within?: { from: number; to: number }[],
    ) => scanShard(c.env, site, { shard, requests, ...(within && { within }) }),
  };
  const expected = (await figureOf(c, site, "events")) ?? 0;
  const sample = await sampleEvents(ports, { period: { from: now - DAY_MS, to: now }, expected });
  const verdicts = judgeRules([own], { sample, metrics: {} });
  return { verdict: verdicts[own.id]!, sample: { share: sample.share, events: sample.events.length } };
}

const shown = (c: AppContext, rule: Kept<"quality_rule">) => (readsNames(c) ? rule : { ...rule, createdBy: null });

export const qualityRules = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/quality-rules",
    operation({
      summary: "List the rules for a site's data",
      needs: "query",
      query: pageSchema,
      replies: { 200: z.strictObject({ rules: z.array(ruleReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { entries, next } = await pageOf(c, BY_AGE, (asked) => listResources(c.env.DB, shelfOf(site), asked));
      return c.json({ rules: entries.map((rule) => shown(c, rule)), next });
    },
  )
  .post(
    "/:id/quality-rules",
    operation({
      summary: "Make a rule for a site's data",
      needs: "define",
      about: "Looked at once a day, over a sample of the day's events or the day's value of a metric.",
      body: qualityRuleSchema,
      replies: { 201: ruleReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      return c.json(await keepResource(c, shelfOf(site), await readRule(c, site)), 201);
    },
  )
  .post(
    "/:id/quality-rules/try",
    operation({
      summary: "Try a rule on the last 24 hours",
      needs: "define",
      body: qualityRuleSchema,
      replies: { 200: z.strictObject({ verdict: verdictReply, sample: sampleReply.nullable() }) },
      audit: { why: "it looks at what is there and keeps nothing" },
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      return c.json(await tryRule(c, site, await readRule(c, site)));
    },
  )
  .get(
    "/:id/quality-rules/:ruleId",
    operation({ summary: "Read a rule for a site's data", needs: "query", replies: { 200: ruleReply } }),
    async (c) => {
      const site = await siteOf(c, "query");
      return c.json(shown(c, await findKept(c, shelfOf(site), idOf(c))));
    },
  )
  .put(
    "/:id/quality-rules/:ruleId",
    operation({
      summary: "Change a rule for a site's data",
      needs: "define",
      body: qualityRuleSchema,
      replies: { 200: ruleReply },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      return c.json(await changeKept(c, shelfOf(site), { id: idOf(c), body: await readRule(c, site) }));
    },
  )
  .delete(
    "/:id/quality-rules/:ruleId",
    operation({
      summary: "Remove a rule for a site's data",
      needs: "define",
      replies: { 204: null },
      errors: ["stale"],
    }),
    async (c) => {
      await removeKept(c, shelfOf(await siteOf(c, "define")), idOf(c));
      return c.body(null, 204);
    },
  );
