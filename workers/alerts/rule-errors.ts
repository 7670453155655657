// What a rule asks for that nothing could tell, or that would never end.
import type { AlertRule, NewAlertRule } from "../domain/alert.ts";
import type { MetricCondition } from "../domain/alert-condition.ts";
import { isNarrowed, isOfMetric, stepOf } from "../domain/condition-step.ts";
import type { FieldError } from "../domain/errors.ts";
import { isStanding, isWatched } from "../domain/watched-metrics.ts";
import { askKey } from "./hourly-asks.ts";
import { rulesIn } from "./rule-order.ts";

/** Questions of narrowed rules that a site's shards are asked in one scan an hour. */
export const MOST_NARROWED = 20;

/** Kinds that need nothing of before. */
const OF_NOW: readonly MetricCondition["kind"][] = ["threshold", "absence"];

interface Known {
  /** The site's other rules. */
  others: readonly AlertRule[];
  /** Its own id; null for a new one. */
  id: string | null;
  /** Rules that it looked at before, of which some may have been removed since. */
  before: readonly string[];
  /** Whether the hours of a metric add up. */
  addsUp: (metric: string) => boolean;
}

function windowError(condition: MetricCondition, rule: NewAlertRule, addsUp: Known["addsUp"]): string | null {
  const { kind, metric } = condition;
  if (kind === "budget" && !addsUp(metric)) return `the hours of ${metric} do not add up to a budget`;
  if (!("minutes" in condition)) return null;
  const step = stepOf(condition, rule);
  const { minutes } = condition;
  if (step === "slot") return minutes % 5 === 0 ? null : `${metric} is known by five minutes: use 5, 10 or so`;
  if (step === "minute") return null;
  if (!isWatched(metric) && !addsUp(metric) && minutes !== 60) {
    return `${metric} is known by the hour, and its hours do not add up: use 60`;
  }
  return minutes % 60 === 0 ? null : "it is known by the hour: use 60, 120 or so";
}

function conditionErrors(rule: NewAlertRule, { addsUp }: Known): FieldError[] {
  return rule.conditions.flatMap((condition, index): FieldError[] => {
    const path = `conditions.${index}`;
    if (!isOfMetric(condition)) {
      return rule.split ? [{ path: `${path}.rule`, message: "a rule with a split looks at metrics alone" }] : [];
    }
    if (isWatched(condition.metric) && isNarrowed(rule)) {
      return [{ path: `${path}.metric`, message: `${condition.metric} cannot be filtered or split` }];
    }
    if (isStanding(condition.metric) && !OF_NOW.includes(condition.kind)) {
      const message = `${condition.metric} is known as it stands now, and not over time: use a threshold`;
      return [{ path: `${path}.metric`, message }];
    }
    const message = windowError(condition, rule, addsUp);
    const field = condition.kind === "budget" ? "metric" : "minutes";
    return message === null ? [] : [{ path: `${path}.${field}`, message }];
  });
}

/** Whether it looks at itself, by way of whatever other rules. */
function isCircle(rule: NewAlertRule, { others, id }: Known): boolean {
  const byId = new Map(others.map((one) => [one.id, one]));
  const seen = new Set(rulesIn(rule));
  for (const one of seen) {
    if (one === id) return true;
    const other = byId.get(one);
    if (other) for (const next of rulesIn(other)) seen.add(next);
  }
  return false;
}

function referenceErrors(rule: NewAlertRule, known: Known): FieldError[] {
  const ids = new Set([...known.others.map(({ id }) => id), known.id, ...known.before]);
  const message = "the site has no such rule";
  return [
    ...rule.conditions.flatMap((one, index) =>
      isOfMetric(one) || ids.has(one.rule) ? [] : [{ path: `conditions.${index}.rule`, message }],
    ),
    ...rule.dependsOn.flatMap((id, index) => (ids.has(id) ? [] : [{ path: `dependsOn.${index}`, message }])),
    ...(isCircle(rule, known) ? [{ path: "conditions", message: "the rule would look at itself" }] : []),
  ];
}

export function ruleErrors(rule: NewAlertRule, known: Known): FieldError[] {
  const asked = new Set(known.others.filter(isNarrowed).map(askKey));
  const isTooMuch = isNarrowed(rule) && asked.size >= MOST_NARROWED && !asked.has(askKey(rule));
  const message = `the site's rules ask for ${MOST_NARROWED} filters and splits already; use one of theirs, or remove some`;
  return [
    ...conditionErrors(rule, known),
    ...referenceErrors(rule, known),
    ...(isTooMuch ? [{ path: "filters", message }] : []),
  ];
}
