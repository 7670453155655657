// A set of 64-bit hashes in one typed array, at most three quarters full: 11 to 22 bytes an id, against some 80 of a Set of strings.

import { hashed } from "../../workers/engine/visitor-key.ts";

const FIRST_SLOTS = 1024;

/** Two 32-bit words of a non-cryptographic 64-bit hash. 63 bits count: two of a million ids collide once in 18 million such sets. */
export type IdHash = readonly [number, number];

export function hashId(id: string): IdHash {
  const { high, low } = hashed(id);
  // (0, 0) marks an empty slot.
  return [high, (low | 1) >>> 0];
}

export interface IdSet {
  readonly size: number;
  has(hash: IdHash): boolean;
  /** False when it was there. */
  add(hash: IdHash): boolean;
  remove(hash: IdHash): void;
  /** The hashes as pairs of words, in no particular order. */
  words(): Uint32Array;
}

export function createIdSet(words: Uint32Array = new Uint32Array(0)): IdSet {
  let slots = new Uint32Array(FIRST_SLOTS * 2);
  let size = 0;

  /** The slot that holds the hash, or the empty one where it would go. */
  function slotOf(table: Uint32Array, [a, b]: IdHash): number {
    const mask = table.length / 2 - 1;
    let slot = a & mask;
    while (table[slot * 2 + 1] !== 0 && (table[slot * 2] !== a || table[slot * 2 + 1] !== b)) slot = (slot + 1) & mask;
    return slot * 2;
  }

  function put(table: Uint32Array, hash: IdHash): void {
    const at = slotOf(table, hash);
    table[at] = hash[0];
    table[at + 1] = hash[1];
  }

  function rebuild(length: number, skip?: number): void {
    const old = slots;
    slots = new Uint32Array(length);
    for (let i = 0; i < old.length; i += 2) if (old[i + 1] !== 0 && i !== skip) put(slots, [old[i]!, old[i + 1]!]);
  }

  const set: IdSet = {
    get size() {
      return size;
    },
    has: (hash) => slots[slotOf(slots, hash) + 1] !== 0,
    add(hash) {
      let at = slotOf(slots, hash);
      if (slots[at + 1] !== 0) return false;
      if (size * 8 >= slots.length * 3) {
        rebuild(slots.length * 2);
        at = slotOf(slots, hash);
      }
      slots[at] = hash[0];
      slots[at + 1] = hash[1];
      size++;
      return true;
    },
    remove(hash) {
      const at = slotOf(slots, hash);
      if (slots[at + 1] === 0) return;
      // Removal is rare (a failed commit); rebuilding keeps the probe chains whole.
      rebuild(slots.length, at);
      size--;
    },
    words() {
      const out = new Uint32Array(size * 2);
      let next = 0;
      for (let i = 0; i < slots.length; i += 2) {
        if (slots[i + 1] === 0) continue;
        out[next++] = slots[i]!;
        out[next++] = slots[i + 1]!;
      }
      return out;
    },
  };
  for (let i = 0; i < words.length; i += 2) set.add([words[i]!, words[i + 1]!]);
  return set;
}
