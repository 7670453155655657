// An alert rule as somebody sends it, with all that is checked against what the site has.

import { ruleErrors } from "../alerts/rule-errors.ts";
import { rulesIn } from "../alerts/rule-order.ts";
import { type AlertRule, alertRuleSchema, type NewAlertRule } from "../domain/alert.ts";
import { isOfMetric } from "../domain/condition-step.ts";
import type { FieldError } from "../domain/errors.ts";
import type { Site } from "../domain/site.ts";
import { isSystem, isWatched, kpiIdOf } from "../domain/watched-metrics.ts";
import { addsUpOverTime } from "../query/adds-up.ts";
import { hourlyQuestion } from "../query/hourly.ts";
import { metricErrors } from "../query/kpi.ts";
import { type PlanFacts, questionErrors } from "../query/run.ts";
import { listAlertChannels } from "../store/alert-channels.ts";
import { listAlertRules } from "../store/alert-rules.ts";
import { listKpis } from "../store/kpis.ts";
import { findResource } from "../store/resources.ts";
import { type AppContext, requireSystem } from "./access.ts";
import { planFacts } from "./plan-facts.ts";
import { invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";

type Has = (id: string) => boolean;

/** Where the reader finds them: `filters.0.2`. */
function filterErrors({ filters }: NewAlertRule, facts: PlanFacts): FieldError[] {
  if (filters.length === 0) return [];
  const now = Date.now();
  const { site } = facts;
  const errors = questionErrors(hourlyQuestion(["events"], { site, now, days: 0 }, { filters }), facts, now);
  return errors.map(({ path, message }) => ({ path: path.startsWith("filters") ? path : "filters", message }));
}

/** What was there when the rule was made, and was removed since, goes out of it; no one need look for it first. */
function withoutGone(
  rule: NewAlertRule,
  kept: AlertRule,
  has: { channel: Has; rule: Has; policy: boolean },
): NewAlertRule {
  const stays = (is: Has, before: readonly string[]) => (one: string) => is(one) || !before.includes(one);
  return {
    ...rule,
    channels: rule.channels.filter(stays(has.channel, kept.channels)),
    dependsOn: rule.dependsOn.filter(stays(has.rule, kept.dependsOn)),
    policy: !has.policy && rule.policy === kept.policy ? null : rule.policy,
  };
}

export interface ReadRule {
  rule: NewAlertRule;
  /** The site's rules but for the one that is changed. */
  others: AlertRule[];
}

/** `id`: of the rule that is changed, null for a new one. */
export async function readRule(c: AppContext, site: Site, id: string | null): Promise<ReadRule> {
  const asked = await readValid(c.req.raw, alertRuleSchema);
  const [facts, channels, kpis, rules, hasPolicy] = await Promise.all([
    planFacts(c.env.DB, site),
    listAlertChannels(c.env.DB, site.id),
    listKpis(c.env.DB, site.id),
    listAlertRules(c.env.DB, site.id),
    asked.policy === null ||
      findResource(c.env.DB, { siteId: site.id, kind: "escalation_policy" }, asked.policy).then(Boolean),
  ]);
  const ids = new Set(channels.map((one) => one.id));
  const others = rules.filter((one) => one.id !== id);
  const kept = rules.find((one) => one.id === id);
  const has = {
    channel: (one: string) => ids.has(one),
    rule: (one: string) => others.some((other) => other.id === one),
    policy: hasPolicy,
  };
  const rule = kept ? withoutGone(asked, kept, has) : asked;
  const known = facts.customMetrics ?? [];
  const metrics = rule.conditions.map((condition) => (isOfMetric(condition) ? condition.metric : null));
  if (metrics.some((metric) => metric !== null && isSystem(metric))) await requireSystem(c);
  // What was removed since the rule was made keeps nobody from pausing it.
  const wasThere = new Set((kept?.conditions ?? []).filter(isOfMetric).map((one) => one.metric));
  const hadFilters = kept !== undefined && JSON.stringify(kept.filters) === JSON.stringify(rule.filters);
  const unknownMetric = (metric: string | null, index: number): FieldError[] => {
    if (metric === null || isWatched(metric) || wasThere.has(metric)) return [];
    const path = `conditions.${index}.metric`;
    const kpi = kpiIdOf(metric);
    if (kpi === null) return metricErrors(metric, path, known);
    return kpis.some((one) => one.id === kpi) ? [] : [{ path, message: "the site has no such KPI" }];
  };
  const errors = [
    ...(hasPolicy || rule.policy === null
      ? []
      : [{ path: "policy", message: "the site has no such escalation policy" }]),
    ...ruleErrors(rule, {
      others,
      id,
      before: kept ? rulesIn(kept) : [],
      addsUp: (metric) => addsUpOverTime(metric, known),
    }),
    ...metrics.flatMap(unknownMetric),
    ...(hadFilters ? [] : filterErrors(rule, facts)),
    ...rule.channels.flatMap((one, index) =>
      ids.has(one) ? [] : [{ path: `channels.${index}`, message: "the site has no such channel" }],
    ),
  ];
  if (errors.length > 0) throw invalidFields(errors);
  return { rule, others };
}
