import type { RuleVerdict } from "../domain/quality.ts";
import type { EventRule, MetricRule, QualityRule } from "../domain/quality-rule.ts";
import { inPercent } from "./stream-finding.ts";
import { type Fields, testCondition } from "./test-condition.ts";

export interface JudgedRule extends RuleVerdict {
  /** Positions of the first that break it. */
  examples: number[];
}

const EXAMPLES = 5;

type NamedFields = Fields & { readonly name?: unknown };

function judgeEvents(rule: EventRule, events: readonly NamedFields[]): JudgedRule {
  const fulfils = testCondition(rule.condition);
  const examples: number[] = [];
  let [checked, broken] = [0, 0];
  events.forEach((event, index) => {
    if (rule.event !== null && event.name !== rule.event) return;
    checked++;
    if (fulfils(event)) return;
    broken++;
    if (examples.length < EXAMPLES) examples.push(index);
  });
  const share = checked > 0 ? broken / checked : 0;
  const of = `${broken} of ${checked} ${rule.event ?? "events"}`;
  const reason = `${of} (${inPercent(share)}) break it; ${inPercent(rule.tolerated / 100)} may`;
  return { rule: rule.name, kept: 100 * share <= rule.tolerated, checked, broken, examples, reason };
}

function judgeMetric(rule: MetricRule, metrics: Readonly<Record<string, number>>): JudgedRule {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = rule;
  const value = Object.hasOwn(metrics, rule.metric) ? metrics[rule.metric] : undefined;
  const known = value !== undefined;
  const kept = !known || (value >= min && value <= max);
  const wanted = [
    rule.min === undefined ? "" : `at least ${rule.min}`,
    rule.max === undefined ? "" : `at most ${rule.max}`,
  ];
  const reason = known
    ? `${rule.metric} is ${value}, wanted ${wanted.filter(Boolean).join(" and ")}`
    : `${rule.metric} has no value here`;
  return { rule: rule.name, kept, checked: Number(known), broken: Number(!kept), examples: [], reason };
}

/** Every rule over the events and metrics of a time. A pattern that RE2 does not know throws: it is checked when kept. */
export function evaluateRules(
  rules: readonly QualityRule[],
  events: readonly NamedFields[],
  metrics: Readonly<Record<string, number>> = {},
): JudgedRule[] {
  return rules.map((rule) => (rule.on === "events" ? judgeEvents(rule, events) : judgeMetric(rule, metrics)));
}
