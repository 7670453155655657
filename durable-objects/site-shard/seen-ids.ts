// Which event ids the shard has taken in the last 48 hours, as 64-bit hashes: the newest in memory, and those before them in
// sorted runs on disk. An import's lines are kept elsewhere, until the import ends.
import { createIdSet, hashId, type IdHash } from "./id-set.ts";

export const KEPT_HOURS = 48;
const HOUR_MS = 3600_000;

/** Ids that lie in runs on disk. */
export interface OlderIds {
  has(hash: IdHash): boolean;
}

export interface SeenIds {
  /** Ids in memory. */
  readonly size: number;
  has(id: string): boolean;
  /** False when it was taken before. */
  add(id: string): boolean;
  /** Undoes an add of a commit that failed. */
  remove(id: string): void;
  /** Ids taken since `settle`, as pairs of words. */
  unstored(): Uint32Array;
  /** Says that those were stored. */
  settle(): void;
  /** Ids in memory, as pairs of words. */
  words(): Uint32Array<ArrayBuffer>;
  /** Ids that were stored before. */
  restore(words: Uint32Array): void;
  /** Forgets what is in memory and was stored. */
  forgetStored(): void;
}

export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS) * HOUR_MS;

const NONE: OlderIds = { has: () => false };

export function createSeenIds(older: OlderIds = NONE): SeenIds {
  let recent = createIdSet();
  let fresh = createIdSet();
  const has = (hash: IdHash) => fresh.has(hash) || recent.has(hash) || older.has(hash);
  return {
    get size() {
      return recent.size + fresh.size;
    },
    has: (id) => has(hashId(id)),
    add(id) {
      const hash = hashId(id);
      if (recent.has(hash) || older.has(hash)) return false;
      return fresh.add(hash);
    },
    remove: (id) => fresh.remove(hashId(id)),
    unstored: () => fresh.words(),
    settle() {
      const words = fresh.words();
      for (let i = 0; i < words.length; i += 2) recent.add([words[i]!, words[i + 1]!]);
      fresh = createIdSet();
    },
    words() {
      const a = recent.words();
      const b = fresh.words();
      const all = new Uint32Array(a.length + b.length);
      all.set(a);
      all.set(b, a.length);
      return all;
    },
    restore(words) {
      for (let i = 0; i < words.length; i += 2) recent.add([words[i]!, words[i + 1]!]);
    },
    forgetStored() {
      recent = createIdSet();
    },
  };
}
