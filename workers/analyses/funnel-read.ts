// A shard's share of a funnel: people judged where all they did is here, the histories of the others.

import type { Filter } from "../domain/query.ts";
import { type Coding, NONE, rowCoding } from "../engine/coding.ts";
import { eachPerson, momentsOf, type RowDoings, type SharedHistory } from "../engine/histories.ts";
import { personsOf } from "../engine/persons.ts";
import { eventRows, sessionRows } from "../engine/selection.ts";
import type { View } from "../engine/view.ts";
import { type Attempt, betterOf, type Judge, judgeOf, valueAt } from "./funnel-attempt.ts";
import { addAttempt, type FunnelGroup, type Judged } from "./funnel-groups.ts";
import { type FunnelParams, ruleOf } from "./funnel-question.ts";

export interface SharedAttempt extends Attempt {
  key: string;
}

/** Finished counts of people who are in one shard; of others what they did, to be judged when all of it is known. */
export interface FunnelPartial {
  groups: FunnelGroup[];
  histories: SharedHistory[];
  /** Instead of histories where steps must lie in one session, which is always in one shard. */
  attempts: SharedAttempt[];
  rotating: number;
}

interface Reading {
  view: View;
  coding: Coding | null;
  params: FunnelParams;
  judge: Judge;
}

function dimensionValue({ coding }: Reading, row: number): string {
  const code = coding ? coding.codes[row]! : NONE;
  return coding && code !== NONE ? coding.values[code]! : "";
}

/** Steps reached, with the moments in `judge.times`, and the value of the beginning; null without one. */
function judged(reading: Reading, did: RowDoings): Judged | null {
  const { judge, coding } = reading;
  const reached = judge.judge(did);
  if (reached === 0) return null;
  const value = coding ? valueAt(judge.times[0]!, did, (index) => dimensionValue(reading, did.rows[index]!)) : "";
  return { times: judge.times, reached, value };
}

function keptAttempt({ times, reached, value }: Judged): Attempt {
  return { times: Array.from(times).slice(0, reached), value };
}

/** The moments of one session among a person's. */
function ofSession({ length, at, bits, rows }: RowDoings, session: number, ofRow: Int32Array): RowDoings {
  const indexes = Array.from({ length }, (_, index) => index).filter((index) => ofRow[rows[index]!] === session);
  return {
    length: indexes.length,
    at: indexes.map((index) => at[index]!),
    bits: indexes.map((index) => bits[index]!),
    rows: Uint32Array.from(indexes, (index) => rows[index]!),
  };
}

function attemptBySession(reading: Reading, did: RowDoings): Attempt | null {
  const { ofRow } = reading.view.sessions;
  const sessions = new Set(Array.from(did.rows.subarray(0, did.length), (row) => ofRow[row]!));
  let best: Attempt | null = null;
  for (const session of sessions) {
    const one = judged(reading, sessions.size === 1 ? did : ofSession(did, session, ofRow));
    if (one) best = best ? betterOf(best, keptAttempt(one)) : keptAttempt(one);
  }
  return best;
}

/** Without a window only the earliest beginning counts, so later ones that are nothing else need not be known elsewhere. */
function toldElsewhere({ params }: Reading, { length, at, bits }: RowDoings): number[] {
  const indexes = Array.from({ length }, (_, index) => index);
  const first = indexes.find((index) => (bits[index]! & 1) === 1);
  if (params.window !== null || first === undefined) return indexes;
  return indexes.filter((index) => bits[index] !== 1 || at[index]! === at[first]!);
}

function historyOf(reading: Reading, key: string, did: RowDoings): SharedHistory {
  const told = toldElsewhere(reading, did);
  const history = { key, at: told.map((index) => did.at[index]!), bits: told.map((index) => did.bits[index]!) };
  return reading.coding
    ? { ...history, values: told.map((index) => dimensionValue(reading, did.rows[index]!)) }
    : history;
}

/** Adds the view's people to `state`, in place. */
export async function readFunnel(
  view: View,
  state: FunnelPartial,
  { params, filters }: { params: FunnelParams; filters: readonly Filter[] },
): Promise<FunnelPartial> {
  const bySession = params.by === "session";
  const rows = await (bySession ? sessionRows(view, filters) : eventRows(view, filters));
  const moments = await momentsOf(
    view,
    rows,
    params.steps.map(({ filter }) => filter),
  );
  const coding = params.breakdown ? await rowCoding(view, params.breakdown, bySession ? "session" : "row") : null;
  const reading: Reading = { view, coding, params, judge: judgeOf(params.steps.length, ruleOf(params)) };
  const persons = await personsOf(view, params.by, params.elsewhere);
  const groups = new Map(state.groups.map((group) => [group.value, group]));
  const withinSession = params.window === "session" && !bySession;
  const visit = (person: number, did: RowDoings) => {
    const key = persons.keyOf(person);
    if (key !== null && !withinSession) {
      state.histories.push(historyOf(reading, key, did));
      return;
    }
    if (key === null && !withinSession) {
      const attempt = judged(reading, did);
      if (!attempt) return;
      addAttempt(groups, attempt, params.steps.length);
    } else {
      const attempt = attemptBySession(reading, did);
      if (!attempt) return;
      if (key !== null) state.attempts.push({ key, ...attempt });
      else addAttempt(groups, { ...attempt, reached: attempt.times.length }, params.steps.length);
    }
    if (!bySession && !persons.lasts(person)) state.rotating += 1;
  };
  await eachPerson(view, moments, { persons, visit });
  state.groups = [...groups.values()];
  return state;
}
