// Bytes written and read in order. Whole numbers are varints: seven bits a byte, low bits first, up to 2^53.

export interface ByteWriter {
  byte(value: number): void;
  varint(value: number): void;
  float(value: number): void;
  text(value: string): void;
  bytes(value: Uint8Array): void;
  done(): Uint8Array;
}

export interface ByteReader {
  byte(): number;
  varint(): number;
  float(): number;
  text(): string;
  bytes(length: number): Uint8Array;
  readonly position: number;
}

const LONGEST_VARINT = 8;
const encoder = new TextEncoder();

export function byteWriter(capacity = 1024): ByteWriter {
  let buffer = new Uint8Array(capacity);
  let length = 0;
  const reserve = (more: number) => {
    if (length + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + more));
    larger.set(buffer);
    buffer = larger;
  };
  const bytes = (value: Uint8Array) => {
    reserve(value.length);
    buffer.set(value, length);
    length += value.length;
  };
  const varint = (value: number) => {
    reserve(LONGEST_VARINT);
    let rest = value;
    while (rest >= 128) {
      buffer[length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    buffer[length++] = rest;
  };
  return {
    byte(value) {
      reserve(1);
      buffer[length++] = value;
    },
    varint,
    float(value) {
      reserve(8);
      new DataView(buffer.buffer).setFloat64(length, value, true);
      length += 8;
    },
    text(value) {
      const encoded = encoder.encode(value);
      varint(encoded.length);
      bytes(encoded);
    },
    bytes,
    done: () => buffer.slice(0, length),
  };
}

export function byteReader(source: Uint8Array, start = 0): ByteReader {
  const decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  let position = start;
  const bytes = (length: number) => {
    if (position + length > source.length) throw new Error("the block is cut short");
    position += length;
    return source.subarray(position - length, position);
  };
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = view.getUint8(position++);
      if (byte < 128) return value + byte * scale;
      value += (byte - 128) * scale;
    }
  };
  return {
    byte: () => view.getUint8(position++),
    varint,
    float() {
      position += 8;
      return view.getFloat64(position - 8, true);
    },
    text: () => decoder.decode(bytes(varint())),
    bytes,
    get position() {
      return position;
    },
  };
}

/** Fills `out` with the varints from `start` on; returns the position after them. For long lists, where a call each costs. */
export function readVarints(source: Uint8Array, start: number, out: Float64Array): number {
  let position = start;
  for (let index = 0; index < out.length; index++) {
    let byte = source[position++]!;
    if (byte < 128) {
      out[index] = byte;
      continue;
    }
    let value = byte - 128;
    for (let scale = 128; ; scale *= 128) {
      byte = source[position++]!;
      if (byte === undefined) throw new Error("the block is cut short");
      if (byte < 128) {
        value += byte * scale;
        break;
      }
      value += (byte - 128) * scale;
    }
    out[index] = value;
  }
  if (position > source.length) throw new Error("the block is cut short");
  return position;
}
