// Chooses the rows that a period's answer depends on, for one slice of the visitors, and puts them in order of visitor, then
// time, then receipt, then arrival: those of the period, and of its visitors what may belong to sessions over its edges.

import type { Period } from "../domain/period.ts";
import type { SortedBatch } from "./columns.ts";
import { interleave, type Keys, NOT_THERE, placesIn, visitorsWithin } from "./interleave.ts";
import type { Slice } from "./visitor-key.ts";

/** Silence longer than this ends a session. */
export const SESSION_GAP = 1_800_000;

/** How far beyond the period rows are taken at first. Sessions that reach further make the load begin again with more. */
const FIRST_MARGIN = 4 * 3_600_000;
const MORE_MARGIN = 16;

/** Chosen rows of one batch, and where each of them went. */
export interface Piece {
  batch: SortedBatch;
  rows: Uint32Array;
  positions: Uint32Array;
}

export interface Loaded {
  pieces: Piece[];
  length: number;
  visitorCount: number;
  keys: Keys;
  /** Rows of visitor v: starts[v] to starts[v + 1]. */
  starts: Uint32Array;
  /** Rising; a visitor's rows are together. */
  visitor: Uint32Array;
  at: Float64Array;
}

export interface LoadOptions {
  /** Visitors with a row in it are loaded. */
  period: Period;
  /** Their rows are, from here on. */
  from: number;
  slice: Slice;
}

/** The chosen visitors of one batch: their numbers, rising, and the batch's own for them. */
interface Part {
  batch: SortedBatch;
  numbers: Uint32Array;
  own: Uint32Array;
}

function isWithin(batch: SortedBatch, { from, to }: Period): boolean {
  return batch.earliest >= from && batch.latest < to;
}

function overlaps(batch: SortedBatch, { from, to }: Period): boolean {
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

interface Visitors {
  /** In order of their first event. */
  parts: Part[];
  keys: Keys;
}

/** The slice's visitors with a row in the period, and where the batches within reach have them. */
function visitorsOf(batches: readonly SortedBatch[], options: LoadOptions, window: Period): Visitors {
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

/** Adds to `counts` how many rows in the window each visitor of the part has; returns how many they are together. */
function countRows({ batch, numbers, own }: Part, window: Period, counts: Uint32Array): number {
  const { starts } = batch.visitors;
  const at = isWithin(batch, window) ? null : batch.at;
  let total = 0;
  for (let index = 0; index < own.length; index++) {
    const start = starts[own[index]!]!;
    const end = starts[own[index]! + 1]!;
    let count = end - start;
    if (at !== null) {
      for (let row = start; row < end; row++) if (at[row]! < window.from || at[row]! >= window.to) count--;
    }
    counts[numbers[index]!]! += count;
    total += count;
  }
  return total;
}

interface Placed extends Loaded {
  /** 1 for visitors whose rows come from several batches. */
  mixed: Uint8Array;
}

/** Places the part's rows, each behind those of its visitor that are there already. */
function placePart(
  { batch, numbers, own }: Part,
  window: Period,
  into: Placed & { next: Uint32Array; rows: number },
): Piece {
  const { next, starts, mixed, at, visitor } = into;
  const piece = { batch, rows: new Uint32Array(into.rows), positions: new Uint32Array(into.rows) };
  const { rows, positions } = piece;
  const times = batch.at;
  const all = isWithin(batch, window);
  const ends = batch.visitors.starts;
  let entry = 0;
  for (let index = 0; index < own.length; index++) {
    const number = numbers[index]!;
    const end = ends[own[index]! + 1]!;
    let position = next[number]!;
    const before = position;
    for (let row = ends[own[index]!]!; row < end; row++) {
      const time = times[row]!;
      if (!all && (time < window.from || time >= window.to)) continue;
      rows[entry] = row;
      positions[entry++] = position;
      at[position] = time;
      visitor[position++] = number;
    }
    if (before > starts[number]! && position > before) mixed[number] = 1;
    next[number] = position;
  }
  return piece;
}

function place({ parts, keys }: Visitors, window: Period): Placed {
  const count = keys.high.length;
  const counts = new Uint32Array(count);
  const sizes = parts.map((part) => countRows(part, window, counts));
  const starts = new Uint32Array(count + 1);
  for (let number = 0; number < count; number++) starts[number + 1] = starts[number]! + counts[number]!;
  const length = starts[count]!;
  const placed: Placed = {
    pieces: [],
    length,
    visitorCount: count,
    keys,
    starts,
    visitor: new Uint32Array(length),
    at: new Float64Array(length),
    mixed: new Uint8Array(count),
  };
  const next = starts.slice();
  placed.pieces = parts.map((part, index) => placePart(part, window, { ...placed, next, rows: sizes[index]! }));
  return placed;
}

/** Visitors of several batches whose rows do not rise strictly in time as they were placed. */
function unsortedOf({ at, starts, mixed }: Placed): number[] {
  const found: number[] = [];
  for (let number = 0; number < mixed.length; number++) {
    if (mixed[number] === 0) continue;
    const end = starts[number + 1]!;
    for (let row = starts[number]! + 1; row < end; row++) {
      if (at[row]! > at[row - 1]!) continue;
      found.push(number);
      break;
    }
  }
  return found;
}

/** Sorts the rows of visitors that several batches have, by time, then receipt, then arrival. */
function sortMixed(placed: Placed, batches: readonly SortedBatch[]): void {
  const unsorted = unsortedOf(placed);
  if (unsorted.length === 0) return;
  const { pieces, at, starts, length } = placed;
  const arrival = pieces.map(({ batch }) => batches.indexOf(batch));
  const pieceOf = new Uint16Array(length);
  const entryOf = new Uint32Array(length);
  pieces.forEach(({ positions }, piece) => {
    for (let entry = 0; entry < positions.length; entry++) {
      pieceOf[positions[entry]!] = piece;
      entryOf[positions[entry]!] = entry;
    }
  });
  const receipt = (position: number) => {
    const { batch, rows } = pieces[pieceOf[position]!]!;
    return batch.receivedAt[rows[entryOf[position]!]!]!;
  };
  const came = (position: number) => arrival[pieceOf[position]!]!;
  const compare = (a: number, b: number) => at[a]! - at[b]! || receipt(a) - receipt(b) || came(a) - came(b) || a - b;
  for (const number of unsorted) {
    const start = starts[number]!;
    const order = Array.from({ length: starts[number + 1]! - start }, (_, index) => start + index).sort(compare);
    const times = order.map((position) => at[position]!);
    order.forEach((position, index) => {
      at[start + index] = times[index]!;
      pieces[pieceOf[position]!]!.positions[entryOf[position]!] = start + index;
    });
  }
}

/** Whether a session that reaches into the period may go on beyond the window, where there are more rows. */
function reachesOut(
  { at, starts }: { at: Float64Array; starts: Uint32Array },
  window: Period,
  period: Period,
): boolean {
  for (let number = 0; number + 1 < starts.length; number++) {
    let first = starts[number]!;
    let last = starts[number + 1]! - 1;
    if (at[first]! - window.from <= SESSION_GAP) {
      while (first < last && at[first + 1]! - at[first]! <= SESSION_GAP && at[first]! < period.from) first++;
      if (at[first]! >= period.from) return true;
    }
    if (window.to - at[last]! <= SESSION_GAP) {
      while (last > starts[number]! && at[last]! - at[last - 1]! <= SESSION_GAP && at[last]! >= period.to) last--;
      if (at[last]! < period.to) return true;
    }
  }
  return false;
}

export function load(batches: readonly SortedBatch[], options: LoadOptions): Loaded {
  const { period, from } = options;
  const earliest = Math.min(...batches.map((batch) => batch.earliest));
  const latest = Math.max(...batches.map((batch) => batch.latest));
  for (let margin = FIRST_MARGIN; ; margin *= MORE_MARGIN) {
    const window = { from: from - margin, to: period.to + margin };
    const placed = place(visitorsOf(batches, options, window), window);
    sortMixed(placed, batches);
    const whole = window.from <= earliest && window.to > latest;
    if (whole || !reachesOut(placed, window, { from, to: period.to })) return placed;
  }
}

/** Rows that a scan of the slice looks at. */
export function rowsWithin(batches: readonly SortedBatch[], period: Period, slice: Slice): number {
  let rows = 0;
  for (const batch of batches) {
    if (!overlaps(batch, period)) continue;
    const [first, end] = visitorsWithin(batch.visitors, slice);
    rows += batch.visitors.starts[end]! - batch.visitors.starts[first]!;
  }
  return rows;
}

/** Receipt time of the newest row in the period, milliseconds; null when there is none. Reads rows only where bounds do not tell. */
export function freshnessOf(batches: readonly SortedBatch[], period: Period): number | null {
  let newest = Number.NEGATIVE_INFINITY;
  const partly: SortedBatch[] = [];
  for (const batch of batches) {
    if (isWithin(batch, period)) newest = Math.max(newest, batch.newest);
    else if (overlaps(batch, period)) partly.push(batch);
  }
  for (const batch of partly) {
    if (batch.newest <= newest) continue;
    const { at, receivedAt } = batch;
    for (let row = 0; row < at.length; row++) {
      if (at[row]! >= period.from && at[row]! < period.to && receivedAt[row]! > newest) newest = receivedAt[row]!;
    }
  }
  return Number.isFinite(newest) ? newest : null;
}
