// A file as text: gzip and xz are recognised by their first bytes and unpacked on the way; memory stays constant.

import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

// The package is CommonJS in a form whose names Node cannot see in an import.
const { XzReadableStream }: typeof import("xz-decompress") = createRequire(import.meta.url)("xz-decompress");

export interface OpenText {
  text: AsyncIterable<string>;
  /** Bytes of the file read so far, before unpacking. */
  bytesRead(): number;
  close(): void;
}

export async function fileSize(path: string): Promise<number> {
  return (await stat(path)).size;
}

/** The first `length` bytes as they lie on disk. */
export async function firstBytes(path: string, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Unpacked text in chunks; bytes that are no UTF-8 become U+FFFD. Of xz files one at a time: the unpacker waits its turn. */
export async function openText(path: string): Promise<OpenText> {
  const magic = await firstBytes(path, 6);
  const file = createReadStream(path, { highWaterMark: 64 * 1024 });
  const unpacked = unpack(file, magic);
  return {
    text: decode(unpacked),
    bytesRead: () => file.bytesRead,
    close: () => file.destroy(),
  };
}

/** The file's first complete lines, at most 100 within 64 KB of text. */
export async function firstLines(path: string): Promise<string[]> {
  const opened = await openText(path);
  let text = "";
  try {
    for await (const chunk of opened.text) {
      text += chunk;
      if (text.length >= 64 * 1024) break;
    }
  } finally {
    opened.close();
  }
  const lines = text.split(/\r?\n/);
  if (lines.length > 1 && text.length >= 64 * 1024) lines.pop();
  return lines.slice(0, 100);
}

function unpack(file: Readable, magic: Buffer): AsyncIterable<Uint8Array> {
  if (magic[0] === 0x1f && magic[1] === 0x8b) {
    const gunzip = createGunzip();
    file.on("error", (error) => gunzip.destroy(error));
    return file.pipe(gunzip);
  }
  if (magic.toString("latin1") === "\xfd7zXZ\0") {
    const web = Readable.toWeb(file) as unknown as ReadableStream<Uint8Array>; // Node's and the DOM's types differ in name only
    return Readable.fromWeb(new XzReadableStream(web) as never);
  }
  return file;
}

async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8");
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}
