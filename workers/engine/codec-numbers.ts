// How columns of numbers become bytes. The first byte names the coding.

import { byteReader, byteWriter, readVarints } from "./bytes.ts";
import { boundsOf } from "./columns.ts";

const NUMBERS = { raw: 0, whole: 1, steps: 2, offsets: 3, constant: 4 } as const;

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function unzigzag(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
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
  readVarints(bytes, reader.position, values);
  let previous = 0;
  const inSteps = coding === NUMBERS.steps;
  for (let row = 0; row < length; row++) {
    const scaled = unzigzag(values[row]!) + previous;
    values[row] = scaled * scale + 0;
    if (inSteps) previous = scaled;
  }
  return values;
}
