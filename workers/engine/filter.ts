// Filters as one byte per row. A condition is tested once per value of its dimension, never once per row.

import type { Filter } from "../domain/query.ts";
import { type Coding, isOfSession, knownDimension, NONE, rowCoding, sessionCoding } from "./coding.ts";
import { inChunks, type Range } from "./pace.ts";
import { EVENT_KIND } from "./sessions.ts";
import { valueTest } from "./value-test.ts";
import { perView, type View } from "./view.ts";

/** 1 where the row passes. */
export type Mask = Uint8Array;

const masks = perView<Mask>();

/** Testing a value costs some tens of rows; a pattern more. */
const TEST_WEIGHT = 30;

async function passingValues(view: View, coding: Coding, test: (value: string) => boolean): Promise<Uint8Array> {
  const passing = new Uint8Array(coding.values.length);
  const look = (start: number, end: number) => {
    for (let code = start; code < end; code++) passing[code] = test(coding.values[code]!) ? 1 : 0;
  };
  await inChunks(passing.length, look, { pace: view.pace, weight: TEST_WEIGHT });
  return passing;
}

export type Condition = Extract<Filter, [unknown, string, ...unknown[]]>;

/** A condition, when the filter is nothing more. */
export function asCondition(filter: Filter): Condition | null {
  return typeof filter[1] === "string" ? (filter as Condition) : null; // only conditions name a dimension there
}

/** By code of the coding, whether the condition holds; NONE never passes. */
export function passingCodes(view: View, [operator, name, clauses, modifiers]: Condition, coding: Coding) {
  const { empty } = knownDimension(name);
  const caseSensitive = modifiers?.case_sensitive ?? true;
  return passingValues(view, coding, valueTest({ operator, clauses, caseSensitive, empty }));
}

function passByRow(mask: Mask, codes: Uint32Array, passing: Uint8Array, { start, end }: Range): void {
  for (let row = start; row < end; row++) {
    const code = codes[row]!;
    mask[row] = code === NONE ? 0 : passing[code]!;
  }
}

function passBySession(mask: Mask, ofRow: Int32Array, passes: Uint8Array, { start, end }: Range): void {
  for (let row = start; row < end; row++) {
    const session = ofRow[row]!;
    mask[row] = session < 0 ? 0 : passes[session]!;
  }
}

function joinMasks(mask: Mask, other: Mask, every: boolean, { start, end }: Range): void {
  if (every) for (let row = start; row < end; row++) mask[row] = mask[row]! & other[row]!;
  else for (let row = start; row < end; row++) mask[row] = mask[row]! | other[row]!;
}

async function conditionMask(view: View, condition: Condition): Promise<Mask> {
  const mask = new Uint8Array(view.length);
  if (isOfSession(condition[1])) {
    const coding = await sessionCoding(view, condition[1]);
    const passing = await passingCodes(view, condition, coding);
    const { ofRow, count } = view.sessions;
    const passes = new Uint8Array(count);
    for (let session = 0; session < count; session++) passes[session] = passing[coding.codes[session]!] ?? 0;
    const look = (start: number, end: number) => passBySession(mask, ofRow, passes, { start, end });
    await inChunks(view.length, look, { pace: view.pace });
    return mask;
  }
  const coding = await rowCoding(view, condition[1]);
  const passing = await passingCodes(view, condition, coding);
  const look = (start: number, end: number) => passByRow(mask, coding.codes, passing, { start, end });
  await inChunks(view.length, look, { pace: view.pace });
  return mask;
}

async function joinedMask(view: View, kind: "and" | "or", filters: readonly Filter[]): Promise<Mask> {
  const every = kind === "and";
  const [only] = filters;
  if (only && filters.length === 1) return maskOf(view, only);
  const mask = new Uint8Array(view.length).fill(every ? 1 : 0);
  for (const filter of filters) {
    const other = await maskOf(view, filter);
    const join = (start: number, end: number) => joinMasks(mask, other, every, { start, end });
    await inChunks(view.length, join, { pace: view.pace });
  }
  return mask;
}

async function negatedMask(view: View, filter: Filter): Promise<Mask> {
  const mask = await maskOf(view, filter);
  return mask.map((passes) => 1 - passes);
}

type Behaviour = Extract<Filter, ["has_done" | "has_not_done", ...unknown[]]>;

/** Done means by an event, which `engagement` is none. By session wherever in time it lies, by visitor in the period. */
async function doneMask(view: View, [operator, inner, options]: Behaviour): Promise<Mask> {
  const passing = await maskOf(view, inner);
  const byVisitor = options?.by === "visitor";
  const { from, to } = view.period;
  const doers = byVisitor ? view.visitor : view.sessions.ofRow;
  const done = new Uint8Array(byVisitor ? view.visitorCount : view.sessions.count);
  const note = (start: number, end: number) => {
    for (let row = start; row < end; row++) {
      if (passing[row] === 0 || view.kind[row] === EVENT_KIND.engagement) continue;
      if (!byVisitor || (view.at[row]! >= from && view.at[row]! < to)) done[doers[row]!] = 1;
    }
  };
  await inChunks(view.length, note, { pace: view.pace });
  const mask = new Uint8Array(view.length);
  const wanted = operator === "has_done" ? 1 : 0;
  const look = (start: number, end: number) => {
    for (let row = start; row < end; row++) mask[row] = (done[doers[row]!] ?? 0) === wanted ? 1 : 0;
  };
  await inChunks(view.length, look, { pace: view.pace });
  return mask;
}

function isBehaviour(filter: Filter): filter is Behaviour {
  return filter[0] === "has_done" || filter[0] === "has_not_done";
}

function makeMask(view: View, filter: Filter): Promise<Mask> {
  if (filter[0] === "and" || filter[0] === "or") return joinedMask(view, filter[0], filter[1]);
  if (filter[0] === "not") return negatedMask(view, filter[1]);
  if (isBehaviour(filter)) return doneMask(view, filter);
  return conditionMask(view, filter as Condition); // what is left
}

/** Rows that pass. Conditions about the event read the row, those about the visit its session. */
export function maskOf(view: View, filter: Filter): Promise<Mask> {
  return masks(view, JSON.stringify(filter), () => makeMask(view, filter));
}
