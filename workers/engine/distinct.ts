// How many different texts, in a form that merges. Few are kept and counted exactly; many as HyperLogLog registers (Flajolet et
// al. 2007, with the estimator of Ertl 2017, which needs no table of corrections). Which it is depends on the texts alone.

import { hashed } from "./visitor-key.ts";

export interface Distinct {
  /** Every text while there are at most EXACT_TEXTS, each behind a mark, since some names are not like others; else null. */
  texts: Record<string, 1> | null;
  count: number;
  /** Of 4,096, once `texts` is null: by the first bits of the hash the longest run of zeros after them. */
  registers: number[];
}

export const EXACT_TEXTS = 5000;
const BITS = 12;
const REGISTERS = 2 ** BITS;
/** Standard error of counts of more texts than that. */
export const DISTINCT_ERROR = 1.04 / Math.sqrt(REGISTERS);

const MARK = "=";

export function emptyDistinct(): Distinct {
  return { texts: {}, count: 0, registers: [] };
}

/** Zeros after the first BITS bits of a 64-bit hash, and one. */
function runOf({ high, low }: { high: number; low: number }): number {
  const rest = (high << BITS) >>> 0;
  if (rest !== 0) return Math.clz32(rest) + 1;
  return 32 - BITS + Math.clz32(low) + 1;
}

function register(registers: number[], text: string): void {
  const hash = hashed(text);
  const place = hash.high >>> (32 - BITS);
  registers[place] = Math.max(registers[place]!, runOf(hash));
}

function toRegisters(distinct: Distinct): void {
  distinct.registers = new Array<number>(REGISTERS).fill(0);
  for (const text of Object.keys(distinct.texts ?? {})) register(distinct.registers, text.slice(MARK.length));
  distinct.texts = null;
}

/** In place. */
export function addText(distinct: Distinct, text: string): void {
  if (!distinct.texts) {
    register(distinct.registers, text);
    return;
  }
  const key = MARK + text;
  if (distinct.texts[key]) return;
  distinct.texts[key] = 1;
  distinct.count += 1;
  if (distinct.count > EXACT_TEXTS) toRegisters(distinct);
}

/** Adds `more` to `distinct`, in place. */
export function addDistinct(distinct: Distinct, more: Distinct): void {
  for (const text of Object.keys(more.texts ?? {})) addText(distinct, text.slice(MARK.length));
  if (more.texts) return;
  if (distinct.texts) toRegisters(distinct);
  const { registers } = distinct;
  more.registers.forEach((run, place) => {
    if (run > registers[place]!) registers[place] = run;
  });
}

function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let [power, weight, sum, before] = [share, 1, share, Number.NaN];
  while (sum !== before) {
    power *= power;
    before = sum;
    sum += power * weight;
    weight += weight;
  }
  return sum;
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let [root, weight, sum, before] = [share, 1, 1 - share, Number.NaN];
  while (sum !== before) {
    root = Math.sqrt(root);
    before = sum;
    weight /= 2;
    sum -= (1 - root) ** 2 * weight;
  }
  return sum / 3;
}

function estimate(registers: readonly number[]): number {
  const longest = 64 - BITS;
  const having = new Array<number>(longest + 2).fill(0);
  for (const run of registers) having[run]! += 1;
  let sum = REGISTERS * tau(1 - having[longest + 1]! / REGISTERS);
  for (let run = longest; run >= 1; run--) sum = 0.5 * (sum + having[run]!);
  sum += REGISTERS * sigma(having[0]! / REGISTERS);
  return Math.round((REGISTERS * REGISTERS) / (2 * Math.LN2 * sum));
}

export function countOf({ texts, count, registers }: Distinct): number {
  return texts ? count : estimate(registers);
}
