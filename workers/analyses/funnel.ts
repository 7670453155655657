import { dimensionOf } from "../catalog/dimensions/index.ts";
import type { Period } from "../domain/period.ts";
import type { QueryNote } from "../domain/query.ts";
import type { PersonKind } from "../domain/question.ts";
import { combinedByKey, joinHistories, mergeByKey, type SharedHistory } from "../engine/histories.ts";
import { defineAnalysis } from "./analysis.ts";
import { betterOf, type Judge, judgeOf, valueAt } from "./funnel-attempt.ts";
import {
  addAttempt,
  type FunnelGroup,
  type FunnelStep,
  type Judged,
  mergeGroups,
  stepsOf,
  sumOfGroups,
} from "./funnel-groups.ts";
import { askFunnel, type FunnelParams, funnelParams, ruleOf } from "./funnel-question.ts";
import { type FunnelPartial, readFunnel, type SharedAttempt } from "./funnel-read.ts";
import { rotationNotes } from "./people.ts";
import { funnelSheet } from "./sheets.ts";

export interface FunnelResult {
  by: PersonKind;
  steps: FunnelStep[];
  /** By the value that the first step's event has, most people first; null when not asked for. */
  breakdown: { value: string; steps: FunnelStep[] }[] | null;
  /** People counted whose id changed daily, so that what they did on two days is not one person's. */
  rotating: number;
}

function judgedHistory(history: SharedHistory, judge: Judge): Judged | null {
  const { at, bits, values } = history;
  const did = { length: at.length, at, bits };
  const reached = judge.judge(did);
  if (reached === 0) return null;
  const value = values ? valueAt(judge.times[0]!, did, (index) => values[index]!) : "";
  return { times: judge.times, reached, value };
}

function merge(a: FunnelPartial, b: FunnelPartial): FunnelPartial {
  return {
    groups: mergeGroups(a.groups, b.groups),
    histories: mergeByKey(a.histories, b.histories, joinHistories),
    attempts: mergeByKey(a.attempts, b.attempts, betterAttempt),
    rotating: a.rotating + b.rotating,
  };
}

/** The groups of people who are known by what they did. */
function groupsOf({ histories, attempts }: FunnelPartial, params: FunnelParams): FunnelGroup[] {
  const steps = params.steps.length;
  const groups = new Map<string, FunnelGroup>();
  const judge = judgeOf(steps, ruleOf(params));
  for (const history of histories) {
    const attempt = judgedHistory(history, judge);
    if (attempt) addAttempt(groups, attempt, steps);
  }
  for (const attempt of attempts) addAttempt(groups, { ...attempt, reached: attempt.times.length }, steps);
  return [...groups.values()];
}

const betterAttempt = (one: SharedAttempt, other: SharedAttempt) => ({ ...betterOf(one, other), key: one.key });

/** Where there are no other shards, nobody has to be judged elsewhere. */
function close(state: FunnelPartial, params: FunnelParams): FunnelPartial {
  const histories = combinedByKey(state.histories, joinHistories);
  const attempts = combinedByKey(state.attempts, betterAttempt);
  const known = { ...state, histories, attempts };
  if (params.elsewhere) return known;
  return { ...state, groups: mergeGroups(state.groups, groupsOf(known, params)), histories: [], attempts: [] };
}

function finish(partial: FunnelPartial, params: FunnelParams): FunnelResult {
  const steps = params.steps.length;
  const groups = mergeGroups(partial.groups, groupsOf(partial, params)).sort(
    (a, b) => b.reached[0]! - a.reached[0]! || (a.value < b.value ? -1 : 1),
  );
  const names = params.steps.map(({ name }) => name);
  const empty = params.breakdown ? (dimensionOf(params.breakdown)?.empty ?? "") : "";
  const breakdown = groups.map((group) => ({ value: group.value || empty, steps: stepsOf(group, names) }));
  return {
    by: params.by,
    steps: stepsOf(sumOfGroups(groups, steps), names),
    breakdown: params.breakdown ? breakdown : null,
    rotating: partial.rotating,
  };
}

function notes(result: FunnelResult, about: { params: FunnelParams; period: Period }): QueryNote[] {
  if (about.params.window === "session") return [];
  return rotationNotes(result.rotating, about.period, "what one of them did on two days counts as two people's");
}

/** Who went through steps in order, how far, how fast, and where they left. */
export const funnel = defineAnalysis({
  name: "funnel",
  label: "Funnel",
  about: "How many go from step to step, within a window.",
  params: funnelParams,
  columns: ({ breakdown }) => (breakdown ? [breakdown] : []),
  init: (): FunnelPartial => ({ groups: [], histories: [], attempts: [], rotating: 0 }),
  step: readFunnel,
  close,
  merge,
  finish,
  shape: "funnel",
  ask: askFunnel,
  sheet: funnelSheet,
  notes,
});
