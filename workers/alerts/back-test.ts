// How often a rule would have woken somebody, by the evaluator that the cron runs.
import type { AlertRule } from "../domain/alert.ts";
import { isNarrowed, isOfMetric } from "../domain/condition-step.ts";
import { isWatched } from "../domain/watched-metrics.ts";
import { catchUp } from "./catch-up.ts";
import type { Facts } from "./judge.ts";
import { MINUTE_MS } from "./series.ts";
import { freshState } from "./step.ts";

export interface Woken {
  at: number;
  /** Null while it still lasted at the end. */
  resolvedAt: number | null;
  value: number | null;
  reason: string;
  /** The incident's name: the rule's, with the value of its split. */
  name: string;
}

type Tested = Omit<AlertRule, "version" | "createdAt" | "enabled">;

/** Whether hours tell all that the conditions look at; else only the strip of minutes does. */
export const goesByHours = (rules: readonly Pick<AlertRule, "conditions" | "filters" | "split">[]): boolean =>
  rules.every(
    (rule) =>
      isNarrowed(rule) ||
      rule.conditions.every(
        (condition) =>
          !isOfMetric(condition) ||
          isWatched(condition.metric) ||
          !("minutes" in condition) ||
          condition.minutes % 60 === 0,
      ),
  );

/** `rules`: those that the rule looks at, and the rule. `from` and `until`: full minutes, milliseconds. */
export function backTest(
  ruleId: string,
  rules: readonly Tested[],
  { facts, from, until }: { facts: Facts; from: number; until: number },
): Woken[] {
  const running = rules.map((rule) => ({ rule: { ...rule, silences: [] }, state: freshState(from) }));
  const through = Math.floor(until / MINUTE_MS) * MINUTE_MS;
  const changes = catchUp(running, { facts, maintenance: [], after: from, through }).get(ruleId)?.changes ?? [];
  const woken: Woken[] = [];
  const open = new Map<string, Woken>();
  for (const { incident, entry } of changes) {
    const { id, name, value, reason } = incident;
    const one = open.get(id);
    if (incident.state !== "firing") {
      if (one) one.resolvedAt = entry.at;
      continue;
    }
    const woke = { at: entry.at, resolvedAt: null, value, reason, name };
    woken.push(woke);
    open.set(id, woke);
  }
  return woken;
}
