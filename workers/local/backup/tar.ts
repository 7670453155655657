// A tar file (POSIX ustar) of plain members, which any tar can read: written member by member, read by place.
import type { FileHandle } from "node:fs/promises";

const BLOCK = 512;
const NAME_BYTES = 100;
const SUM_AT = 148;

const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, "0")}\0`;
const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;
const sumOf = (header: Uint8Array): number =>
  header.reduce((sum, byte, at) => sum + (at >= SUM_AT && at < SUM_AT + 8 ? 32 : byte), 0);

function headerOf(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) >= NAME_BYTES) throw new Error(`${name} is too long a name for a member`);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write(octal(0o600, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(0, 11), 136);
  header.write("0", 156);
  header.write("ustar\x0000", 257);
  header.write(`${octal(sumOf(header), 6)} `, SUM_AT);
  return header;
}

export interface TarWriter {
  /** Bytes written so far: where the next member begins. */
  readonly at: number;
  add(name: string, bytes: Uint8Array): Promise<void>;
  /** Takes members back, to what `at` was. */
  back(to: number): Promise<void>;
  end(): Promise<void>;
}

export function tarWriter(file: FileHandle): TarWriter {
  let at = 0;
  const write = async (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.length; ) {
      done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
    }
    at += bytes.length;
  };
  return {
    get at() {
      return at;
    },
    async add(name, bytes) {
      await write(headerOf(name, bytes.length));
      await write(bytes);
      await write(new Uint8Array(padded(bytes.length) - bytes.length));
    },
    async back(to) {
      await file.truncate(to);
      at = to;
    },
    async end() {
      await write(new Uint8Array(2 * BLOCK));
      await file.sync();
    },
  };
}

export interface Member {
  name: string;
  at: number;
  size: number;
}

async function readAt(file: FileHandle, at: number, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  for (let done = 0; done < size; ) {
    const { bytesRead } = await file.read(bytes, done, size - done, at + done);
    if (bytesRead === 0) throw new Error("the file ends in the middle of a member");
    done += bytesRead;
  }
  return bytes;
}

/** All members in order; throws where the file is no tar or is cut short. */
export async function tarMembers(file: FileHandle): Promise<Member[]> {
  const members: Member[] = [];
  for (let at = 0; ; ) {
    const header = await readAt(file, at, BLOCK);
    if (header.every((byte) => byte === 0)) return members;
    const told = Number.parseInt(header.toString("latin1", SUM_AT, SUM_AT + 8), 8);
    if (told !== sumOf(header)) throw new Error(`the header at byte ${at} is damaged`);
    const name = header.toString("utf8", 0, header.indexOf(0));
    const size = Number.parseInt(header.toString("latin1", 124, 136), 8);
    members.push({ name, at: at + BLOCK, size });
    at += BLOCK + padded(size);
  }
}

export const readMember = (file: FileHandle, { at, size }: Member): Promise<Buffer> => readAt(file, at, size);
