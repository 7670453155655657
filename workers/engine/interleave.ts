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

function mergeTwo(a: Keys, b: Keys): { keys: Keys; ofA: Uint32Array; ofB: Uint32Array } {
  const sizeA = a.high.length;
  const sizeB = b.high.length;
  const high = new Uint32Array(sizeA + sizeB);
  const low = new Uint32Array(sizeA + sizeB);
  const ofA = new Uint32Array(sizeA);
  const ofB = new Uint32Array(sizeB);
  let count = 0;
  let i = 0;
  let j = 0;
  while (i < sizeA && j < sizeB) {
    const difference = a.high[i]! - b.high[j]! || a.low[i]! - b.low[j]!;
    high[count] = difference <= 0 ? a.high[i]! : b.high[j]!;
    low[count] = difference <= 0 ? a.low[i]! : b.low[j]!;
    if (difference <= 0) ofA[i++] = count;
    if (difference >= 0) ofB[j++] = count;
    count++;
  }
  for (; i < sizeA; i++) {
    high[count] = a.high[i]!;
    low[count] = a.low[i]!;
    ofA[i] = count++;
  }
  for (; j < sizeB; j++) {
    high[count] = b.high[j]!;
    low[count] = b.low[j]!;
    ofB[j] = count++;
  }
  return { keys: { high: high.subarray(0, count), low: low.subarray(0, count) }, ofA, ofB };
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
