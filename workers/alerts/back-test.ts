// How often a rule would have woken somebody, by the evaluator that the cron runs.
import type { NewAlertRule } from "../domain/alert.ts";
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
}

/** Whether hours tell all that the conditions look at; else only the strip of minutes does. */
export const goesByHours = ({ conditions }: Pick<NewAlertRule, "conditions">): boolean =>
  conditions.every((condition) => !("minutes" in condition) || condition.minutes % 60 === 0);

/** `from` and `until`: full minutes, milliseconds. */
export function backTest(rule: NewAlertRule, facts: Facts, { from, until }: { from: number; until: number }): Woken[] {
  const tested = { ...rule, id: "tested", channels: [], silences: [] };
  const state = freshState(from);
  const { changes } = catchUp(
    { rule: tested, state },
    { facts, maintenance: [], after: from, through: Math.floor(until / MINUTE_MS) * MINUTE_MS },
  );
  const woken: Woken[] = [];
  for (const { incident, entry } of changes) {
    const { value, reason } = incident;
    const last = woken.at(-1);
    if (incident.state === "firing") woken.push({ at: entry.at, resolvedAt: null, value, reason });
    else if (last) last.resolvedAt = entry.at;
  }
  return woken;
}
