import type { Table } from "./table.ts";

/** A kind of file. */
export interface Format {
  label: string;
  /** MIME type, by which it can be asked for too. */
  type: string;
  /** Without the dot. */
  ending: string;
  /** The file's bytes, some at a time; an error of the rows ends them. */
  write(table: Table): AsyncIterable<Uint8Array>;
}

export function defineFormat(format: Format): Format {
  return format;
}

const encoder = new TextEncoder();

export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}
