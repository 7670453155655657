// What each person did, as far as a question cares: the moments at which one of its matchers fits, in order of time.
// Histories of a person from several shards merge by joining them.

import type { Filter } from "../domain/query.ts";
import { isOfSession, NONE, rowCoding } from "./coding.ts";
import { asCondition, type Condition, maskOf, passingCodes } from "./filter.ts";
import { CHUNK, inChunks, type Range } from "./pace.ts";
import type { Persons } from "./persons.ts";
import type { View } from "./view.ts";

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

/** What one person did, in order of time: the moments up to `length`, and the bits of those matchers that fit each. */
export interface Doings {
  length: number;
  at: ArrayLike<number>;
  bits: ArrayLike<number>;
}

/** With the moments' rows in the view. The arrays are used again for the next person. */
export interface RowDoings extends Doings {
  rows: Uint32Array;
}

function markCodes(bits: Uint16Array, codes: Uint32Array, bitsOfCode: Uint16Array, { start, end }: Range): void {
  for (let row = start; row < end; row++) {
    const code = codes[row]!;
    if (code !== NONE) bits[row]! |= bitsOfCode[code]!;
  }
}

/** Appends those of `rows` that have bits; returns how many there are by then. */
function chooseMarked(
  into: Uint32Array,
  rows: Uint32Array,
  bits: Uint16Array,
  { start, end, count }: Range & { count: number },
) {
  let next = count;
  for (let index = start; index < end; index++) {
    const row = rows[index]!;
    into[next] = row;
    if (bits[row] !== 0) next++;
  }
  return next;
}

/** Marks the rows that conditions on one dimension of the event fit, all at once: a value has the same bits wherever it is. */
async function markByValue(view: View, conditions: [Condition, bit: number][], bits: Uint16Array): Promise<void> {
  const coding = await rowCoding(view, conditions[0]![0][1]);
  const bitsOfCode = new Uint16Array(coding.values.length);
  for (const [condition, bit] of conditions) {
    const passing = await passingCodes(view, condition, coding);
    for (let code = 0; code < passing.length; code++) if (passing[code] === 1) bitsOfCode[code]! |= bit;
  }
  const { codes } = coding;
  const mark = (start: number, end: number) => markCodes(bits, codes, bitsOfCode, { start, end });
  await inChunks(view.length, mark, { pace: view.pace });
}

async function markByMask(view: View, matcher: Filter, options: { bit: number; bits: Uint16Array }): Promise<void> {
  const { bit, bits } = options;
  const mask = await maskOf(view, matcher);
  const mark = (start: number, end: number) => {
    for (let row = start; row < end; row++) if (mask[row] === 1) bits[row]! |= bit;
  };
  await inChunks(view.length, mark, { pace: view.pace });
}

async function bitsOf(view: View, matchers: readonly Filter[]): Promise<Uint16Array> {
  const bits = new Uint16Array(view.length);
  const byDimension = new Map<string, [Condition, bit: number][]>();
  for (const [index, matcher] of matchers.entries()) {
    const bit = 1 << index;
    const condition = asCondition(matcher);
    if (!condition || isOfSession(condition[1])) await markByMask(view, matcher, { bit, bits });
    else byDimension.set(condition[1], [...(byDimension.get(condition[1]) ?? []), [condition, bit]]);
  }
  for (const conditions of byDimension.values()) await markByValue(view, conditions, bits);
  return bits;
}

/** Of the given rows, those that some matcher fits. */
export async function momentsOf(view: View, rows: Uint32Array, matchers: readonly Filter[]): Promise<Moments> {
  const bits = await bitsOf(view, matchers);
  const chosen = new Uint32Array(rows.length);
  let count = 0;
  const choose = (start: number, end: number) => {
    count = chooseMarked(chosen, rows, bits, { start, end, count });
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

/** Arrays for one person's moments after another's. */
function doingsOf(view: View, bits: Uint16Array) {
  let size = 64;
  const doings = { length: 0, at: new Float64Array(size), bits: new Uint16Array(size), rows: new Uint32Array(size) };
  return {
    /** The moments of rows [start, end) of the list. */
    of(rows: Uint32Array, start: number, end: number): RowDoings {
      const length = end - start;
      doings.length = length;
      if (length > size) {
        size = length * 2;
        Object.assign(doings, { at: new Float64Array(size), bits: new Uint16Array(size), rows: new Uint32Array(size) });
      }
      const { at } = view;
      const { at: times, bits: own, rows: places } = doings;
      for (let index = 0; index < length; index++) {
        const row = rows[start + index]!;
        times[index] = at[row]!;
        own[index] = bits[row]!;
        places[index] = row;
      }
      return doings;
    },
  };
}

/** One past the last place from `start` on whose row is of the same person. */
function endOfPerson(rows: Uint32Array, of: Uint32Array, start: number): number {
  const person = of[rows[start]!]!;
  let end = start + 1;
  while (end < rows.length && of[rows[end]!] === person) end++;
  return end;
}

/** A moment of a person, in units of `Pace`. */
const MOMENT_WEIGHT = 6;

/** Calls `visit` for each person with a moment, once, with all of their moments. */
export async function eachPerson(
  view: View,
  moments: Moments,
  options: { persons: Persons; visit: (person: number, did: RowDoings) => void },
): Promise<void> {
  const { persons, visit } = options;
  const { of, scattered } = persons;
  const rows = await gathered(view, moments.rows, persons);
  const doings = doingsOf(view, moments.bits);
  for (let start = 0; start < rows.length; ) {
    const chunk = Math.min(rows.length, start + CHUNK);
    const before = start;
    while (start < chunk) {
      const end = endOfPerson(rows, of, start);
      const person = of[rows[start]!]!;
      if (person !== NONE) {
        visit(
          person,
          scattered
            ? doings.of(inOrderOfTime(view, rows.subarray(start, end)), 0, end - start)
            : doings.of(rows, start, end),
        );
      }
      start = end;
    }
    const rest = view.pace.spend((start - before) * MOMENT_WEIGHT);
    if (rest) await rest;
  }
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

function sortedByKey<T extends Keyed>(states: readonly T[]): T[] {
  return states.toSorted(compareKeys);
}

/** In order of key, those of the same key combined. */
export function combinedByKey<T extends Keyed>(states: readonly T[], combine: (a: T, b: T) => T): T[] {
  const combined: T[] = [];
  for (const state of sortedByKey(states)) {
    const last = combined.at(-1);
    if (last?.key === state.key) combined[combined.length - 1] = combine(last, state);
    else combined.push(state);
  }
  return combined;
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
