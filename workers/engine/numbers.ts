// Figures over a text column: the values that read as a number, whether they were sent as numbers or as text.

import { addExactly, type ExactSum, mergeExactly } from "./exact-sum.ts";
import { inChunks, type Pace } from "./pace.ts";

export interface Numbers {
  count: number;
  sum: ExactSum;
  min: number;
  max: number;
}

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
/** Beyond this a sum could overflow. */
const LARGEST = 1e290;

/** Null for what does not read as a number. */
export function numberIn(text: string): number | null {
  if (!NUMBER.test(text)) return null;
  const value = Number(text);
  return Math.abs(value) <= LARGEST ? value + 0 : null;
}

interface NumericColumn {
  rows: Uint32Array;
  /** By row of the view. */
  codes: Uint32Array;
  dict: readonly string[];
}

/** `present`: rows that have a value at all; `numbers`: null when none reads as a number. */
export async function numbersOf(
  { rows, codes, dict }: NumericColumn,
  pace: Pace,
): Promise<{ present: number; numbers: Numbers | null }> {
  const values = Float64Array.from(dict, (text) => numberIn(text) ?? Number.NaN);
  const numbers: Numbers = { count: 0, sum: [], min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
  let present = 0;
  const look = (start: number, end: number) => {
    for (let index = start; index < end; index++) {
      const code = codes[rows[index]!]!;
      if (dict[code] !== "") present += 1;
      const value = values[code]!;
      if (Number.isNaN(value)) continue;
      numbers.count += 1;
      if (value < numbers.min) numbers.min = value;
      if (value > numbers.max) numbers.max = value;
      addExactly(numbers.sum, value);
    }
  };
  await inChunks(rows.length, look, { pace, weight: 6 });
  return { present, numbers: numbers.count > 0 ? numbers : null };
}

export function mergeNumbers(a: Numbers | null, b: Numbers | null): Numbers | null {
  if (!a || !b) return a ?? b;
  return {
    count: a.count + b.count,
    sum: mergeExactly(a.sum, b.sum),
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}
