// A shard's share of a funnel: people judged where all they did is here, the histories of the others.

import type { Filter } from "../domain/query.ts";
import { type Coding, NONE, rowCoding } from "../engine/coding.ts";
import { eachPerson, momentsOf, type SharedHistory, sortedByKey } from "../engine/histories.ts";
import { personsOf } from "../engine/persons.ts";
import { eventRows, sessionRows } from "../engine/selection.ts";
import type { View } from "../engine/view.ts";
import { type Attempt, betterOf, furthest, listsOf, valueAt } from "./funnel-attempt.ts";
import { addAttempt, type FunnelGroup } from "./funnel-groups.ts";
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
  bits: Uint16Array;
  coding: Coding | null;
  params: FunnelParams;
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

/** Without a window only the earliest beginning counts, so later ones that are nothing else need not be known elsewhere. */
function toldElsewhere({ view, bits, params }: Reading, rows: Uint32Array): Uint32Array {
  const first = rows.find((row) => (bits[row]! & 1) === 1);
  if (params.window !== null || first === undefined) return rows;
  return rows.filter((row) => bits[row] !== 1 || view.at[row]! === view.at[first]!);
}

function historyOf(reading: Reading, key: string, own: Uint32Array): SharedHistory {
  const { view, bits, coding } = reading;
  const rows = toldElsewhere(reading, own);
  const history = { key, at: Array.from(rows, (row) => view.at[row]!), bits: Array.from(rows, (row) => bits[row]!) };
  return coding ? { ...history, values: Array.from(rows, (row) => dimensionValue(reading, row)) } : history;
}

export async function readFunnel(view: View, params: FunnelParams, filters: readonly Filter[]): Promise<FunnelPartial> {
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
