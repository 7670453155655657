// Sorted batches become one, with the rows of the visitors in a slice: how small segments become large ones.

import {
  batchFrom,
  byName,
  NUMBER_COLUMNS,
  type PropertyColumn,
  rangeOf,
  type SortedBatch,
  TEXT_COLUMNS,
  type TextColumn,
} from "./columns.ts";
import { dictionary } from "./dictionary.ts";
import { NOT_THERE, placesIn } from "./interleave.ts";
import { load } from "./load.ts";
import type { Pace } from "./pace.ts";
import type { Loaded } from "./place-rows.ts";
import type { Slice } from "./visitor-key.ts";

const ALWAYS = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
/** A row of a column, in units of `Pace`. */
const GATHER_WEIGHT = 4;

/** A dictionary for many batches. */
function joinedDictionary() {
  const { dict, add } = dictionary();
  /** The code of each of another dictionary's entries, given when first asked for. */
  const translating = (other: readonly string[]) => {
    const known = new Int32Array(other.length).fill(-1);
    return (code: number): number => {
      if (known[code]! < 0) known[code] = add(other[code]!);
      return known[code]!;
    };
  };
  return { dict, translating };
}

function textOf({ pieces, length }: Loaded, columnOf: (batch: SortedBatch) => TextColumn): TextColumn {
  const { dict, translating } = joinedDictionary();
  const out = new Uint32Array(length);
  for (const { batch, rows, positions } of pieces) {
    const { codes, dict: own } = columnOf(batch);
    const translate = translating(own);
    for (let entry = 0; entry < rows.length; entry++) out[positions[entry]!] = translate(codes[rows[entry]!]!);
  }
  return { codes: out, dict };
}

function numbersOf({ pieces, length }: Loaded, valuesOf: (batch: SortedBatch) => Float64Array): Float64Array {
  const out = new Float64Array(length);
  for (const { batch, rows, positions } of pieces) {
    const values = valuesOf(batch);
    for (let entry = 0; entry < rows.length; entry++) out[positions[entry]!] = values[rows[entry]!]!;
  }
  return out;
}

function propertyOf({ pieces, length }: Loaded, name: string): PropertyColumn {
  const { dict, translating } = joinedDictionary();
  const codeOfRow = new Int32Array(length).fill(-1);
  let count = 0;
  for (const { batch, rows, positions } of pieces) {
    const column = batch.property(name);
    if (!column) continue;
    const translate = translating(column.dict);
    for (let entry = 0, next = 0; entry < rows.length && next < column.rows.length; entry++) {
      while (next < column.rows.length && column.rows[next]! < rows[entry]!) next++;
      if (column.rows[next] !== rows[entry]) continue;
      codeOfRow[positions[entry]!] = translate(column.codes[next]!);
      count++;
    }
  }
  const present = { rows: new Uint32Array(count), codes: new Uint32Array(count), dict };
  for (let row = 0, entry = 0; row < length; row++) {
    if (codeOfRow[row]! < 0) continue;
    present.rows[entry] = row;
    present.codes[entry++] = codeOfRow[row]!;
  }
  return present;
}

/** The visitors' ids, by number. */
function idsOf({ pieces, keys, visitorCount }: Loaded): string[] {
  const ids = new Array<string>(visitorCount).fill("");
  for (const { batch } of pieces) {
    const places = placesIn(keys, batch.visitors);
    const own = batch.text("visitorId").dict;
    for (let visitor = 0; visitor < visitorCount; visitor++) {
      if (places[visitor] !== NOT_THERE) ids[visitor] = own[places[visitor]!]!;
    }
  }
  return ids;
}

/** Null when nobody of the slice is in any of them. `batches` in order of arrival; gives way between columns. */
export async function mergeBatches(
  batches: readonly SortedBatch[],
  slice: Slice,
  pace: Pace,
): Promise<SortedBatch | null> {
  const loaded = load(batches, { period: ALWAYS, from: ALWAYS.from, slice });
  if (loaded.length === 0) return null;
  const rest = async () => {
    const pause = pace.spend(loaded.length * GATHER_WEIGHT);
    if (pause) await pause;
  };
  const text: Partial<Record<(typeof TEXT_COLUMNS)[number], TextColumn>> = {};
  for (const name of TEXT_COLUMNS) {
    text[name] =
      name === "visitorId"
        ? { codes: loaded.visitor, dict: idsOf(loaded) }
        : textOf(loaded, (batch) => batch.text(name));
    await rest();
  }
  const receivedAt = numbersOf(loaded, (batch) => batch.receivedAt);
  const numbers = byName(NUMBER_COLUMNS, (name) => numbersOf(loaded, (batch) => batch.number(name)));
  await rest();
  const properties = new Map<string, PropertyColumn>();
  for (const name of new Set(loaded.pieces.flatMap(({ batch }) => batch.properties))) {
    const column = propertyOf(loaded, name);
    if (column.rows.length > 0) properties.set(name, column);
    await rest();
  }
  const whole = batchFrom({
    at: loaded.at,
    receivedAt,
    text: byName(TEXT_COLUMNS, (name) => text[name]!),
    numbers,
    properties,
  });
  return { ...whole, visitors: { ...loaded.keys, starts: loaded.starts }, range: rangeOf(loaded.keys) };
}
