// Rules over planted series, minute by minute.
import { catchUp, type Running } from "../../../workers/alerts/catch-up.ts";
import type { Facts } from "../../../workers/alerts/judge.ts";
import { HOUR_MS, MINUTE_MS, seriesOf } from "../../../workers/alerts/series.ts";
import { freshState, type RuleState } from "../../../workers/alerts/step.ts";
import { type AlertRule, alertRuleSchema } from "../../../workers/domain/alert.ts";
import { stepOf } from "../../../workers/domain/condition-step.ts";

/** A Monday. */
export const START = Date.UTC(2026, 10, 2);
export const DAY = 24 * 60;

export function aRule(fields: Record<string, unknown>, id = "r"): AlertRule {
  const body = alertRuleSchema.parse({ name: "Rule", recoverMinutes: 0, channels: ["c"], ...fields });
  return { ...body, id, version: 1, createdAt: START };
}

const NO_SPLIT = {
  since: START,
  goneOf: () => null,
  partsOf: () => null,
  nameOf: (metric: string) => metric,
  offsetAt: () => 0,
  isExceptional: () => false,
};

/** `countAt`: of each minute or hour from START on, by its number. */
export function factsOf(countAt: (index: number) => number | null, length: number, hourAt = countAt): Facts {
  const minutes = { start: START, step: MINUTE_MS, values: Array.from({ length }, (_, index) => countAt(index)) };
  const hours = { start: START, step: HOUR_MS, values: Array.from({ length }, (_, index) => hourAt(index)) };
  return {
    ...NO_SPLIT,
    seriesFor: (condition, { rule }) => (stepOf(condition, rule) === "minute" ? minutes : hours),
  };
}

/** Hours of each value of a split, by its number from START on. */
export function splitFacts(parts: Record<string, (hour: number) => number>, length: number): Facts {
  return {
    ...NO_SPLIT,
    partsOf: () => Object.keys(parts),
    seriesFor: (_, { part }) => {
      const countAt = parts[part ?? ""] ?? (() => 0);
      return { start: START, step: HOUR_MS, values: Array.from({ length }, (_, hour) => countAt(hour)) };
    },
  };
}

export interface Told {
  state: string;
  /** Minutes after START. */
  minute: number;
  turn: number;
}

export const fires = (minute: number, turn = 1): Told => ({ state: "firing", minute, turn });
export const resolves = (minute: number, turn = 1): Told => ({ state: "resolved", minute, turn });

const afterStart = (minutes: number): number => START + minutes * MINUTE_MS;

function toldOf({ changes }: ReturnType<typeof judged>): Told[] {
  return changes.map(({ incident, entry }) => ({
    state: incident.state,
    minute: (entry.at - START) / MINUTE_MS,
    turn: incident.turn,
  }));
}

/** One rule, judged by the minutes between those. */
export function judged({ rule, state }: Running, facts: Facts, { from, until }: { from: number; until: number }) {
  const asked = { facts, maintenance: [], after: afterStart(from), through: afterStart(until) };
  return catchUp([{ rule, state }], asked).get(rule.id)!; // it was asked for
}

/** What is told, when all minutes up to `until` are judged at once. */
export function toldBy(rule: AlertRule, facts: Facts, until: number, before?: RuleState): Told[] {
  return toldOf(judged({ rule, state: before ?? freshState(START) }, facts, { from: 0, until }));
}

/** The same of several rules that look at each other, by their ids. */
export function toldTogether(rules: readonly AlertRule[], facts: Facts, until: number): Record<string, Told[]> {
  const running = rules.map((rule) => ({ rule, state: freshState(START) }));
  const asked = { facts, maintenance: [], after: START, through: afterStart(until) };
  return Object.fromEntries([...catchUp(running, asked)].map(([id, done]) => [id, toldOf(done)]));
}

interface Arriving {
  /** Minutes after START: when it happened, and when it came. */
  at: number;
  comes: number;
  count: number;
}

/** What is told by a run a minute, each of which knows what had come half a minute after the minute that it judges. */
export function toldAsItComes(rule: AlertRule, events: readonly Arriving[], until: number): Told[] {
  let state = freshState(START);
  const told: Told[] = [];
  for (let minute = 1; minute <= until; minute++) {
    const known = events.filter(({ comes }) => comes < minute + 0.5);
    const counts = known.map(({ at, count }) => [afterStart(at), count] as const);
    const series = seriesOf(counts, { start: START, until: afterStart(minute), step: MINUTE_MS });
    const facts: Facts = { ...NO_SPLIT, seriesFor: () => series };
    const done = judged({ rule, state }, facts, { from: minute - 1, until: minute });
    state = done.state;
    told.push(...toldOf(done));
  }
  return told;
}
