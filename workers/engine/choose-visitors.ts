// Which visitors of a slice a period is about, and where the batches have them.

import type { Period } from "../domain/period.ts";
import type { SortedBatch } from "./columns.ts";
import { interleave, type Keys, NOT_THERE, placesIn, visitorsWithin } from "./interleave.ts";
import type { Slice } from "./visitor-key.ts";

export interface LoadOptions {
  /** Visitors with a row in it are loaded. */
  period: Period;
  /** Their rows are, from here on. */
  from: number;
  slice: Slice;
}

/** The chosen visitors of one batch: their numbers, rising, and the batch's own for them. */
export interface Part {
  batch: SortedBatch;
  numbers: Uint32Array;
  own: Uint32Array;
}

export function isWithin(batch: SortedBatch, { from, to }: Period): boolean {
  return batch.earliest >= from && batch.latest < to;
}

export function overlaps(batch: SortedBatch, { from, to }: Period): boolean {
  return batch.latest >= from && batch.earliest < to;
}

interface SlicePart {
  batch: SortedBatch;
  first: number;
  keys: Keys;
}

function keysWithin(batch: SortedBatch, slice: Slice): SlicePart | null {
  const { visitors } = batch;
  const [first, end] = visitorsWithin(visitors, slice);
  if (first === end) return null;
  return { batch, first, keys: { high: visitors.high.subarray(first, end), low: visitors.low.subarray(first, end) } };
}

/** Marks the visitors that have a row in the period. */
function markActive(
  { batch, first }: SlicePart,
  numbers: Uint32Array,
  options: { period: Period; active: Uint8Array },
) {
  const { period, active } = options;
  if (isWithin(batch, period)) {
    for (let index = 0; index < numbers.length; index++) active[numbers[index]!] = 1;
    return;
  }
  const { starts } = batch.visitors;
  const { at } = batch;
  for (let index = 0; index < numbers.length; index++) {
    const end = starts[first + index + 1]!;
    for (let row = starts[first + index]!; row < end; row++) {
      if (at[row]! < period.from || at[row]! >= period.to) continue;
      active[numbers[index]!] = 1;
      break;
    }
  }
}

interface Chosen {
  keys: Keys;
  /** By merged number: the number among those chosen, NOT_THERE for the others. */
  numberOf: Uint32Array;
}

function chosenOf({ high, low }: Keys, active: Uint8Array): Chosen {
  const numberOf = new Uint32Array(active.length).fill(NOT_THERE);
  const keys = { high: new Uint32Array(active.length), low: new Uint32Array(active.length) };
  let count = 0;
  for (let merged = 0; merged < active.length; merged++) {
    if (active[merged] === 0) continue;
    keys.high[count] = high[merged]!;
    keys.low[count] = low[merged]!;
    numberOf[merged] = count++;
  }
  return { keys: { high: keys.high.subarray(0, count), low: keys.low.subarray(0, count) }, numberOf };
}

/** Pairs of numbers without those that are not there. */
function pairs(length: number, numberAt: (index: number) => number, ownAt: (index: number) => number) {
  const numbers = new Uint32Array(length);
  const own = new Uint32Array(length);
  let count = 0;
  for (let index = 0; index < length; index++) {
    const number = numberAt(index);
    const mine = ownAt(index);
    if (number === NOT_THERE || mine === NOT_THERE) continue;
    numbers[count] = number;
    own[count++] = mine;
  }
  return { numbers: numbers.subarray(0, count), own: own.subarray(0, count) };
}

export interface Visitors {
  /** In order of their first event. */
  parts: Part[];
  keys: Keys;
}

/** The slice's visitors with a row in the period, and where the batches within reach have them. */
export function visitorsOf(batches: readonly SortedBatch[], options: LoadOptions, window: Period): Visitors {
  const { period, slice } = options;
  const inner = batches.map((batch) => (overlaps(batch, period) ? keysWithin(batch, slice) : null));
  const lists = inner.filter((part) => part !== null);
  const { keys, numbers } = interleave(lists.map((list) => list.keys));
  const active = new Uint8Array(keys.high.length);
  lists.forEach((list, index) => void markActive(list, numbers[index]!, { period, active }));
  const chosen = chosenOf(keys, active);
  const parts: Part[] = [];
  batches.forEach((batch, index) => {
    if (!overlaps(batch, window)) return;
    const list = inner[index];
    if (list) {
      const merged = numbers[lists.indexOf(list)]!;
      const pair = pairs(
        merged.length,
        (place) => chosen.numberOf[merged[place]!]!,
        (place) => list.first + place,
      );
      parts.push({ batch, ...pair });
      return;
    }
    const outer = keysWithin(batch, slice);
    if (!outer) return;
    const places = placesIn(chosen.keys, outer.keys);
    const pair = pairs(
      places.length,
      (number) => number,
      (number) => (places[number] === NOT_THERE ? NOT_THERE : outer.first + places[number]!),
    );
    if (pair.numbers.length > 0) parts.push({ batch, ...pair });
  });
  // Batches mostly follow each other in time: placed so, rows need no sorting.
  parts.sort((a, b) => a.batch.earliest - b.batch.earliest);
  return { parts, keys: chosen.keys };
}
