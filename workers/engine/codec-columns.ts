// How each kind of column becomes bytes, before deflate. A column's first byte names its coding.

import { type ByteReader, type ByteWriter, byteReader, byteWriter, readVarints } from "./bytes.ts";
import type { Codes, PropertyColumn, TextColumn } from "./columns.ts";
import { isPseudonym } from "./visitor-key.ts";

const CODES = { constant: 0, planes1: 1, planes2: 2, planes4: 4, rising: 5 } as const;
const DICTIONARY = { text: 0, hex: 1 } as const;

function writeDictionary(writer: ByteWriter, dict: readonly string[]): void {
  const hex = dict.length > 0 && dict.every(isPseudonym);
  writer.byte(hex ? DICTIONARY.hex : DICTIONARY.text);
  writer.varint(dict.length);
  for (const value of dict) {
    if (!hex) writer.text(value);
    else for (let digit = 0; digit < 16; digit += 2) writer.byte(Number.parseInt(value.slice(digit, digit + 2), 16));
  }
}

const HEX_BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function readDictionary(reader: ByteReader): string[] {
  const hex = reader.byte() === DICTIONARY.hex;
  const length = reader.varint();
  return Array.from({ length }, () => {
    if (!hex) return reader.text();
    let value = "";
    for (const byte of reader.bytes(8)) value += HEX_BYTES[byte];
    return value;
  });
}

function isRising(codes: Codes): boolean {
  for (let row = 1; row < codes.length; row++) if (codes[row]! < codes[row - 1]!) return false;
  return true;
}

/** Low bytes first, then the next: bytes that vary little then lie together, which deflates better. */
function writePlanes(writer: ByteWriter, codes: Codes, width: number): void {
  for (let plane = 0; plane < width; plane++) {
    const bytes = new Uint8Array(codes.length);
    for (let row = 0; row < codes.length; row++) bytes[row] = codes[row]! >>> (8 * plane);
    writer.bytes(bytes);
  }
}

function writeCodes(writer: ByteWriter, codes: Codes, size: number): void {
  if (size <= 1) {
    writer.byte(CODES.constant);
    return;
  }
  if (size > 256 && isRising(codes)) {
    writer.byte(CODES.rising);
    let previous = 0;
    for (const code of codes) {
      writer.varint(code - previous);
      previous = code;
    }
    return;
  }
  const width = size <= 0x100 ? 1 : size <= 0x10000 ? 2 : 4;
  writer.byte(width);
  writePlanes(writer, codes, width);
}

function readRising(reader: ByteReader, length: number): Uint32Array {
  const codes = new Uint32Array(length);
  let previous = 0;
  for (let row = 0; row < length; row++) codes[row] = previous += reader.varint();
  return codes;
}

function joinTwoPlanes(low: Uint8Array, high: Uint8Array): Uint16Array {
  const codes = new Uint16Array(low.length);
  for (let row = 0; row < codes.length; row++) codes[row] = low[row]! | (high[row]! << 8);
  return codes;
}

function joinFourPlanes(planes: readonly Uint8Array[], length: number): Uint32Array {
  const [a, b, c, d] = planes;
  const codes = new Uint32Array(length);
  for (let row = 0; row < length; row++) {
    codes[row] = (a![row]! | (b![row]! << 8) | (c![row]! << 16) | (d![row]! << 24)) >>> 0;
  }
  return codes;
}

function readCodes(reader: ByteReader, length: number): Codes {
  const coding = reader.byte();
  if (coding === CODES.constant) return new Uint8Array(length);
  if (coding === CODES.rising) return readRising(reader, length);
  const planes = Array.from({ length: coding }, () => reader.bytes(length));
  if (coding === CODES.planes1) return planes[0]!;
  return coding === CODES.planes2 ? joinTwoPlanes(planes[0]!, planes[1]!) : joinFourPlanes(planes, length);
}

/** A dictionary with only the entries in use, in order of first use; snapshots share a longer one. */
function compact(column: TextColumn): TextColumn {
  const renamed = new Uint32Array(column.dict.length);
  const codes = new Uint32Array(column.codes.length);
  const dict: string[] = [];
  for (let row = 0; row < codes.length; row++) {
    const code = column.codes[row]!;
    // Zero means not met yet, so that names begin at one.
    if (renamed[code] === 0) renamed[code] = dict.push(column.dict[code]!);
    codes[row] = renamed[code]! - 1;
  }
  return { codes, dict };
}

export function encodeText(column: TextColumn): Uint8Array {
  const { codes, dict } = compact(column);
  const writer = byteWriter(codes.length + 64);
  writeDictionary(writer, dict);
  writeCodes(writer, codes, dict.length);
  return writer.done();
}

export function decodeText(bytes: Uint8Array, length: number): TextColumn {
  const reader = byteReader(bytes);
  const dict = readDictionary(reader);
  return { dict, codes: readCodes(reader, length) };
}

export function encodeProperty(column: PropertyColumn): Uint8Array {
  const writer = byteWriter(column.rows.length * 2 + 64);
  writer.varint(column.rows.length);
  let next = 0;
  for (const row of column.rows) {
    writer.varint(row - next);
    next = row + 1;
  }
  writer.bytes(encodeText(column));
  return writer.done();
}

export function decodeProperty(bytes: Uint8Array): PropertyColumn {
  const reader = byteReader(bytes);
  const length = reader.varint();
  const rows = new Uint32Array(length);
  const steps = new Float64Array(length);
  const after = readVarints(bytes, reader.position, steps);
  for (let entry = 0, next = 0; entry < length; entry++) {
    rows[entry] = next + steps[entry]!;
    next = rows[entry]! + 1;
  }
  return { rows, ...decodeText(bytes.subarray(after), length) };
}
