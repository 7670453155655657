// Which visitors of a slice a period is about, and where the batches have them.

import type { Period } from "../domain/period.ts";
import type { SortedBatch } from "./columns.ts";
import { interleave, type Keys, NOT_THERE, placesIn, visitorsWithin } from "./interleave.ts";
import { meets, type Slice } from "./visitor-key.ts";

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
  if (!meets(batch.range, slice)) return null;
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

type Pairs = Pick<Part, "numbers" | "own">;

/** Of the batch's visitors from `first` on, those that are chosen. */
function chosenPairs(merged: Uint32Array, numberOf: Uint32Array, first: number): Pairs {
  const numbers = new Uint32Array(merged.length);
  const own = new Uint32Array(merged.length);
  let count = 0;
  for (let index = 0; index < merged.length; index++) {
    const number = numberOf[merged[index]!]!;
    if (number === NOT_THERE) continue;
    numbers[count] = number;
    own[count++] = first + index;
  }
  return { numbers: numbers.subarray(0, count), own: own.subarray(0, count) };
}

/** Of the chosen visitors, those that the batch has; `places` are counted from `first`. */
function presentPairs(places: Uint32Array, first: number): Pairs {
  const numbers = new Uint32Array(places.length);
  const own = new Uint32Array(places.length);
  let count = 0;
  for (let number = 0; number < places.length; number++) {
    const place = places[number]!;
    if (place === NOT_THERE) continue;
    numbers[count] = number;
    own[count++] = first + place;
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
      parts.push({ batch, ...chosenPairs(numbers[lists.indexOf(list)]!, chosen.numberOf, list.first) });
      return;
    }
    const outer = keysWithin(batch, slice);
    if (!outer) return;
    const pair = presentPairs(placesIn(chosen.keys, outer.keys), outer.first);
    if (pair.numbers.length > 0) parts.push({ batch, ...pair });
  });
  // Batches mostly follow each other in time: placed so, rows need no sorting.
  parts.sort((a, b) => a.batch.earliest - b.batch.earliest);
  return { parts, keys: chosen.keys };
}
