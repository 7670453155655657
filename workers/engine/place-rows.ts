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

export interface Placed extends Loaded {
  /** 1 for visitors whose rows come from several batches. */
  mixed: Uint8Array;
}

/** By visitor of the view. */
interface Counts {
  rows: Uint32Array;
  mixed: Uint8Array;
}

// Each loop over rows or visitors is a function that ends with it, which keeps it compiled, and has as few branches that
// cannot be foretold as may be: one that is foretold wrongly costs as much as ten rows.

/** Rows of each visitor of the part. */
function sizesOf({ batch, own }: Part): Uint32Array {
  const { starts } = batch.visitors;
  const sizes = new Uint32Array(own.length);
  for (let index = 0; index < own.length; index++) sizes[index] = starts[own[index]! + 1]! - starts[own[index]!]!;
  return sizes;
}

/** Rows of each visitor of the part that lie in the window. */
function sizesWithin({ batch, own }: Part, { from, to }: Period): Uint32Array {
  const { at, visitors } = batch;
  const { starts } = visitors;
  const sizes = new Uint32Array(own.length);
  for (let index = 0; index < own.length; index++) {
    const end = starts[own[index]! + 1]!;
    for (let row = starts[own[index]!]!; row < end; row++) {
      sizes[index]! += Number(at[row]! >= from) & Number(at[row]! < to);
    }
  }
  return sizes;
}

/** Adds a part's rows to those of its visitors; returns how many they are together. */
function addSizes({ rows, mixed }: Counts, numbers: Uint32Array, sizes: Uint32Array): number {
  let total = 0;
  for (let index = 0; index < numbers.length; index++) {
    const number = numbers[index]!;
    const size = sizes[index]!;
    mixed[number]! |= Number(rows[number]! > 0) & Number(size > 0);
    rows[number]! += size;
    total += size;
  }
  return total;
}

function startsOf(counts: Uint32Array): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  for (let number = 0; number < counts.length; number++) starts[number + 1] = starts[number]! + counts[number]!;
  return starts;
}

function markStarts(marks: Uint32Array, starts: Uint32Array): void {
  for (let number = 1; number + 1 < starts.length; number++) marks[starts[number]!] = 1;
}

function sumUp(marks: Uint32Array): void {
  let number = 0;
  for (let row = 0; row < marks.length; row++) {
    number += marks[row]!;
    marks[row] = number;
  }
}

/** The visitor of each row; each has one at least. */
function visitorOfRows(starts: Uint32Array): Uint32Array {
  const visitor = new Uint32Array(starts.at(-1)!);
  markStarts(visitor, starts);
  sumUp(visitor);
  return visitor;
}

/** By visitor of a part: how far its rows and positions lie from their entries in the piece. */
interface Shifts {
  row: Int32Array;
  position: Int32Array;
}

/** Marks the first entry of each visitor, and moves each one's next position behind its rows. */
function shiftsOf({ batch, own, numbers }: Part, next: Uint32Array, marks: Uint32Array): Shifts {
  const { starts } = batch.visitors;
  const shifts = { row: new Int32Array(own.length), position: new Int32Array(own.length) };
  const { row, position } = shifts;
  let entry = 0;
  for (let index = 0; index < own.length; index++) {
    const number = numbers[index]!;
    const start = starts[own[index]!]!;
    const size = starts[own[index]! + 1]! - start;
    row[index] = start - entry;
    position[index] = next[number]! - entry;
    next[number]! += size;
    marks[entry] = 1;
    entry += size;
  }
  return shifts;
}

/** Places all rows of the part's visitors, whose first entries are marked in `positions`. */
function placeAll({ rows, positions, batch }: Piece, { row, position }: Shifts, at: Float64Array): void {
  const times = batch.at;
  let index = -1;
  for (let entry = 0; entry < rows.length; entry++) {
    index += positions[entry]!;
    const from = entry + row[index]!;
    const to = entry + position[index]!;
    rows[entry] = from;
    positions[entry] = to;
    at[to] = times[from]!;
  }
}

/** Places the rows in the window. */
function placeWithin(
  { rows, positions, batch }: Piece,
  { own, numbers }: Part,
  into: { next: Uint32Array; at: Float64Array; window: Period },
): void {
  const { next, at, window } = into;
  const times = batch.at;
  const { starts } = batch.visitors;
  let entry = 0;
  for (let index = 0; index < own.length; index++) {
    const end = starts[own[index]! + 1]!;
    for (let row = starts[own[index]!]!; row < end; row++) {
      const time = times[row]!;
      if (time < window.from || time >= window.to) continue;
      const position = next[numbers[index]!]!++;
      rows[entry] = row;
      positions[entry++] = position;
      at[position] = time;
    }
  }
}

export function place({ parts, keys }: Visitors, window: Period): Placed {
  const visitorCount = keys.high.length;
  const counts = { rows: new Uint32Array(visitorCount), mixed: new Uint8Array(visitorCount) };
  const totals = parts.map((part) => {
    const sizes = isWithin(part.batch, window) ? sizesOf(part) : sizesWithin(part, window);
    return addSizes(counts, part.numbers, sizes);
  });
  const starts = startsOf(counts.rows);
  const length = starts[visitorCount]!;
  const at = new Float64Array(length);
  const next = starts.slice();
  // Each piece goes behind those of its visitors that are there already.
  const pieces = parts.map((part, index): Piece => {
    const { batch } = part;
    const piece = { batch, rows: new Uint32Array(totals[index]!), positions: new Uint32Array(totals[index]!) };
    if (isWithin(batch, window)) placeAll(piece, shiftsOf(part, next, piece.positions), at);
    else placeWithin(piece, part, { next, at, window });
    return piece;
  });
  return { pieces, length, visitorCount, keys, starts, visitor: visitorOfRows(starts), at, mixed: counts.mixed };
}

function markUnsorted(unsorted: Uint8Array, { at, visitor, mixed }: Placed): void {
  for (let row = 1; row < visitor.length; row++) {
    const number = visitor[row]!;
    const falls = Number(at[row]! <= at[row - 1]!) & Number(visitor[row - 1] === number);
    unsorted[number]! |= mixed[number]! & falls;
  }
}

/** Visitors of several batches whose rows do not rise strictly in time as they were placed. */
function unsortedOf(placed: Placed): number[] {
  const found: number[] = [];
  if (!placed.mixed.includes(1)) return found;
  const unsorted = new Uint8Array(placed.visitorCount);
  markUnsorted(unsorted, placed);
  for (let number = unsorted.indexOf(1); number >= 0; number = unsorted.indexOf(1, number + 1)) found.push(number);
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
