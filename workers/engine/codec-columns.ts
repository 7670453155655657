// How each kind of column becomes bytes, before deflate. A column's first byte names its coding.

import { type ByteReader, type ByteWriter, byteReader, byteWriter } from "./bytes.ts";
import { boundsOf, type Codes, type PropertyColumn, type TextColumn, type VisitorIndex } from "./columns.ts";
import { isPseudonym, keyOfVisitor, pseudonymOf } from "./visitor-key.ts";

const CODES = { constant: 0, planes1: 1, planes2: 2, planes4: 4, rising: 5 } as const;
const NUMBERS = { raw: 0, whole: 1, steps: 2, offsets: 3, constant: 4 } as const;
const DICTIONARY = { text: 0, hex: 1 } as const;
const VISITORS = { text: 0, pseudonyms: 1 } as const;

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function unzigzag(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}

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

function readCodes(reader: ByteReader, length: number): Codes {
  const coding = reader.byte();
  if (coding === CODES.constant) return new Uint8Array(length);
  if (coding === CODES.planes1) return reader.bytes(length);
  const codes = coding === CODES.planes2 ? new Uint16Array(length) : new Uint32Array(length);
  if (coding === CODES.rising) {
    let previous = 0;
    for (let row = 0; row < length; row++) codes[row] = previous += reader.varint();
    return codes;
  }
  for (let plane = 0; plane < coding; plane++) {
    const bytes = reader.bytes(length);
    for (let row = 0; row < length; row++) codes[row] = codes[row]! + bytes[row]! * 2 ** (8 * plane);
  }
  return codes;
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
  for (let entry = 0, next = 0; entry < length; entry++) {
    rows[entry] = next + reader.varint();
    next = rows[entry]! + 1;
  }
  return { rows, ...decodeText(bytes.subarray(reader.position), length) };
}

/** Visitors in order of key: their ids, and how many rows each has. Keys rise, so their first words are written as steps. */
export function encodeVisitors({ high, low, starts }: VisitorIndex, ids: readonly string[]): Uint8Array {
  const count = high.length;
  const writer = byteWriter(count * 8 + 64);
  const pseudonyms = ids.every(isPseudonym);
  writer.byte(pseudonyms ? VISITORS.pseudonyms : VISITORS.text);
  writer.varint(count);
  for (let visitor = 0; visitor < count; visitor++) writer.varint(starts[visitor + 1]! - starts[visitor]!);
  if (!pseudonyms) {
    for (const id of ids) writer.text(id);
    return writer.done();
  }
  let previous = 0;
  for (const word of high) {
    writer.varint(word - previous);
    previous = word;
  }
  writer.bytes(new Uint8Array(low.buffer, low.byteOffset, low.byteLength));
  return writer.done();
}

export interface StoredVisitors extends VisitorIndex {
  /** Made when asked for: scans go by keys. */
  ids(): string[];
}

export function decodeVisitors(bytes: Uint8Array): StoredVisitors {
  const reader = byteReader(bytes);
  const form = reader.byte();
  const count = reader.varint();
  const starts = new Uint32Array(count + 1);
  for (let visitor = 0; visitor < count; visitor++) starts[visitor + 1] = starts[visitor]! + reader.varint();
  const high = new Uint32Array(count);
  if (form === VISITORS.text) {
    const ids = Array.from({ length: count }, () => reader.text());
    const keys = ids.map(keyOfVisitor);
    return {
      high: high.map((_, visitor) => keys[visitor]!.high),
      low: Uint32Array.from(keys, ({ low }) => low),
      starts,
      ids: () => ids,
    };
  }
  let previous = 0;
  for (let visitor = 0; visitor < count; visitor++) high[visitor] = previous += reader.varint();
  const low = new Uint32Array(reader.bytes(count * 4).slice().buffer);
  return { high, low, starts, ids: () => Array.from(high, (word, visitor) => pseudonymOf(word, low[visitor]!)) };
}

const LARGEST = Number.MAX_SAFE_INTEGER / 4;

function isWhole(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < LARGEST;
}

/** The largest of 1000, 100, 10 and 1 that divides all: times of a log lie on whole seconds. */
function commonScale(values: Float64Array): number {
  return [1000, 100, 10].find((scale) => values.every((value) => value % scale === 0)) ?? 1;
}

function encodeConstant(value: number): Uint8Array {
  const writer = byteWriter(16);
  writer.byte(NUMBERS.constant);
  writer.float(value);
  return writer.done();
}

/** Bytes before the offsets; a multiple of four, so that four-byte offsets can be read where they lie. */
const OFFSETS_START = 24;

/** Distances from the least, in as few whole bytes each as the greatest needs; null when that would be more than four. */
function encodeOffsets(values: Float64Array): Uint8Array | null {
  const { least, most } = boundsOf(values);
  const scale = commonScale(values);
  const span = (most - least) / scale;
  if (span >= 2 ** 32) return null;
  const width = span < 2 ** 8 ? 1 : span < 2 ** 16 ? 2 : span < 2 ** 24 ? 3 : 4;
  const out = new Uint8Array(OFFSETS_START + values.length * width);
  const view = new DataView(out.buffer);
  view.setUint8(0, NUMBERS.offsets);
  view.setUint8(1, width);
  view.setFloat64(8, least, true);
  view.setFloat64(16, scale, true);
  for (let row = 0, place = OFFSETS_START; row < values.length; row++) {
    let rest = (values[row]! - least) / scale;
    for (let byte = 0; byte < width; byte++) {
      out[place++] = rest & 255;
      rest = Math.floor(rest / 256);
    }
  }
  return out;
}

function decodeOffsets(bytes: Uint8Array, length: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = view.getUint8(1);
  const least = view.getFloat64(8, true);
  const scale = view.getFloat64(16, true);
  const values = new Float64Array(length);
  const start = OFFSETS_START;
  if (start + length * width > bytes.length) throw new Error("the block is cut short");
  if (width === 4) {
    // Copied where it does not lie on a multiple of four.
    const whole = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
    const offsets = new Uint32Array(whole.buffer, whole.byteOffset + start, length);
    for (let row = 0; row < length; row++) values[row] = least + offsets[row]! * scale;
    return values;
  }
  for (let row = 0, place = start; row < length; row++, place += width) {
    let offset = bytes[place]!;
    if (width > 1) offset += bytes[place + 1]! * 256;
    if (width > 2) offset += bytes[place + 2]! * 65_536;
    values[row] = least + offset * scale;
  }
  return values;
}

/** `times`: spread over a span, so their distances from its beginning are written; `whole`: mostly small. */
export function encodeNumbers(values: Float64Array, coding: "whole" | "steps" | "times"): Uint8Array {
  if (values.length > 0 && values.every((value) => value === values[0])) return encodeConstant(values[0]!);
  const writer = byteWriter(values.length * 2 + 64);
  if (!values.every(isWhole)) {
    writer.byte(NUMBERS.raw);
    for (const value of values) writer.float(value);
    return writer.done();
  }
  const offsets = coding === "times" ? encodeOffsets(values) : null;
  if (offsets) return offsets;
  const scale = commonScale(values);
  const inSteps = coding !== "whole";
  writer.byte(inSteps ? NUMBERS.steps : NUMBERS.whole);
  writer.varint(scale);
  let previous = 0;
  for (const value of values) {
    const scaled = value / scale;
    writer.varint(zigzag(scaled - previous));
    if (inSteps) previous = scaled;
  }
  return writer.done();
}

export function decodeNumbers(bytes: Uint8Array, length: number): Float64Array {
  const reader = byteReader(bytes);
  const coding = reader.byte();
  if (coding === NUMBERS.offsets) return decodeOffsets(bytes, length);
  const values = new Float64Array(length);
  if (coding === NUMBERS.constant) return values.fill(reader.float());
  if (coding === NUMBERS.raw) {
    for (let row = 0; row < length; row++) values[row] = reader.float();
    return values;
  }
  const scale = reader.varint();
  let previous = 0;
  for (let row = 0; row < length; row++) {
    const scaled = unzigzag(reader.varint()) + previous;
    values[row] = scaled * scale + 0;
    if (coding === NUMBERS.steps) previous = scaled;
  }
  return values;
}
