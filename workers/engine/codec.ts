// A batch as one block of bytes: version, bounds, a directory of columns, then each column deflated by itself, so that a
// reader inflates only what it needs. Lone surrogates in text come back as U+FFFD.
//
//   u8 version · varint rows · f64 earliest, latest, newest · varint columns
//   per column: text name · u8 kind · varint bytes      then the columns' bytes, in the same order

import { deflateRawSync, inflateRawSync } from "node:zlib";
import { byteReader, byteWriter } from "./bytes.ts";
import {
  decodeNumbers,
  decodeProperty,
  decodeText,
  encodeNumbers,
  encodeProperty,
  encodeText,
} from "./codec-columns.ts";
import {
  type Batch,
  type Columns,
  NUMBER_COLUMNS,
  type NumberColumnName,
  type PropertyColumn,
  TEXT_COLUMNS,
  type TextColumn,
  type TextColumnName,
} from "./columns.ts";

export const BLOCK_VERSION = 1;

const KIND = { text: 0, number: 1, property: 2 } as const;
type Kind = (typeof KIND)[keyof typeof KIND];

interface Part {
  name: string;
  kind: Kind;
  bytes: Uint8Array;
}

/** Receipt follows the event closely, or is one moment for a whole import: the shorter of both codings is kept. */
function receiptPart(batch: Batch): Part {
  const delays = batch.receivedAt.map((receivedAt, row) => receivedAt - batch.at[row]!);
  const late = deflateRawSync(encodeNumbers(delays, "whole"));
  const steps = deflateRawSync(encodeNumbers(batch.receivedAt, "steps"));
  return late.length < steps.length
    ? { name: "delay", kind: KIND.number, bytes: late }
    : { name: "receivedAt", kind: KIND.number, bytes: steps };
}

function partsOf(batch: Batch): Part[] {
  const part = (name: string, kind: Kind, raw: Uint8Array): Part => ({ name, kind, bytes: deflateRawSync(raw) });
  return [
    part("at", KIND.number, encodeNumbers(batch.at, "steps")),
    receiptPart(batch),
    ...TEXT_COLUMNS.map((name) => part(name, KIND.text, encodeText(batch.text(name)))),
    ...NUMBER_COLUMNS.map((name) => part(name, KIND.number, encodeNumbers(batch.number(name), "whole"))),
    ...batch.properties.map((name) => part(name, KIND.property, encodeProperty(batch.property(name)!))),
  ];
}

export function encodeBatch(batch: Batch): Uint8Array {
  const parts = partsOf(batch);
  const writer = byteWriter(1024 + parts.reduce((sum, { bytes }) => sum + bytes.length, 0));
  writer.byte(BLOCK_VERSION);
  writer.varint(batch.length);
  for (const bound of [batch.earliest, batch.latest, batch.newest]) writer.float(bound);
  writer.varint(parts.length);
  for (const { name, kind, bytes } of parts) {
    writer.text(name);
    writer.byte(kind);
    writer.varint(bytes.length);
  }
  for (const { bytes } of parts) writer.bytes(bytes);
  return writer.done();
}

interface Directory {
  length: number;
  bounds: [earliest: number, latest: number, newest: number];
  /** By kind and name: a property may be called as a column is. */
  parts: Map<string, Uint8Array>;
}

function directoryOf(block: Uint8Array): Directory {
  const reader = byteReader(block);
  const version = reader.byte();
  if (version !== BLOCK_VERSION) throw new Error(`a block of version ${version} cannot be read, only ${BLOCK_VERSION}`);
  const length = reader.varint();
  const bounds: Directory["bounds"] = [reader.float(), reader.float(), reader.float()];
  const entries = Array.from({ length: reader.varint() }, () => {
    const name = reader.text();
    return { key: `${reader.byte()} ${name}`, size: reader.varint() };
  });
  return { length, bounds, parts: new Map(entries.map(({ key, size }) => [key, reader.bytes(size)])) };
}

function once<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

/** Reads the directory now and each column when first asked for it; `block` must not change meanwhile. */
export function decodeBatch(block: Uint8Array): Batch {
  const { length, bounds, parts } = directoryOf(block);
  const inflate = (kind: Kind, name: string) => {
    const bytes = parts.get(`${kind} ${name}`);
    return bytes && new Uint8Array(inflateRawSync(bytes));
  };
  const numbers = once((name: "at" | "receivedAt" | "delay" | NumberColumnName) => {
    const bytes = inflate(KIND.number, name);
    return bytes ? decodeNumbers(bytes, length) : new Float64Array(length);
  });
  const received = once((_: "receivedAt"): Columns["receivedAt"] => {
    if (!parts.has(`${KIND.number} delay`)) return numbers("receivedAt");
    const at = numbers("at");
    return numbers("delay").map((delay, row) => at[row]! + delay);
  });
  const text = once((name: TextColumnName): TextColumn => {
    const bytes = inflate(KIND.text, name);
    // A column added to the format later is empty in older blocks.
    return bytes ? decodeText(bytes, length) : { codes: new Uint8Array(length), dict: [""] };
  });
  const property = once((name: string): PropertyColumn | undefined => {
    const bytes = inflate(KIND.property, name);
    return bytes && decodeProperty(bytes);
  });
  const prefix = `${KIND.property} `;
  return {
    length,
    earliest: bounds[0],
    latest: bounds[1],
    newest: bounds[2],
    get at() {
      return numbers("at");
    },
    get receivedAt() {
      return received("receivedAt");
    },
    text,
    number: numbers,
    properties: [...parts.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)),
    property,
  };
}
