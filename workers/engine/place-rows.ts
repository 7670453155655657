// Rows of several batches in order of visitor, then time, then receipt, then arrival.

import type { Period } from "../domain/period.ts";
import { isWithin, type Part, type Visitors } from "./choose-visitors.ts";
import type { SortedBatch } from "./columns.ts";
import type { Keys } from "./interleave.ts";

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

export interface Placed extends Loaded {
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

export function place({ parts, keys }: Visitors, window: Period): Placed {
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
export function sortMixed(placed: Placed, batches: readonly SortedBatch[]): void {
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
