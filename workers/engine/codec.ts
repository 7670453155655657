// A sorted batch as a block: a head with version, bounds and a directory of columns, and the columns' bytes, each deflated by
// itself where that pays, so that a reader fetches and inflates only what it needs. Short columns lie in the head, others
// apart from it. Lone surrogates in text come back as U+FFFD.
//
//   u8 version · varint rows · f64 earliest, latest, newest · varint first, last visitor's first word · varint columns
//   per column: text name · u8 kind · u8 storage · varint bytes      then the columns that lie in the head, in order
//
// Version 1 had neither words nor storage bytes: all columns deflated and in the head, rows in any order.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import { sortedByVisitor, visitorOfRows } from "./batch-rows.ts";
import { byteReader, byteWriter } from "./bytes.ts";
import { decodeProperty, decodeText, encodeProperty, encodeText } from "./codec-columns.ts";
import { decodeNumbers, encodeNumbers } from "./codec-numbers.ts";
import { decodeVisitors, encodeVisitors } from "./codec-visitors.ts";
import {
  type Batch,
  type Columns,
  NUMBER_COLUMNS,
  type NumberColumnName,
  type PropertyColumn,
  type SortedBatch,
  TEXT_COLUMNS,
  type TextColumn,
  type TextColumnName,
} from "./columns.ts";
import type { Pace } from "./pace.ts";
import { EVERYBODY, type Slice } from "./visitor-key.ts";

export const BLOCK_VERSION = 2;
const FIRST_VERSION = 1;

const KIND = { text: 0, number: 1, property: 2, visitors: 3 } as const;
type Kind = (typeof KIND)[keyof typeof KIND];

const DEFLATED = 1;
const APART = 2;
/** Deflating must take off this share, since inflating costs time at each reading. */
const WORTHWHILE = 0.85;
/** Columns of more bytes than this lie apart from the head, in pieces that fit a SQLite value of 2 MB. */
const INLINE_BYTES = 400;
const PIECE_BYTES = 1_900_000;
/** Encoding a row of a column, in units of `Pace`. */
const ENCODE_WEIGHT = 6;

export interface Block {
  head: Uint8Array;
  /** In the order in which the reader asks for them. */
  apart: Uint8Array[];
}

interface Part {
  name: string;
  kind: Kind;
  storage: number;
  bytes: Uint8Array;
}

function partOf(name: string, kind: Kind, raw: Uint8Array): Part {
  const deflated = deflateRawSync(raw);
  const pays = deflated.length <= raw.length * WORTHWHILE;
  return { name, kind, storage: pays ? DEFLATED : 0, bytes: pays ? deflated : raw };
}

/** Receipt follows the event closely, or is one moment for a whole import: the shorter of both codings is kept. */
function receiptPart(batch: Batch): Part {
  const delays = batch.receivedAt.map((receivedAt, row) => receivedAt - batch.at[row]!);
  const late = partOf("delay", KIND.number, encodeNumbers(delays, "whole"));
  const steps = partOf("receivedAt", KIND.number, encodeNumbers(batch.receivedAt, "steps"));
  return late.bytes.length < steps.bytes.length ? late : steps;
}

function* partsOf(batch: SortedBatch): Generator<Part> {
  yield partOf("visitorId", KIND.visitors, encodeVisitors(batch.visitors, batch.text("visitorId").dict));
  yield partOf("at", KIND.number, encodeNumbers(batch.at, "times"));
  yield receiptPart(batch);
  for (const name of TEXT_COLUMNS) {
    if (name !== "visitorId") yield partOf(name, KIND.text, encodeText(batch.text(name)));
  }
  for (const name of NUMBER_COLUMNS) yield partOf(name, KIND.number, encodeNumbers(batch.number(name), "whole"));
  for (const name of batch.properties) yield partOf(name, KIND.property, encodeProperty(batch.property(name)!));
}

function piecesOf(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    pieces.push(bytes.subarray(start, start + PIECE_BYTES));
  }
  return pieces;
}

function blockOf(batch: SortedBatch, parts: readonly Part[], inlineBytes: number): Block {
  const isApart = ({ bytes }: Part) => bytes.length > inlineBytes;
  const writer = byteWriter(4096);
  writer.byte(BLOCK_VERSION);
  writer.varint(batch.length);
  for (const bound of [batch.earliest, batch.latest, batch.newest]) writer.float(bound);
  writer.varint(batch.range.from);
  writer.varint(batch.range.to);
  writer.varint(parts.length);
  for (const part of parts) {
    writer.text(part.name);
    writer.byte(part.kind);
    writer.byte(part.storage | (isApart(part) ? APART : 0));
    writer.varint(part.bytes.length);
  }
  for (const part of parts) if (!isApart(part)) writer.bytes(part.bytes);
  return { head: writer.done(), apart: parts.filter(isApart).flatMap(({ bytes }) => piecesOf(bytes)) };
}

/** In one piece, for what does not go to SQLite. */
export function encodeBatch(batch: SortedBatch): Uint8Array {
  return blockOf(batch, [...partsOf(batch)], Number.POSITIVE_INFINITY).head;
}

/** Gives way between columns. */
export async function encodeBlock(batch: SortedBatch, pace: Pace): Promise<Block> {
  const parts: Part[] = [];
  for (const part of partsOf(batch)) {
    parts.push(part);
    const rest = pace.spend(batch.length * ENCODE_WEIGHT);
    if (rest) await rest;
  }
  return blockOf(batch, parts, INLINE_BYTES);
}

interface Entry {
  key: string;
  storage: number;
  size: number;
  /** The bytes in the head, or the first piece that lies apart. */
  place: Uint8Array | number;
}

interface Directory {
  version: number;
  length: number;
  bounds: [earliest: number, latest: number, newest: number];
  range: Slice;
  /** By kind and name: a property may be called as a column is. */
  entries: Map<string, Entry>;
}

function directoryOf(head: Uint8Array): Directory {
  const reader = byteReader(head);
  const version = reader.byte();
  if (version !== BLOCK_VERSION && version !== FIRST_VERSION) {
    throw new Error(`a block of version ${version} cannot be read, only ${FIRST_VERSION} and ${BLOCK_VERSION}`);
  }
  const length = reader.varint();
  const bounds: Directory["bounds"] = [reader.float(), reader.float(), reader.float()];
  const range = version === FIRST_VERSION ? EVERYBODY : { from: reader.varint(), to: reader.varint() };
  const listed = Array.from({ length: reader.varint() }, () => {
    const name = reader.text();
    const kind = reader.byte();
    const storage = version === FIRST_VERSION ? DEFLATED : reader.byte();
    return { key: `${kind} ${name}`, storage, size: reader.varint() };
  });
  let next = 0;
  const entries = listed.map((entry): Entry => {
    if ((entry.storage & APART) === 0) return { ...entry, place: reader.bytes(entry.size) };
    const place = next;
    next += Math.ceil(entry.size / PIECE_BYTES);
    return { ...entry, place };
  });
  return { version, length, bounds, range, entries: new Map(entries.map((entry) => [entry.key, entry])) };
}

/** Where a block's decoded columns are held; by default as long as the batch itself. */
export interface ColumnHolder {
  /** The column of that key, made when it is not held. */
  hold<T>(key: string, make: () => T): T;
}

export function holdAll(): ColumnHolder {
  const held = new Map<string, unknown>();
  return {
    hold<T>(key: string, make: () => T): T {
      const known = held.get(key);
      if (known !== undefined) return known as T; // put there under the same key
      const made = make();
      held.set(key, made);
      return made;
    },
  };
}

export interface BlockReader {
  /** A piece that lies apart from the head, by its number. */
  piece(number: number): Uint8Array;
  holder?: ColumnHolder;
}

const NOTHING_APART: BlockReader = {
  piece() {
    throw new Error("the block is cut short");
  },
};

function bytesOf({ place, size, storage }: Entry, { piece }: BlockReader): Uint8Array {
  let bytes: Uint8Array;
  if (typeof place !== "number") bytes = place;
  else if (size <= PIECE_BYTES) bytes = piece(place);
  else {
    bytes = new Uint8Array(size);
    for (let start = 0; start < size; start += PIECE_BYTES) bytes.set(piece(place + start / PIECE_BYTES), start);
  }
  return storage & DEFLATED ? new Uint8Array(inflateRawSync(bytes)) : bytes;
}

/** Reads the directory now and each column when asked for it; the bytes must not change meanwhile. */
export function decodeBatch(head: Uint8Array, reader: BlockReader = NOTHING_APART): SortedBatch {
  const { version, length, bounds, range, entries } = directoryOf(head);
  const { hold } = reader.holder ?? holdAll();
  const read = (kind: Kind, name: string) => {
    const entry = entries.get(`${kind} ${name}`);
    return entry && bytesOf(entry, reader);
  };
  const visitors = () => hold("visitors", () => decodeVisitors(read(KIND.visitors, "visitorId") ?? new Uint8Array(2)));
  const numbers = (name: "at" | "receivedAt" | "delay" | NumberColumnName) =>
    hold(`number ${name}`, () => {
      const bytes = read(KIND.number, name);
      return bytes ? decodeNumbers(bytes, length) : new Float64Array(length);
    });
  const received = (): Columns["receivedAt"] =>
    hold("received", () => {
      if (!entries.has(`${KIND.number} delay`)) return numbers("receivedAt");
      const at = numbers("at");
      return numbers("delay").map((delay, row) => at[row]! + delay);
    });
  const prefix = `${KIND.property} `;
  const block: SortedBatch = {
    length,
    earliest: bounds[0],
    latest: bounds[1],
    newest: bounds[2],
    range,
    get visitors() {
      return visitors();
    },
    get at() {
      return numbers("at");
    },
    get receivedAt() {
      return received();
    },
    text: (name: TextColumnName) =>
      hold(`text ${name}`, (): TextColumn => {
        if (name === "visitorId" && version !== FIRST_VERSION) {
          return { codes: visitorOfRows(visitors()), dict: visitors().ids() };
        }
        const bytes = read(KIND.text, name);
        // A column added to the format later is empty in older blocks.
        return bytes ? decodeText(bytes, length) : { codes: new Uint8Array(length), dict: [""] };
      }),
    number: numbers,
    properties: [...entries.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)),
    property: (name) => {
      if (!entries.has(`${prefix}${name}`)) return undefined;
      return hold(`property ${name}`, (): PropertyColumn => decodeProperty(read(KIND.property, name)!));
    },
  };
  return version === FIRST_VERSION ? sortedByVisitor(block) : block;
}
