// A view: everything a period's analyses read of some of the visitors, in order of visitor and time, cut into sessions.
// Columns and sessions are made when first asked for and shared by all analyses of the scan.

import { ENGAGEMENT, PAGEVIEW } from "../domain/event.ts";
import type { Period } from "../domain/period.ts";
import type { Codes, NumberColumnName, PropertyColumn, TextColumnName } from "./columns.ts";
import { dictionary } from "./dictionary.ts";
import { inChunks, type Pace, type Range } from "./pace.ts";
import type { Loaded, Piece } from "./place-rows.ts";
import { EVENT_KIND, type Sessions, sessionize } from "./sessions.ts";

/** Codes with one dictionary for the whole view. */
export interface ViewColumn {
  codes: Uint32Array;
  dict: string[];
}

export interface View {
  period: Period;
  timeZone: string;
  /** Whether it holds all visitors of the shard. */
  whole: boolean;
  length: number;
  visitorCount: number;
  /** Rising; a visitor's rows are together and in order of time. */
  visitor: Uint32Array;
  at: Float64Array;
  /** EVENT_KIND of each row. */
  kind: Uint8Array;
  readonly sessions: Sessions;
  text(name: TextColumnName): Promise<ViewColumn>;
  number(name: NumberColumnName | "receivedAt"): Promise<Float64Array>;
  /** Values as text: strings as they are, others as JSON; "" for rows without the property. */
  property(name: string): Promise<ViewColumn>;
  /** Values as JSON; "" for rows without the property. */
  propertyJson(name: string): Promise<ViewColumn>;
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

/** The loop itself, and the column's inflating, which comes with its first use. */
const GATHER_WEIGHT = 3;

const UNKNOWN = 0xffffffff;

interface Rows {
  loaded: Loaded;
  pace: Pace;
}

/** Looks codes of the view up by codes of a column; those that no row has yet are UNKNOWN, since a block's dictionary may be long. */
interface Recoding {
  known: Uint32Array;
  learn(code: number): number;
}

function recodingOf(dict: readonly string[], add: (value: string) => number): Recoding {
  const known = new Uint32Array(dict.length).fill(UNKNOWN);
  return {
    known,
    learn(code) {
      const made = add(dict[code]!);
      known[code] = made;
      return made;
    },
  };
}

// The loops over rows are functions of their own that are given all they touch: what a closure reaches for is looked up
// again at every row, which costs several times the work itself.

function pick(codes: Codes, rows: Uint32Array): Uint32Array {
  const own = new Uint32Array(rows.length);
  for (let entry = 0; entry < rows.length; entry++) own[entry] = codes[rows[entry]!]!;
  return own;
}

/**
 * The code of each entry, four bytes wide: a loop that meets arrays of three kinds is several times slower. Rows that follow
 * each other are copied by the engine itself.
 */
function codesOf({ rows }: Piece, codes: Codes): Uint32Array {
  const first = rows[0] ?? 0;
  const end = (rows.at(-1) ?? -1) + 1;
  return end - first === rows.length ? new Uint32Array(codes.subarray(first, end)) : pick(codes, rows);
}

function recode(
  out: Uint32Array,
  positions: Uint32Array,
  codes: Uint32Array,
  { known, learn }: Recoding,
  { start, end }: Range,
) {
  for (let entry = start; entry < end; entry++) {
    let own = known[codes[entry]!]!;
    if (own === UNKNOWN) own = learn(codes[entry]!);
    out[positions[entry]!] = own;
  }
}

function copyNumbers(out: Float64Array, { rows, positions }: Piece, values: Float64Array, { start, end }: Range) {
  for (let entry = start; entry < end; entry++) out[positions[entry]!] = values[rows[entry]!]!;
}

function copyBytes(
  out: Uint8Array,
  positions: Uint32Array,
  codes: Uint32Array,
  byteOf: Uint8Array,
  { start, end }: Range,
) {
  for (let entry = start; entry < end; entry++) out[positions[entry]!] = byteOf[codes[entry]!]!;
}

async function gatherText({ loaded, pace }: Rows, name: TextColumnName): Promise<ViewColumn> {
  const { dict, add } = dictionary();
  const out = new Uint32Array(loaded.length);
  for (const piece of loaded.pieces) {
    const { codes, dict: own } = piece.batch.text(name);
    const recoding = recodingOf(own, add);
    if (own.length === 1 && piece.rows.length > 0 && recoding.learn(0) === 0) continue;
    const { positions } = piece;
    const ofEntries = codesOf(piece, codes);
    const gather = (start: number, end: number) => recode(out, positions, ofEntries, recoding, { start, end });
    await inChunks(positions.length, gather, { pace, weight: GATHER_WEIGHT });
  }
  return { codes: out, dict };
}

async function gatherNumbers({ loaded, pace }: Rows, name: NumberColumnName | "receivedAt"): Promise<Float64Array> {
  const out = new Float64Array(loaded.length);
  for (const piece of loaded.pieces) {
    const values = name === "receivedAt" ? piece.batch.receivedAt : piece.batch.number(name);
    const gather = (start: number, end: number) => copyNumbers(out, piece, values, { start, end });
    await inChunks(piece.rows.length, gather, { pace, weight: GATHER_WEIGHT });
  }
  return out;
}

function propertyText(json: string): string {
  const value: unknown = JSON.parse(json);
  if (typeof value === "string") return value;
  return value === null ? "" : json;
}

/** First entry whose row is not below. */
function entryAt(rows: Uint32Array, row: number): number {
  let start = 0;
  let end = rows.length;
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (rows[middle]! < row) start = middle + 1;
    else end = middle;
  }
  return start;
}

/** Both lists of rows ascend, so one walk along both pairs them up. */
function gatherPiece(out: Uint32Array, { rows, positions }: Piece, column: PropertyColumn, { known, learn }: Recoding) {
  if (rows.length === 0) return;
  const last = rows[rows.length - 1]!;
  for (let entry = entryAt(column.rows, rows[0]!), next = 0; entry < column.rows.length; entry++) {
    const row = column.rows[entry]!;
    if (row > last) break;
    while (rows[next]! < row) next++;
    if (rows[next] !== row) continue;
    const code = column.codes[entry]!;
    const seen = known[code]!;
    out[positions[next]!] = seen === UNKNOWN ? learn(code) : seen;
  }
}

async function gatherProperty(
  { loaded, pace }: Rows,
  name: string,
  shown: (json: string) => string,
): Promise<ViewColumn> {
  const { dict, add } = dictionary([""]);
  const out = new Uint32Array(loaded.length);
  for (const piece of loaded.pieces) {
    const column = piece.batch.property(name);
    if (!column) continue;
    gatherPiece(
      out,
      piece,
      column,
      recodingOf(column.dict, (json) => add(shown(json))),
    );
    const rest = pace.spend(piece.rows.length * 2);
    if (rest) await rest;
  }
  return { codes: out, dict };
}

function kindOfName(name: string): number {
  if (name === PAGEVIEW) return EVENT_KIND.pageview;
  return name === ENGAGEMENT ? EVENT_KIND.engagement : EVENT_KIND.other;
}

async function kindsOf({ loaded, pace }: Rows): Promise<Uint8Array> {
  const kinds = new Uint8Array(loaded.length);
  for (const piece of loaded.pieces) {
    const { codes, dict } = piece.batch.text("name");
    const kindOfCode = Uint8Array.from(dict, kindOfName);
    const { positions } = piece;
    const ofEntries = codesOf(piece, codes);
    const look = (start: number, end: number) => copyBytes(kinds, positions, ofEntries, kindOfCode, { start, end });
    await inChunks(positions.length, look, { pace, weight: GATHER_WEIGHT });
  }
  return kinds;
}

const textColumns = perView<ViewColumn>();
const propertyColumns = perView<ViewColumn>();
const numberColumns = perView<Float64Array>();

export interface ViewOptions {
  period: Period;
  timeZone: string;
  whole: boolean;
  pace: Pace;
}

export async function openView(loaded: Loaded, options: ViewOptions): Promise<View> {
  const { pace } = options;
  const rows: Rows = { loaded, pace };
  const { length, visitorCount, visitor, at, pieces } = loaded;
  const kind = await kindsOf(rows);
  let sessions: Sessions | undefined;
  const view: View = {
    ...options,
    length,
    visitorCount,
    visitor,
    at,
    kind,
    get sessions() {
      sessions ??= sessionize({ length, visitor, at, kind });
      return sessions;
    },
    text: (name) => textColumns(view, name, () => gatherText(rows, name)),
    number: (name) => numberColumns(view, name, () => gatherNumbers(rows, name)),
    properties: [...new Set(pieces.flatMap(({ batch }) => batch.properties))].sort(),
    property: (name) => propertyColumns(view, name, () => gatherProperty(rows, name, propertyText)),
    propertyJson: (name) => gatherProperty(rows, name, (json) => json),
  };
  return view;
}
