// A view: everything a period's analyses read, in order of visitor and time, cut into sessions. Columns are gathered
// when first asked for and shared by all analyses of the scan.

import { ENGAGEMENT, PAGEVIEW } from "../domain/event.ts";
import type { Period } from "../domain/period.ts";
import type { NumberColumnName, PropertyColumn, TextColumn, TextColumnName } from "./columns.ts";
import type { Loaded, Piece } from "./load.ts";
import { type Ordered, order } from "./order.ts";
import { inChunks, type Pace } from "./pace.ts";
import { EVENT_KIND, type Sessions, sessionize } from "./sessions.ts";

/** Codes with one dictionary for the whole view. */
export interface ViewColumn {
  codes: Uint32Array;
  dict: string[];
}

export interface View {
  period: Period;
  timeZone: string;
  length: number;
  /** Rising; a visitor's rows are together and in order of time. */
  visitor: Uint32Array;
  at: Float64Array;
  /** EVENT_KIND of each row. */
  kind: Uint8Array;
  sessions: Sessions;
  text(name: TextColumnName): Promise<ViewColumn>;
  number(name: NumberColumnName): Promise<Float64Array>;
  /** Values as text: strings as they are, others as JSON; "" for rows without the property. */
  property(name: string): Promise<ViewColumn>;
  /** Names of the properties that some row may have, in order. */
  properties: readonly string[];
  pace: Pace;
}

/** A value computed once per view and key. */
export function perView<T>(): (view: View, key: string, make: () => Promise<T>) => Promise<T> {
  const views = new WeakMap<View, Map<string, Promise<T>>>();
  return (view, key, make) => {
    const made = views.get(view) ?? new Map<string, Promise<T>>();
    views.set(view, made);
    const value = made.get(key) ?? make();
    made.set(key, value);
    return value;
  };
}

function dictionary(first: string[] = []) {
  const dict = [...first];
  const codeOf = new Map(dict.map((value, code) => [value, code]));
  const add = (value: string): number => {
    const code = codeOf.get(value) ?? dict.length;
    if (code === dict.length) {
      codeOf.set(value, code);
      dict.push(value);
    }
    return code;
  };
  return { dict, add };
}

/** The loop itself, and the column's inflating, which comes with its first use. */
const GATHER_WEIGHT = 3;

interface Rows {
  pieces: Piece[];
  ordered: Ordered;
  pace: Pace;
}

async function gatherText({ pieces, ordered, pace }: Rows, name: TextColumnName): Promise<ViewColumn> {
  const { dict, add } = dictionary();
  const out = new Uint32Array(ordered.length);
  const known = new Map<TextColumn, Uint32Array>();
  for (const [index, { batch, rows }] of pieces.entries()) {
    const column = batch.text(name);
    const recoded = known.get(column) ?? Uint32Array.from(column.dict, add);
    known.set(column, recoded);
    const positions = ordered.positions[index]!;
    const { codes } = column;
    const gather = (start: number, end: number) => {
      for (let entry = start; entry < end; entry++) out[positions[entry]!] = recoded[codes[rows[entry]!]!]!;
    };
    await inChunks(rows.length, gather, { pace, weight: GATHER_WEIGHT });
  }
  return { codes: out, dict };
}

async function gatherNumbers({ pieces, ordered, pace }: Rows, name: NumberColumnName): Promise<Float64Array> {
  const out = new Float64Array(ordered.length);
  for (const [index, { batch, rows }] of pieces.entries()) {
    const values = batch.number(name);
    const positions = ordered.positions[index]!;
    const gather = (start: number, end: number) => {
      for (let entry = start; entry < end; entry++) out[positions[entry]!] = values[rows[entry]!]!;
    };
    await inChunks(rows.length, gather, { pace, weight: GATHER_WEIGHT });
  }
  return out;
}

function propertyText(json: string): string {
  const value: unknown = JSON.parse(json);
  if (typeof value === "string") return value;
  return value === null ? "" : json;
}

/** Both lists of rows ascend, so one walk along both pairs them up. */
function gatherPiece(
  out: Uint32Array,
  piece: Piece,
  positions: Uint32Array,
  column: PropertyColumn,
  recoded: Uint32Array,
) {
  for (let entry = 0, next = 0; entry < column.rows.length; entry++) {
    const row = column.rows[entry]!;
    while (next < piece.rows.length && piece.rows[next]! < row) next++;
    if (piece.rows[next] === row) out[positions[next]!] = recoded[column.codes[entry]!]!;
  }
}

async function gatherProperty({ pieces, ordered, pace }: Rows, name: string): Promise<ViewColumn> {
  const { dict, add } = dictionary([""]);
  const out = new Uint32Array(ordered.length);
  for (const [index, piece] of pieces.entries()) {
    const column = piece.batch.property(name);
    if (!column) continue;
    const recoded = Uint32Array.from(column.dict, (json) => add(propertyText(json)));
    gatherPiece(out, piece, ordered.positions[index]!, column, recoded);
    const rest = pace.spend(column.rows.length * 2);
    if (rest) await rest;
  }
  return { codes: out, dict };
}

async function kindsOf(names: ViewColumn, pace: Pace): Promise<Uint8Array> {
  const kindOfName = Uint8Array.from(names.dict, (name) => {
    if (name === PAGEVIEW) return EVENT_KIND.pageview;
    return name === ENGAGEMENT ? EVENT_KIND.engagement : EVENT_KIND.other;
  });
  const kinds = new Uint8Array(names.codes.length);
  const look = (start: number, end: number) => {
    for (let row = start; row < end; row++) kinds[row] = kindOfName[names.codes[row]!]!;
  };
  await inChunks(kinds.length, look, { pace });
  return kinds;
}

const textColumns = perView<ViewColumn>();
const propertyColumns = perView<ViewColumn>();
const numberColumns = perView<Float64Array>();

export async function openView(
  loaded: Loaded,
  options: { period: Period; timeZone: string; pace: Pace },
): Promise<View> {
  const { pace } = options;
  const ordered = await order(loaded, pace);
  const rows: Rows = { pieces: loaded.pieces, ordered, pace };
  const { length, visitor, at } = ordered;
  const names = await gatherText(rows, "name");
  const kind = await kindsOf(names, pace);
  const view: View = {
    ...options,
    length,
    visitor,
    at,
    kind,
    sessions: await sessionize({ length, visitor, at, kind }, pace),
    text: (name) => textColumns(view, name, () => (name === "name" ? Promise.resolve(names) : gatherText(rows, name))),
    number: (name) => numberColumns(view, name, () => gatherNumbers(rows, name)),
    properties: [...new Set(loaded.pieces.flatMap(({ batch }) => batch.properties))].sort(),
    property: (name) => propertyColumns(view, name, () => gatherProperty(rows, name)),
  };
  return view;
}
