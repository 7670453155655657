// Puts chosen rows in order of visitor, then time, then receipt, then arrival. Rows mostly come in order of time, so a
// counting sort by visitor does nearly all of it.

import type { Loaded, Piece } from "./load.ts";
import { inChunks, type Pace } from "./pace.ts";

export interface Ordered {
  length: number;
  /** Rising; a visitor's rows are together. */
  visitor: Uint32Array;
  at: Float64Array;
  /** For each piece, where each of its rows went. */
  positions: Uint32Array[];
}

/** First place of each visitor; one entry more than there are visitors. */
async function placesOf({ pieces, visitorCount }: Loaded, pace: Pace): Promise<Uint32Array> {
  const places = new Uint32Array(visitorCount + 1);
  for (const { visitors } of pieces) {
    const count = (start: number, end: number) => {
      for (let entry = start; entry < end; entry++) places[visitors[entry]! + 1]! += 1;
    };
    await inChunks(visitors.length, count, { pace });
  }
  for (let visitor = 0; visitor < visitorCount; visitor++) places[visitor + 1]! += places[visitor]!;
  return places;
}

/** Finds a row's receipt time again by its number among all chosen rows; only ties of time ask. */
function receiptLookup(pieces: Piece[]): (origin: number) => number {
  const starts: number[] = [];
  let total = 0;
  for (const piece of pieces) {
    starts.push(total);
    total += piece.rows.length;
  }
  return (origin) => {
    const index = starts.findLastIndex((start) => start <= origin);
    const { batch, rows } = pieces[index]!;
    return batch.receivedAt[rows[origin - starts[index]!]!]!;
  };
}

interface Placed {
  at: Float64Array;
  /** Number of the row among all chosen rows. */
  origin: Uint32Array;
  visitor: Uint32Array;
}

async function placeByVisitor(loaded: Loaded, pace: Pace): Promise<Placed> {
  const next = await placesOf(loaded, pace);
  const length = next[loaded.visitorCount]!;
  const placed = { at: new Float64Array(length), origin: new Uint32Array(length), visitor: new Uint32Array(length) };
  let offset = 0;
  for (const { batch, rows, visitors } of loaded.pieces) {
    const { at } = batch;
    const place = (start: number, end: number) => {
      for (let entry = start; entry < end; entry++) {
        const visitor = visitors[entry]!;
        const position = next[visitor]!++;
        placed.at[position] = at[rows[entry]!]!;
        placed.origin[position] = offset + entry;
        placed.visitor[position] = visitor;
      }
    };
    await inChunks(rows.length, place, { pace, weight: 4 });
    offset += rows.length;
  }
  return placed;
}

function sortSlice({ at, origin }: Placed, start: number, end: number, receipt: (origin: number) => number): void {
  const order = Uint32Array.from({ length: end - start }, (_, index) => start + index);
  order.sort((a, b) => at[a]! - at[b]! || receipt(origin[a]!) - receipt(origin[b]!) || origin[a]! - origin[b]!);
  at.set(
    Float64Array.from(order, (position) => at[position]!),
    start,
  );
  origin.set(
    Uint32Array.from(order, (position) => origin[position]!),
    start,
  );
}

/** Sorts each visitor's rows by time where they are not already. */
async function sortByTime(placed: Placed, pieces: Piece[], pace: Pace): Promise<void> {
  const { at, visitor, origin } = placed;
  const receipt = receiptLookup(pieces);
  const outOfOrder = (row: number) =>
    at[row]! < at[row - 1]! || (at[row] === at[row - 1] && receipt(origin[row]!) < receipt(origin[row - 1]!));
  let from = 0;
  let unsorted = false;
  const visit = (start: number, end: number) => {
    for (let row = start; row < end; row++) {
      if (row === 0 || visitor[row] === visitor[row - 1]) {
        unsorted ||= row > 0 && outOfOrder(row);
        continue;
      }
      if (unsorted) sortSlice(placed, from, row, receipt);
      from = row;
      unsorted = false;
    }
  };
  await inChunks(at.length, visit, { pace, weight: 3 });
  if (unsorted) sortSlice(placed, from, at.length, receipt);
}

export async function order(loaded: Loaded, pace: Pace): Promise<Ordered> {
  const placed = await placeByVisitor(loaded, pace);
  await sortByTime(placed, loaded.pieces, pace);
  const length = placed.at.length;
  const position = new Uint32Array(length);
  const invert = (start: number, end: number) => {
    for (let row = start; row < end; row++) position[placed.origin[row]!] = row;
  };
  await inChunks(length, invert, { pace, weight: 3 });
  let offset = 0;
  const positions = loaded.pieces.map(({ rows }) => {
    offset += rows.length;
    return position.subarray(offset - rows.length, offset);
  });
  return { length, visitor: placed.visitor, at: placed.at, positions };
}
