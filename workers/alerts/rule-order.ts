// Rules that look at other rules come after those.
import type { AlertRule, NewAlertRule } from "../domain/alert.ts";
import { isOfMetric } from "../domain/condition-step.ts";

/** Ids of the rules that it looks at. */
export const rulesIn = ({ conditions, dependsOn }: Pick<NewAlertRule, "conditions" | "dependsOn">): string[] => [
  ...new Set([...conditions.flatMap((one) => (isOfMetric(one) ? [] : [one.rule])), ...dependsOn]),
];

type Named = Pick<AlertRule, "id" | "conditions" | "dependsOn">;

/** Each after those that it looks at, itself last; a circle, which no rule can be saved in, is cut where it closes. */
export function inOrder<Rule extends Named>(rules: readonly Rule[]): Rule[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const seen = new Set<string>();
  const ordered: Rule[] = [];
  const visit = (rule: Rule): void => {
    if (seen.has(rule.id)) return;
    seen.add(rule.id);
    for (const id of rulesIn(rule)) {
      const other = byId.get(id);
      if (other) visit(other);
    }
    ordered.push(rule);
  };
  for (const rule of rules) visit(rule);
  return ordered;
}

/** The rule and all that it looks at, also by way of others, in order. */
export function withOthers<Rule extends Named>(rule: Rule, rules: readonly Rule[]): Rule[] {
  const wanted = new Map([[rule.id, rule]]);
  const byId = new Map(rules.map((one) => [one.id, one]));
  for (const one of wanted.values()) {
    for (const id of rulesIn(one)) {
      const other = byId.get(id);
      if (other && !wanted.has(id)) wanted.set(id, other);
    }
  }
  return inOrder([...wanted.values()]);
}
