// Rules over planted series, minute by minute.
import { catchUp } from "../../../workers/alerts/catch-up.ts";
import type { Facts } from "../../../workers/alerts/judge.ts";
import { HOUR_MS, MINUTE_MS } from "../../../workers/alerts/series.ts";
import { freshState, type RuleState } from "../../../workers/alerts/step.ts";
import { type AlertRule, alertRuleSchema, stepOf } from "../../../workers/domain/alert.ts";

/** A Monday. */
export const START = Date.UTC(2026, 10, 2);

export function aRule(fields: Record<string, unknown>): AlertRule {
  const body = alertRuleSchema.parse({ name: "Rule", recoverMinutes: 0, channels: ["c"], ...fields });
  return { ...body, id: "r", version: 1, createdAt: START };
}

/** `countAt`: of each minute or hour from START on, by its number. */
export function factsOf(countAt: (index: number) => number | null, length: number, hourAt = countAt): Facts {
  const minutes = { start: START, step: MINUTE_MS, values: Array.from({ length }, (_, index) => countAt(index)) };
  const hours = { start: START, step: HOUR_MS, values: Array.from({ length }, (_, index) => hourAt(index)) };
  return {
    seriesFor: (condition) => (stepOf(condition) === "minute" ? minutes : hours),
    offsetAt: () => 0,
    isExceptional: () => false,
  };
}

interface Told {
  state: string;
  /** Minutes after START. */
  minute: number;
  turn: number;
}

/** What is told, when all minutes up to `until` are judged at once. */
export function toldBy(rule: AlertRule, facts: Facts, until: number, before?: RuleState): Told[] {
  const state = before ?? freshState(START);
  const through = START + until * MINUTE_MS;
  const { changes } = catchUp({ rule, state }, { facts, maintenance: [], after: START, through });
  return changes.map(({ incident, entry }) => ({
    state: incident.state,
    minute: (entry.at - START) / MINUTE_MS,
    turn: incident.turn,
  }));
}
