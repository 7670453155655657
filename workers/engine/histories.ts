// What each person did, as far as a question cares: the moments at which one of its matchers fits, in order of time.
// Histories of a person from several shards merge by joining them.

import type { Filter } from "../domain/query.ts";
import { NONE } from "./coding.ts";
import { maskOf } from "./filter.ts";
import { inChunks } from "./pace.ts";
import type { Persons } from "./persons.ts";
import type { View } from "./view.ts";

/** Matchers are bits of a number, so there may be this many. */
export const MOST_MATCHERS = 16;

/** Moments in order of time; matcher m fits moment i when bit m of bits[i] is set. */
export interface History {
  at: number[];
  bits: number[];
  /** Each moment's value of the question's dimension; left out where it has none. */
  values?: string[];
}

/** The history of a person whom other shards may know too. */
export interface SharedHistory extends History {
  key: string;
}

interface Moments {
  /** Rows of the view that some matcher fits. */
  rows: Uint32Array;
  /** By row of the view. */
  bits: Uint16Array;
}

/** Of the given rows, those that some matcher fits. */
export async function momentsOf(view: View, rows: Uint32Array, matchers: readonly Filter[]): Promise<Moments> {
  const bits = new Uint16Array(view.length);
  for (const [index, matcher] of matchers.entries()) {
    const mask = await maskOf(view, matcher);
    const bit = 1 << index;
    const mark = (start: number, end: number) => {
      for (let row = start; row < end; row++) if (mask[row] === 1) bits[row]! |= bit;
    };
    await inChunks(view.length, mark, { pace: view.pace });
  }
  const chosen = new Uint32Array(rows.length);
  let count = 0;
  const choose = (start: number, end: number) => {
    for (let index = start; index < end; index++) {
      const row = rows[index]!;
      if (bits[row] !== 0) chosen[count++] = row;
    }
  };
  await inChunks(rows.length, choose, { pace: view.pace });
  return { rows: chosen.subarray(0, count), bits };
}

/** Rows with each person's together, and within a person in order of time. */
async function gathered(view: View, rows: Uint32Array, persons: Persons): Promise<Uint32Array> {
  if (!persons.scattered) return rows;
  const places = new Uint32Array(persons.count + 1);
  const tally = (start: number, end: number) => {
    for (let index = start; index < end; index++) places[persons.of[rows[index]!]! + 1]! += 1;
  };
  await inChunks(rows.length, tally, { pace: view.pace });
  for (let person = 0; person < persons.count; person++) places[person + 1]! += places[person]!;
  const sorted = new Uint32Array(rows.length);
  const place = (start: number, end: number) => {
    for (let index = start; index < end; index++) sorted[places[persons.of[rows[index]!]!]!++] = rows[index]!;
  };
  await inChunks(rows.length, place, { pace: view.pace, weight: 2 });
  return sorted;
}

function inOrderOfTime(view: View, rows: Uint32Array): Uint32Array {
  for (let index = 1; index < rows.length; index++) {
    if (view.at[rows[index]!]! < view.at[rows[index - 1]!]!) {
      return rows.toSorted((a, b) => view.at[a]! - view.at[b]! || a - b);
    }
  }
  return rows;
}

/** Calls `visit` for each person with a moment, once, with the rows of all their moments in order of time. */
export async function eachPerson(
  view: View,
  moments: Moments,
  options: { persons: Persons; visit: (person: number, rows: Uint32Array) => void },
): Promise<void> {
  const { persons, visit } = options;
  const rows = await gathered(view, moments.rows, persons);
  let start = 0;
  const close = (end: number) => {
    const person = start < end ? persons.of[rows[start]!]! : NONE;
    if (person !== NONE)
      visit(person, persons.scattered ? inOrderOfTime(view, rows.subarray(start, end)) : rows.subarray(start, end));
    start = end;
  };
  const walk = (from: number, to: number) => {
    for (let index = from; index < to; index++) {
      if (index > start && persons.of[rows[index]!] !== persons.of[rows[start]!]) close(index);
    }
  };
  await inChunks(rows.length, walk, { pace: view.pace, weight: 6 });
  close(rows.length);
}

/** The moments of both, of one person. */
export function joinHistories(a: SharedHistory, b: SharedHistory): SharedHistory {
  const moments = [a, b].flatMap((part) =>
    part.at.map((at, index) => ({ at, bits: part.bits[index]!, value: part.values?.[index] ?? "" })),
  );
  moments.sort((one, other) => one.at - other.at);
  const at = moments.map((moment) => moment.at);
  const history: SharedHistory = { key: a.key, at, bits: moments.map(({ bits }) => bits) };
  return a.values ? { ...history, values: moments.map(({ value }) => value) } : history;
}

interface Keyed {
  key: string;
}

function compareKeys(a: Keyed, b: Keyed): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** In order of key, which mergeByKey needs. */
export function sortedByKey<T extends Keyed>(states: readonly T[]): T[] {
  return states.toSorted(compareKeys);
}

/** Both in order of key, each key once in each; so is the result. */
export function mergeByKey<T extends Keyed>(a: readonly T[], b: readonly T[], combine: (a: T, b: T) => T): T[] {
  const merged: T[] = [];
  let left = 0;
  let right = 0;
  while (left < a.length && right < b.length) {
    const order = compareKeys(a[left]!, b[right]!);
    if (order < 0) merged.push(a[left++]!);
    else if (order > 0) merged.push(b[right++]!);
    else merged.push(combine(a[left++]!, b[right++]!));
  }
  return [...merged, ...a.slice(left), ...b.slice(right)];
}
