// A blocked Bloom filter over 64-bit hashes: says of most ids that were never taken that they were not, from one line of
// the processor's cache. Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters (2007).
import type { IdHash } from "./id-set.ts";

const BLOCK_WORDS = 16;
const BLOCK_BITS = BLOCK_WORDS * 32;
const RANGE = 2 ** 32;

export interface IdFilter {
  readonly words: Uint32Array;
  /** Bits set an id. */
  readonly probes: number;
}

/** About `bits` bits an id for `count` ids; with the best number of probes for that. */
export function createIdFilter(count: number, bits: number): IdFilter {
  const blocks = Math.max(1, Math.ceil((count * bits) / BLOCK_BITS));
  return { words: new Uint32Array(blocks * BLOCK_WORDS), probes: Math.max(1, Math.round(bits * Math.LN2)) };
}

const blockOf = ({ words }: IdFilter, high: number): number =>
  Math.floor((high / RANGE) * (words.length / BLOCK_WORDS)) * BLOCK_WORDS;

export function addToFilter(filter: IdFilter, [low, high]: IdHash): void {
  const block = blockOf(filter, high);
  let bits = low;
  for (let i = 0; i < filter.probes; i++) {
    bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    const bit = bits >>> 23;
    const at = block + (bit >>> 5);
    filter.words[at] = filter.words[at]! | (1 << (bit & 31));
  }
}

/** False only for an id that was not added. */
export function mayHold(filter: IdFilter, [low, high]: IdHash): boolean {
  const block = blockOf(filter, high);
  let bits = low;
  for (let i = 0; i < filter.probes; i++) {
    bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    const bit = bits >>> 23;
    if ((filter.words[block + (bit >>> 5)]! & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}
