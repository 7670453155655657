import * as z from "zod";
import { dimensionOf } from "../catalog/dimensions/index.ts";
import type { Filter, QueryNote } from "../domain/query.ts";
import { matcherSchema } from "../domain/question.ts";
import { type Coding, NONE, rowCoding } from "../engine/coding.ts";
import {
  eachPerson,
  joinHistories,
  MOST_MATCHERS,
  mergeByKey,
  momentsOf,
  type SharedHistory,
  sortedByKey,
} from "../engine/histories.ts";
import { type PersonKind, personsOf } from "../engine/persons.ts";
import { eventRows, sessionRows } from "../engine/selection.ts";
import type { View } from "../engine/view.ts";
import { asks, defineAnalysis } from "./analysis.ts";
import { type Attempt, betterOf, furthest, listsOf, valueAt } from "./funnel-attempt.ts";
import { addAttempt, type FunnelGroup, type FunnelStep, mergeGroups, stepsOf, sumOfGroups } from "./funnel-groups.ts";
import { namedFilterSchema, nameOf, personSchema, rotationNotes } from "./people.ts";
import { dimensionSchema } from "./table.ts";

export interface FunnelResult {
  by: PersonKind;
  steps: FunnelStep[];
  /** By the value that the first step's event has, most people first; null when not asked for. */
  breakdown: { value: string; steps: FunnelStep[] }[] | null;
  /** People counted whose id changed daily, so that what they did on two days is not one person's. */
  rotating: number;
}

interface SharedAttempt extends Attempt {
  key: string;
}

/** Finished counts of people who are in one shard; of others what they did, to be judged when all of it is known. */
interface FunnelPartial {
  groups: FunnelGroup[];
  histories: SharedHistory[];
  /** Instead of histories where steps must lie in one session, which is always in one shard. */
  attempts: SharedAttempt[];
  rotating: number;
}

const windowSchema = z.union([z.literal("session"), z.int().min(1)], 'use milliseconds, or "session"');

const asked = z.strictObject({
  /** In order. */
  steps: z.array(matcherSchema).min(2, "a funnel has 2 steps or more").max(MOST_MATCHERS),
  /** From the first step to any other: milliseconds, or within one session; without limit when left out. */
  window: windowSchema.optional(),
  by: personSchema.default("visitor"),
  /** Each step later than the one before, and so by another event. */
  strict: z.boolean().default(false),
  /** A dimension of the first step's event. */
  breakdown: z.string().max(200).optional(),
});

const params = z.strictObject({
  steps: z.array(namedFilterSchema).min(2).max(MOST_MATCHERS),
  window: windowSchema.nullable(),
  by: personSchema,
  strict: z.boolean(),
  breakdown: dimensionSchema.nullable(),
  elsewhere: z.boolean(),
});
type Params = z.infer<typeof params>;

const ask = asks(asked, (written, question): Params => {
  written.steps.forEach((step, index) => {
    const { name: _, ...what } = step;
    const { name: __, ...before } = written.steps[index - 1] ?? {};
    if (index > 0 && !written.strict && JSON.stringify(what) === JSON.stringify(before)) {
      const message = "the same as the step before, so that one event would reach both; set params.strict to true";
      question.refuse(`params.steps.${index}`, message);
    }
  });
  return {
    ...written,
    steps: written.steps.map((step, index) => ({
      name: nameOf(step),
      filter: question.matcher(step, `params.steps.${index}`),
    })),
    window: written.window ?? null,
    breakdown: written.breakdown ? question.dimension(written.breakdown, "params.breakdown") : null,
    elsewhere: question.elsewhere,
  };
});

function ruleOf({ window, strict }: Params) {
  return { window: window === "session" ? null : window, strict };
}

interface Reading {
  view: View;
  bits: Uint16Array;
  coding: Coding | null;
  params: Params;
}

function dimensionValue({ coding }: Reading, row: number): string {
  const code = coding ? coding.codes[row]! : NONE;
  return coding && code !== NONE ? coding.values[code]! : "";
}

function attemptWithin(reading: Reading, rows: Uint32Array): Attempt | null {
  const { view, bits, params } = reading;
  const moments = { length: rows.length, at: (i: number) => view.at[rows[i]!]!, bits: (i: number) => bits[rows[i]!]! };
  const times = furthest(listsOf(params.steps.length, moments), ruleOf(params));
  if (!times) return null;
  if (!reading.coding) return { times, value: "" };
  const first = Array.from(rows, (row) => ({
    at: view.at[row]!,
    bits: bits[row]!,
    value: dimensionValue(reading, row),
  }));
  return { times, value: valueAt(times[0]!, first) };
}

/** A session's rows lie together in the view, so its moments are those with its number. */
function attemptBySession(reading: Reading, rows: Uint32Array): Attempt | null {
  const { ofRow } = reading.view.sessions;
  let best: Attempt | null = null;
  for (const own of Map.groupBy(rows, (row) => ofRow[row]!).values()) {
    const attempt = attemptWithin(reading, Uint32Array.from(own));
    if (attempt) best = best ? betterOf(best, attempt) : attempt;
  }
  return best;
}

function historyOf(reading: Reading, key: string, rows: Uint32Array): SharedHistory {
  const { view, bits, coding } = reading;
  const history = { key, at: Array.from(rows, (row) => view.at[row]!), bits: Array.from(rows, (row) => bits[row]!) };
  return coding ? { ...history, values: Array.from(rows, (row) => dimensionValue(reading, row)) } : history;
}

function attemptOfHistory({ at, bits, values }: SharedHistory, params: Params): Attempt | null {
  const moments = { length: at.length, at: (i: number) => at[i]!, bits: (i: number) => bits[i]! };
  const times = furthest(listsOf(params.steps.length, moments), ruleOf(params));
  if (!times) return null;
  const first = (values ?? []).map((value, i) => ({ at: at[i]!, bits: bits[i]!, value }));
  return { times, value: valueAt(times[0]!, first) };
}

async function read(view: View, params: Params, filters: readonly Filter[]): Promise<FunnelPartial> {
  const bySession = params.by === "session";
  const rows = await (bySession ? sessionRows(view, filters) : eventRows(view, filters));
  const moments = await momentsOf(
    view,
    rows,
    params.steps.map(({ filter }) => filter),
  );
  const coding = params.breakdown ? await rowCoding(view, params.breakdown, bySession ? "session" : "row") : null;
  const reading: Reading = { view, bits: moments.bits, coding, params };
  const persons = await personsOf(view, params.by, params.elsewhere);
  const groups = new Map<string, FunnelGroup>();
  const histories: SharedHistory[] = [];
  const attempts: SharedAttempt[] = [];
  let rotating = 0;
  const withinSession = params.window === "session" && !bySession;
  const visit = (person: number, own: Uint32Array) => {
    const key = persons.keyOf(person);
    if (key !== null && !withinSession) {
      histories.push(historyOf(reading, key, own));
      return;
    }
    const attempt = withinSession ? attemptBySession(reading, own) : attemptWithin(reading, own);
    if (!attempt) return;
    if (key !== null) attempts.push({ key, ...attempt });
    else addAttempt(groups, attempt, params.steps.length);
    if (!bySession && !persons.lasts(person)) rotating += 1;
  };
  await eachPerson(view, moments, { persons, visit });
  return { groups: [...groups.values()], histories: sortedByKey(histories), attempts: sortedByKey(attempts), rotating };
}

function merge(a: FunnelPartial, b: FunnelPartial): FunnelPartial {
  return {
    groups: mergeGroups(a.groups, b.groups),
    histories: mergeByKey(a.histories, b.histories, joinHistories),
    attempts: mergeByKey(a.attempts, b.attempts, (one, other) => ({ ...betterOf(one, other), key: one.key })),
    rotating: a.rotating + b.rotating,
  };
}

function finish(partial: FunnelPartial, params: Params): FunnelResult {
  const steps = params.steps.length;
  const shared = new Map<string, FunnelGroup>();
  for (const history of partial.histories) {
    const attempt = attemptOfHistory(history, params);
    if (attempt) addAttempt(shared, attempt, steps);
  }
  for (const attempt of partial.attempts) addAttempt(shared, attempt, steps);
  const groups = mergeGroups(partial.groups, [...shared.values()]).sort(
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

function notes(result: FunnelResult, about: { params: Params; period: { from: number; to: number } }): QueryNote[] {
  if (about.params.window === "session") return [];
  return rotationNotes(result.rotating, about.period, "what one of them did on two days counts as two people's");
}

/** Who went through steps in order, how far, how fast, and where they left. */
export const funnel = defineAnalysis({
  name: "funnel",
  params,
  columns: ({ breakdown }) => (breakdown ? [breakdown] : []),
  init: (): FunnelPartial => ({ groups: [], histories: [], attempts: [], rotating: 0 }),
  step: async (view, state, { params: own, filters }) => merge(state, await read(view, own, filters)),
  merge,
  finish,
  shape: "funnel",
  ask,
  notes,
});
