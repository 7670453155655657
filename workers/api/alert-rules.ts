// Rules of alerts: kept, and tried on the past before they are.
import { Hono } from "hono";
import * as z from "zod";
import { type AlertRule, alertRuleSchema } from "../domain/alert.ts";
import { MINUTE_METRICS } from "../domain/condition-step.ts";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import {
  addAlertRule,
  changeAlertRule,
  findAlertRule,
  listAlertRules,
  MOST_RULES,
  removeAlertRule,
} from "../store/alert-rules.ts";
import { resolveOpen } from "./act-on-incident.ts";
import { alertRuleReply, backTestReply } from "./alert-replies.ts";
import { recordChange } from "./audit-trail.ts";
import { authorOf } from "./author.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { readRule } from "./read-rule.ts";
import { siteOf } from "./site-of.ts";
import { tryRule } from "./try-rule.ts";
import { notChanged, versionAsked } from "./versions.ts";

const unknown = () => new AppError("not_found", "the site has no such alert rule");

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
        ...(await readRule(c, site, null)).rule,
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
      return c.json(await tryRule(c, site, await readRule(c, site, null)));
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
      about:
        "Of a rule that is paused what is open is resolved, and told so; likewise within a minute where its conditions, `match`, filters, split or `forMinutes` are others, which are judged anew.",
      body: alertRuleSchema,
      replies: { 200: alertRuleReply },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const id = c.req.param("ruleId");
      const { rule: body } = await readRule(c, site, id);
      const before = await findAlertRule(c.env.DB, site.id, id);
      const rule = await changeAlertRule(c.env.DB, site.id, { id, version: versionAsked(c), body });
      if (!rule) throw notChanged(await findAlertRule(c.env.DB, site.id, id), unknown);
      if (!rule.enabled)
        await resolveOpen({ db: c.env.DB, site, author: authorOf(c) }, { ruleId: id, text: "its rule is paused" });
      recordChange(c, { before, after: rule });
      return c.json(rule);
    },
  )
  .delete(
    "/:id/alert-rules/:ruleId",
    operation({
      summary: "Remove an alert rule",
      needs: "define",
      about: "What is open of it is resolved, and told so.",
      replies: { 204: null },
      errors: ["stale"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const id = c.req.param("ruleId");
      const before = await findAlertRule(c.env.DB, site.id, id);
      const version = versionAsked(c);
      if (before && (version ?? before.version) === before.version) {
        const text = "its rule was removed";
        await resolveOpen({ db: c.env.DB, site, author: authorOf(c) }, { ruleId: id, text });
      }
      if (!(await removeAlertRule(c.env.DB, site.id, { id, version }))) {
        throw notChanged(await findAlertRule(c.env.DB, site.id, id), unknown);
      }
      recordChange(c, { before });
      return c.body(null, 204);
    },
  );
