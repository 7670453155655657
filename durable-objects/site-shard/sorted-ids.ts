// Hashes in order, cut into pages of a share of the range each: hashes spread evenly, so a page is found by arithmetic.
import type { IdHash } from "./id-set.ts";

const RANGE = 2 ** 32;
/** Ids of a page, on average: 16 KB. */
const PAGE_IDS = 2048;

export const pagesFor = (count: number): number => Math.max(1, Math.ceil(count / PAGE_IDS));

/** The page that holds a hash, by its second word. */
export const pageOf = (high: number, pages: number): number => Math.floor((high / RANGE) * pages);

/** Sorts pairs of words in place, by the second word, then the first. */
export function sortIds(words: Uint32Array<ArrayBuffer>): void {
  // As little-endian 64-bit numbers, of which the second word is the upper half.
  new BigUint64Array(words.buffer, words.byteOffset, words.length / 2).sort();
}

export function pageHolds(words: Uint32Array, [low, high]: IdHash): boolean {
  let from = 0;
  let to = words.length / 2;
  while (from < to) {
    const middle = (from + to) >> 1;
    const upper = words[middle * 2 + 1]!;
    if (upper < high || (upper === high && words[middle * 2]! < low)) from = middle + 1;
    else to = middle;
  }
  return from * 2 < words.length && words[from * 2] === low && words[from * 2 + 1] === high;
}

export interface IdPage {
  page: number;
  words: Uint32Array<ArrayBuffer>;
}

/** Sorted pairs as the pages that are not empty, in order. */
export function* cutPages(parts: Iterable<Uint32Array>, pages: number): Generator<IdPage> {
  let open = new Uint32Array(PAGE_IDS * 4);
  let length = 0;
  let page = 0;
  for (const words of parts) {
    for (let i = 0; i < words.length; i += 2) {
      const own = pageOf(words[i + 1]!, pages);
      if (own !== page) {
        if (length > 0) yield { page, words: open.slice(0, length) };
        page = own;
        length = 0;
      }
      if (length === open.length) {
        const wider = new Uint32Array(open.length * 2);
        wider.set(open);
        open = wider;
      }
      open[length++] = words[i]!;
      open[length++] = words[i + 1]!;
    }
  }
  if (length > 0) yield { page, words: open.slice(0, length) };
}

interface Cursor {
  parts: Iterator<Uint32Array>;
  words: Uint32Array;
  at: number;
}

function next(cursor: Cursor): boolean {
  cursor.at += 2;
  while (cursor.at >= cursor.words.length) {
    const { value, done } = cursor.parts.next();
    if (done) return false;
    cursor.words = value;
    cursor.at = 0;
  }
  return true;
}

/** Several sorted streams of pairs as one, in parts; what is in several is in it once. */
export function* mergeIds(streams: Iterable<Uint32Array>[]): Generator<Uint32Array> {
  let cursors = streams.map(
    (parts): Cursor => ({ parts: parts[Symbol.iterator](), words: new Uint32Array(0), at: -2 }),
  );
  cursors = cursors.filter(next);
  const out = new Uint32Array(PAGE_IDS * 2);
  let length = 0;
  let lastLow = -1;
  let lastHigh = -1;
  while (cursors.length > 0) {
    let least = cursors[0]!;
    for (const cursor of cursors) {
      const by = cursor.words[cursor.at + 1]! - least.words[least.at + 1]!;
      if (by < 0 || (by === 0 && cursor.words[cursor.at]! < least.words[least.at]!)) least = cursor;
    }
    const low = least.words[least.at]!;
    const high = least.words[least.at + 1]!;
    if (low !== lastLow || high !== lastHigh) {
      out[length++] = lastLow = low;
      out[length++] = lastHigh = high;
    }
    if (length === out.length) {
      yield out;
      length = 0;
    }
    if (!next(least)) cursors = cursors.filter((cursor) => cursor !== least);
  }
  if (length > 0) yield out.subarray(0, length);
}
