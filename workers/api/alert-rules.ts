// Rules of alerts: kept, and tried on the past before they are.
import { Hono } from "hono";
import * as z from "zod";
import { backTest, goesByHours } from "../alerts/back-test.ts";
import type { Facts } from "../alerts/judge.ts";
import { localOffset } from "../alerts/local-offset.ts";
import { ruleErrors } from "../alerts/rule-errors.ts";
import { firstMeasured, HOUR_MS, type Series } from "../alerts/series.ts";
import { stripSeries } from "../alerts/strip-series.ts";
import { type AlertRule, alertRuleSchema, MINUTE_METRICS, type NewAlertRule, stepOf } from "../domain/alert.ts";
import { AppError } from "../domain/errors.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { hourlyQuestion, hourlySeries } from "../query/hourly.ts";
import { metricErrors } from "../query/kpi.ts";
import { isRefusal } from "../query/run.ts";
import { listAlertChannels } from "../store/alert-channels.ts";
import {
  addAlertRule,
  changeAlertRule,
  findAlertRule,
  listAlertRules,
  MOST_RULES,
  removeAlertRule,
} from "../store/alert-rules.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { exceptionalDays } from "../store/exceptional-days.ts";
import { liveSite } from "../store/objects.ts";
import { findResource } from "../store/resources.ts";
import type { AppContext } from "./access.ts";
import { alertRuleReply } from "./alert-replies.ts";
import { answerQuestions } from "./answer-questions.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";
import { notChanged, versionAsked } from "./versions.ts";

const TESTED_DAYS = 90;
const STRIP_MS = 48 * HOUR_MS;

const unknown = () => new AppError("not_found", "the site has no such alert rule");

const backTestReply = z.strictObject({
  /** What could be looked at, milliseconds: 90 days by the hour, or the two days that are kept by the minute. */
  from: z.int(),
  until: z.int(),
  woken: z.array(
    z.strictObject({
      at: z.int(),
      resolvedAt: z.int().nullable(),
      value: z.number().nullable(),
      reason: z.string(),
    }),
  ),
});

async function readRule(c: AppContext, site: Site): Promise<NewAlertRule> {
  const rule = await readValid(c.req.raw, alertRuleSchema);
  const [known, channels, hasPolicy] = await Promise.all([
    listCustomMetrics(c.env.DB, site.id),
    listAlertChannels(c.env.DB, site.id),
    rule.policy === null ||
      findResource(c.env.DB, { siteId: site.id, kind: "escalation_policy" }, rule.policy).then(Boolean),
  ]);
  const ids = new Set(channels.map(({ id }) => id));
  const errors = [
    ...(hasPolicy ? [] : [{ path: "policy", message: "the site has no such escalation policy" }]),
    ...ruleErrors(rule),
    ...rule.conditions.flatMap(({ metric }, index) => metricErrors(metric, `conditions.${index}.metric`, known)),
    ...rule.channels.flatMap((id, index) =>
      ids.has(id) ? [] : [{ path: `channels.${index}`, message: "the site has no such channel" }],
    ),
  ];
  if (errors.length > 0) throw invalidFields(errors);
  return rule;
}

async function hoursOf(c: AppContext, site: Site, asked: { metrics: string[]; now: number; days: number }) {
  const { metrics } = asked;
  if (metrics.length === 0) return new Map<string, Series>();
  const asking = { site, ...asked };
  const [answer] = await answerQuestions(c, [hourlyQuestion(metrics, asking)], { id: site.id });
  if (!answer) return new Map<string, Series>();
  if (isRefusal(answer)) throw invalidFields(answer.errors);
  const known = await listCustomMetrics(c.env.DB, site.id);
  return hourlySeries(answer, { ...asking, known });
}

/** What was measured, as finely as the rule asks. */
async function pastOf(c: AppContext, site: Site, rule: NewAlertRule) {
  const now = Date.now();
  const byHours = goesByHours(rule);
  const hourly = rule.conditions.filter((condition) => byHours || stepOf(condition) === "hour");
  const metrics = [...new Set(hourly.map(({ metric }) => metric))];
  const hours = await hoursOf(c, site, { metrics, now, days: TESTED_DAYS });
  const { id, shards, epoch, nextShards, timeZone, jurisdiction } = site;
  const identity = { id, shards, epoch, nextShards, timeZone, jurisdiction };
  const since = Math.floor((now - STRIP_MS) / 60_000) * 60_000;
  const minutes = byHours ? [] : await liveSite(c.env, site).minutes(identity, since);
  if (minutes === null) throw new AppError("unavailable", "the site is moving to other shards; try again later");
  const strip = stripSeries(minutes, { start: since, until: Math.floor(now / 60_000) * 60_000 });
  const facts: Facts = {
    seriesFor: (condition) =>
      !byHours && stepOf(condition) === "minute" ? strip(condition.metric) : (hours.get(condition.metric) ?? null),
    offsetAt: localOffset(timeZone),
    isExceptional: await exceptionalDays(c.env.DB, id, { from: now - TESTED_DAYS * 24 * HOUR_MS, to: now }),
  };
  const known = rule.conditions.flatMap((condition) => facts.seriesFor(condition) ?? []);
  // From when there was anything: a site that is ten days old was not silent for eighty.
  const began = Math.min(...known.map((series) => series.start + firstMeasured(series) * series.step));
  const until = Math.floor(now / 60_000) * 60_000;
  return { facts, from: Math.min(until, Math.max(byHours ? 0 : since, began)), until };
}

export const alertRules = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/alert-rules",
    operation({
      summary: "List a site's alert rules",
      needs: "query",
      query: pageSchema,
      replies: { 200: z.strictObject({ rules: z.array(alertRuleReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { entries, next } = await pageOfAll(c, await listAlertRules(c.env.DB, site.id), BY_AGE);
      return c.json({ rules: entries, next });
    },
  )
  .post(
    "/:id/alert-rules",
    operation({
      summary: "Make an alert rule",
      needs: "define",
      about: `Metrics other than ${MINUTE_METRICS.join(" and ")} are looked at by the hour.`,
      body: alertRuleSchema,
      replies: { 201: alertRuleReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const rule: AlertRule = {
        ...(await readRule(c, site)),
        id: crypto.randomUUID(),
        version: 1,
        createdAt: Date.now(),
      };
      if (!(await addAlertRule(c.env.DB, site.id, rule))) {
        throw new AppError("conflict", `the site has ${MOST_RULES} alert rules; remove some first`);
      }
      recordChange(c, { made: rule.id, after: rule });
      return c.json(rule, 201);
    },
  )
  .post(
    "/:id/alert-rules/back-test",
    operation({
      summary: "See how often a rule would have fired",
      needs: "define",
      about: "Over 90 days by the hour where all its conditions look at full hours, else over two days by the minute.",
      body: alertRuleSchema,
      replies: { 200: backTestReply },
      audit: { why: "tries a rule on the past and keeps nothing" },
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const rule = await readRule(c, site);
      const { facts, from, until } = await pastOf(c, site, rule);
      return c.json({ from, until, woken: backTest(rule, facts, { from, until }) });
    },
  )
  .get(
    "/:id/alert-rules/:ruleId",
    operation({ summary: "Read an alert rule", needs: "query", replies: { 200: alertRuleReply } }),
    async (c) => {
      const site = await siteOf(c, "query");
      const rule = await findAlertRule(c.env.DB, site.id, c.req.param("ruleId"));
      if (!rule) throw unknown();
      return c.json(rule);
    },
  )
  .put(
    "/:id/alert-rules/:ruleId",
    operation({
      summary: "Change an alert rule",
      needs: "define",
      body: alertRuleSchema,
      replies: { 200: alertRuleReply },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const id = c.req.param("ruleId");
      const body = await readRule(c, site);
      const before = await findAlertRule(c.env.DB, site.id, id);
      const rule = await changeAlertRule(c.env.DB, site.id, { id, version: versionAsked(c), body });
      if (!rule) throw notChanged(await findAlertRule(c.env.DB, site.id, id), unknown);
      recordChange(c, { before, after: rule });
      return c.json(rule);
    },
  )
  .delete(
    "/:id/alert-rules/:ruleId",
    operation({
      summary: "Remove an alert rule",
      needs: "define",
      about: "What is open of it is resolved, without word.",
      replies: { 204: null },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const id = c.req.param("ruleId");
      const before = await findAlertRule(c.env.DB, site.id, id);
      if (!(await removeAlertRule(c.env.DB, site.id, { id, version: versionAsked(c) }))) {
        throw notChanged(await findAlertRule(c.env.DB, site.id, id), unknown);
      }
      recordChange(c, { before });
      return c.body(null, 204);
    },
  );
