// A coding whose values are put as people call them. Values that are called alike become one.

import type { Coding } from "./coding.ts";
import { dictionary } from "./dictionary.ts";
import { inChunks, type Pace, type Range } from "./pace.ts";

function recode(out: Uint32Array, codes: Uint32Array, known: Uint32Array, { start, end }: Range): void {
  // NONE lies beyond every dictionary and stays itself.
  for (let index = start; index < end; index++) out[index] = known[codes[index]!] ?? codes[index]!;
}

export async function calledBy(
  { codes, values }: Coding,
  call: (stored: string) => string,
  pace: Pace,
): Promise<Coding> {
  const { dict, add } = dictionary();
  const known = Uint32Array.from(values, (stored) => add(stored === "" ? "" : call(stored)));
  const out = new Uint32Array(codes.length);
  await inChunks(codes.length, (start, end) => recode(out, codes, known, { start, end }), { pace });
  return { codes: out, values: dict };
}
