// The visitors of several sorted batches as one list in order of key, and the number that each batch's visitors have in it.

import type { VisitorIndex } from "./columns.ts";
import type { Slice } from "./visitor-key.ts";

export interface Keys {
  high: Uint32Array;
  low: Uint32Array;
}

export interface Interleaved {
  keys: Keys;
  /** By list of keys: the merged number of each. */
  numbers: Uint32Array[];
}

/** First place whose key is not below. */
export function placeOfKey({ high, low }: Keys, wanted: { high: number; low: number }, from = 0): number {
  let start = from;
  let end = high.length;
  while (start < end) {
    const middle = (start + end) >>> 1;
    const below = high[middle]! < wanted.high || (high[middle] === wanted.high && low[middle]! < wanted.low);
    if (below) start = middle + 1;
    else end = middle;
  }
  return start;
}

/** The visitors of a slice: the first, and one past the last. */
export function visitorsWithin(visitors: VisitorIndex, { from, to }: Slice): [first: number, end: number] {
  const first = from === 0 ? 0 : placeOfKey(visitors, { high: from, low: 0 });
  const end = to >= 0xffffffff ? visitors.high.length : placeOfKey(visitors, { high: to + 1, low: 0 });
  return [first, end];
}

// Which list has the next key cannot be foretold, and a branch that is foretold wrongly costs more than all the rest: so
// both are always written, and stand where the next is written over them until they are passed.

interface Merging {
  a: Keys;
  b: Keys;
  into: Keys;
  ofA: Uint32Array;
  ofB: Uint32Array;
  /** Reached in `a` and `b`, and how many keys there are by then. */
  i: number;
  j: number;
  count: number;
}

function mergeBoth(merging: Merging): void {
  const { ofA, ofB } = merging;
  const { high: highA, low: lowA } = merging.a;
  const { high: highB, low: lowB } = merging.b;
  const { high, low } = merging.into;
  let { i, j, count } = merging;
  while (i < highA.length && j < highB.length) {
    const a = highA[i]!;
    const b = highB[j]!;
    // Almost all keys differ in their first words.
    const order = a === b ? lowA[i]! - lowB[j]! : a - b;
    const takesA = Number(order <= 0);
    const takesB = Number(order >= 0);
    high[count] = a * takesA + b * (1 - takesA);
    low[count] = lowA[i]! * takesA + lowB[j]! * (1 - takesA);
    ofA[i] = count;
    ofB[j] = count;
    i += takesA;
    j += takesB;
    count++;
  }
  Object.assign(merging, { i, j, count });
}

function appendRest(from: Keys, into: Keys, numbers: Uint32Array, { start, count }: { start: number; count: number }) {
  into.high.set(from.high.subarray(start), count);
  into.low.set(from.low.subarray(start), count);
  for (let place = start; place < numbers.length; place++) numbers[place] = count + place - start;
}

function mergeTwo(a: Keys, b: Keys): { keys: Keys; ofA: Uint32Array; ofB: Uint32Array } {
  const most = a.high.length + b.high.length;
  const into = { high: new Uint32Array(most), low: new Uint32Array(most) };
  const ofA = new Uint32Array(a.high.length);
  const ofB = new Uint32Array(b.high.length);
  const merging: Merging = { a, b, into, ofA, ofB, i: 0, j: 0, count: 0 };
  mergeBoth(merging);
  const { i, j, count } = merging;
  appendRest(a, into, ofA, { start: i, count });
  appendRest(b, into, ofB, { start: j, count: count + ofA.length - i });
  const length = count + ofA.length - i + ofB.length - j;
  return { keys: { high: into.high.subarray(0, length), low: into.low.subarray(0, length) }, ofA, ofB };
}

function renumbered(numbers: Uint32Array, by: Uint32Array): Uint32Array {
  for (let place = 0; place < numbers.length; place++) numbers[place] = by[numbers[place]!]!;
  return numbers;
}

/** Each list rises by key. Halves are merged, so that no list is walked more often than it must. */
export function interleave(lists: readonly Keys[]): Interleaved {
  const first = lists[0];
  if (!first) return { keys: { high: new Uint32Array(), low: new Uint32Array() }, numbers: [] };
  if (lists.length === 1) {
    const numbers = new Uint32Array(first.high.length);
    for (let place = 0; place < numbers.length; place++) numbers[place] = place;
    return { keys: first, numbers: [numbers] };
  }
  const half = lists.length >> 1;
  const left = interleave(lists.slice(0, half));
  const right = interleave(lists.slice(half));
  const { keys, ofA, ofB } = mergeTwo(left.keys, right.keys);
  return {
    keys,
    numbers: [
      ...left.numbers.map((numbers) => renumbered(numbers, ofA)),
      ...right.numbers.map((numbers) => renumbered(numbers, ofB)),
    ],
  };
}

const NOT_THERE = 0xffffffff;

/** For each of `keys` its place in `list`, NOT_THERE for those that it lacks. Both rise; a short list is sought in a long one. */
export function placesIn(keys: Keys, list: Keys): Uint32Array {
  const places = new Uint32Array(keys.high.length).fill(NOT_THERE);
  const seek = keys.high.length * 8 < list.high.length;
  let place = 0;
  for (let index = 0; index < places.length; index++) {
    const high = keys.high[index]!;
    const low = keys.low[index]!;
    if (seek) place = placeOfKey(list, { high, low }, place);
    else {
      while (
        place < list.high.length &&
        (list.high[place]! < high || (list.high[place] === high && list.low[place]! < low))
      ) {
        place++;
      }
    }
    if (place < list.high.length && list.high[place] === high && list.low[place] === low) places[index] = place;
  }
  return places;
}

export { NOT_THERE };
