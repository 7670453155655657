// How often each pair of a group and a code comes, for columns whose values are looked at afterwards: once for each value
// of a group and not for each row.

import { NONE } from "./coding.ts";
import { inChunks, type Range } from "./pace.ts";
import type { Grouped } from "./tally.ts";
import type { View } from "./view.ts";

export interface Pairs {
  groups: Uint32Array;
  codes: Uint32Array;
  times: Float64Array;
}

/** Longest table of pairs, whatever the number of rows. */
const FEW_CELLS = 65_536;

function countCells(
  cells: Uint32Array,
  { items, groups }: Grouped,
  codes: Uint32Array,
  range: Range & { width: number },
) {
  for (let index = range.start; index < range.end; index++) {
    const group = groups[index]!;
    if (group !== NONE) cells[group * range.width + codes[items[index]!]!]! += 1;
  }
}

function pairsOfCells(cells: Uint32Array, width: number): Pairs {
  let count = 0;
  for (let cell = 0; cell < cells.length; cell++) if (cells[cell]! > 0) count += 1;
  const pairs = { groups: new Uint32Array(count), codes: new Uint32Array(count), times: new Float64Array(count) };
  let next = 0;
  for (let cell = 0; cell < cells.length; cell++) {
    if (cells[cell] === 0) continue;
    pairs.groups[next] = Math.floor(cell / width);
    pairs.codes[next] = cell % width;
    pairs.times[next++] = cells[cell]!;
  }
  return pairs;
}

function pairsBySorting({ items, groups }: Grouped, codes: Uint32Array, width: number): Pairs {
  const keys = new Float64Array(items.length);
  let length = 0;
  for (let index = 0; index < items.length; index++) {
    const group = groups[index]!;
    if (group !== NONE) keys[length++] = group * width + codes[items[index]!]!;
  }
  const sorted = keys.subarray(0, length).sort();
  const pairs = { groups: new Uint32Array(length), codes: new Uint32Array(length), times: new Float64Array(length) };
  let count = 0;
  for (let index = 0; index < length; index++) {
    const key = sorted[index]!;
    if (index === 0 || key !== sorted[index - 1]) {
      pairs.groups[count] = Math.floor(key / width);
      pairs.codes[count++] = key % width;
    }
    pairs.times[count - 1]! += 1;
  }
  const { groups: own, codes: known, times } = pairs;
  return { groups: own.subarray(0, count), codes: known.subarray(0, count), times: times.subarray(0, count) };
}

/** `codes` by row of the view, each below `width`; groups below `size`. */
export async function countPairs(
  view: View,
  grouped: Grouped,
  { codes, width, size }: { codes: Uint32Array; width: number; size: number },
): Promise<Pairs> {
  const { items } = grouped;
  if (size * width > Math.max(FEW_CELLS, 4 * items.length)) {
    const rest = view.pace.spend(items.length * 20);
    if (rest) await rest;
    return pairsBySorting(grouped, codes, width);
  }
  const cells = new Uint32Array(size * width);
  const step = (start: number, end: number) => countCells(cells, grouped, codes, { start, end, width });
  await inChunks(items.length, step, { pace: view.pace, weight: 2 });
  return pairsOfCells(cells, width);
}
