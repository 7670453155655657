// A batch: events as columns. Text is dictionary-coded; properties are sparse columns of their own, by name.
// Columns are asked for by name, so that a stored batch decodes only what a scan reads.

import { EVENT_TEXT_FIELDS } from "../domain/event.ts";
import type { Slice } from "./visitor-key.ts";

/** `currency` is "" without revenue; `consent` is "" or JSON. */
export const TEXT_COLUMNS = [...EVENT_TEXT_FIELDS, "currency", "consent"] as const;
export type TextColumnName = (typeof TEXT_COLUMNS)[number];

export const NUMBER_COLUMNS = ["engagementMs", "scrollDepth", "amount"] as const;
export type NumberColumnName = (typeof NUMBER_COLUMNS)[number];

export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** Row r holds dict[codes[r]]. The dictionary may hold entries that no row uses. */
export interface TextColumn {
  readonly codes: Codes;
  readonly dict: readonly string[];
}

/** Only the rows that have the property, ascending; the dictionary holds values as JSON. */
export interface PropertyColumn extends TextColumn {
  readonly rows: Uint32Array;
}

export interface Batch {
  readonly length: number;
  /** Event times of the oldest and newest row, milliseconds; Infinity and -Infinity when empty. */
  readonly earliest: number;
  readonly latest: number;
  /** Receipt time of the row received last; -Infinity when empty. */
  readonly newest: number;
  readonly at: Float64Array;
  readonly receivedAt: Float64Array;
  text(name: TextColumnName): TextColumn;
  number(name: NumberColumnName): Float64Array;
  readonly properties: readonly string[];
  property(name: string): PropertyColumn | undefined;
}

/** The distinct visitors of a sorted batch, rising by key; visitor v has the rows starts[v] to starts[v + 1]. */
export interface VisitorIndex {
  /** The two words of each visitor's key. */
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  /** One entry more than there are visitors. */
  readonly starts: Uint32Array;
}

/** Rows by visitor's key, and of a visitor by time, then receipt, then arrival. What scans read and blocks hold. */
export interface SortedBatch extends Batch {
  readonly visitors: VisitorIndex;
  /** Where its visitors lie, known without reading them. */
  readonly range: Slice;
}

/** Stands in `persistentId` for the row's own visitor id, which imports give as the lasting one. */
export const OWN_ID = "\u0000own";

/** What a batch is made of when every column is at hand. */
export interface Columns {
  at: Float64Array;
  receivedAt: Float64Array;
  text: Record<TextColumnName, TextColumn>;
  numbers: Record<NumberColumnName, Float64Array>;
  properties: ReadonlyMap<string, PropertyColumn>;
}

export function boundsOf(values: Float64Array): { least: number; most: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}

export function batchFrom(columns: Columns): Batch {
  const { least, most } = boundsOf(columns.at);
  return {
    length: columns.at.length,
    earliest: least,
    latest: most,
    newest: boundsOf(columns.receivedAt).most,
    at: columns.at,
    receivedAt: columns.receivedAt,
    text: (name) => columns.text[name],
    number: (name) => columns.numbers[name],
    properties: [...columns.properties.keys()],
    property: (name) => columns.properties.get(name),
  };
}

export function rangeOf({ high }: Pick<VisitorIndex, "high">): Slice {
  return { from: high[0] ?? 0, to: high.at(-1) ?? 0 };
}

/** Every name with what `make` returns for it. */
export function byName<Name extends string, T>(names: readonly Name[], make: (name: Name) => T): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, T>; // keys are exactly `names`
}

/** The value of one text column in one row, for events and exports; scans work on codes. */
export function textAt(batch: Batch, name: TextColumnName, row: number): string {
  const column = batch.text(name);
  const value = column.dict[column.codes[row]!]!;
  return value === OWN_ID && name === "persistentId" ? textAt(batch, "visitorId", row) : value;
}
