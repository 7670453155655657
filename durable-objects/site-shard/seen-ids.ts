// Which event ids the shard has taken. Ids of long-lived senders (a long random part, a dash, a counter) are kept as
// intervals of the counter; all others as 64-bit hashes in blocks by the hour of receipt, for 48 hours. An import's
// lines are intervals too, kept until the import ends.
import { createIdSet, hashId, type IdSet } from "./id-set.ts";
import { exclude, holds, type Intervals, include } from "./intervals.ts";

export const KEPT_HOURS = 48;
const HOUR_MS = 3600_000;
/** Without leading zeros, since `-1` and `-01` are two ids. */
const COUNTED = /^([A-Za-z0-9_.:]{20,60})-(0|[1-9]\d{0,11})$/;

interface HourBlock {
  hashes: IdSet;
  /** Sender → counters. */
  counted: Map<string, Intervals>;
  changed: boolean;
}

/** An hour's ids as stored: hashes as words, counters as plain JSON. */
export interface StoredHour {
  hour: number;
  words: Uint32Array;
  counted: Record<string, Intervals>;
}

export interface SeenIds {
  has(id: string): boolean;
  /** Takes the id at a time of receipt; false when it was taken before. */
  add(id: string, receivedAt: number): boolean;
  /** Undoes an add of a commit that failed. */
  remove(id: string, receivedAt: number): void;
  /** Drops hours that are over 48 h old and returns them. */
  expire(now: number): number[];
  /** Whether the hour took ids since it was last stored. */
  changed(hour: number): boolean;
  /** Says that the hour was stored. */
  settle(hour: number): void;
  store(hour: number): StoredHour | null;
  /** Before any id is added; an hour may come in parts, in order. */
  restore(stored: StoredHour): void;
}

export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS) * HOUR_MS;

export function createSeenIds(): SeenIds {
  const hours = new Map<number, HourBlock>();

  function blockOf(hour: number): HourBlock {
    let block = hours.get(hour);
    if (!block) {
      block = { hashes: createIdSet(), counted: new Map(), changed: false };
      hours.set(hour, block);
    }
    return block;
  }

  function has(id: string): boolean {
    const counted = COUNTED.exec(id);
    if (!counted) {
      const hash = hashId(id);
      for (const block of hours.values()) if (block.hashes.has(hash)) return true;
      return false;
    }
    const [, sender = "", n = ""] = counted;
    for (const block of hours.values()) {
      const ranges = block.counted.get(sender);
      if (ranges && holds(ranges, Number(n))) return true;
    }
    return false;
  }

  return {
    has,
    add(id, receivedAt) {
      if (has(id)) return false;
      const block = blockOf(hourOf(receivedAt));
      block.changed = true;
      const counted = COUNTED.exec(id);
      if (!counted) return block.hashes.add(hashId(id));
      const [, sender = "", n = ""] = counted;
      const ranges = block.counted.get(sender);
      if (ranges) return include(ranges, Number(n));
      block.counted.set(sender, [Number(n), Number(n)]);
      return true;
    },
    remove(id, receivedAt) {
      const block = hours.get(hourOf(receivedAt));
      const counted = COUNTED.exec(id);
      if (!counted) block?.hashes.remove(hashId(id));
      else {
        const ranges = block?.counted.get(counted[1] ?? "");
        if (ranges) exclude(ranges, Number(counted[2]));
      }
    },
    expire(now) {
      const old = [...hours.keys()].filter((hour) => hour < hourOf(now) - KEPT_HOURS * HOUR_MS);
      for (const hour of old) hours.delete(hour);
      return old;
    },
    changed: (hour) => hours.get(hour)?.changed ?? false,
    settle(hour) {
      const block = hours.get(hour);
      if (block) block.changed = false;
    },
    store(hour) {
      const block = hours.get(hour);
      return block ? { hour, words: block.hashes.words(), counted: Object.fromEntries(block.counted) } : null;
    },
    restore(stored) {
      const block = blockOf(stored.hour);
      for (let i = 0; i < stored.words.length; i += 2) block.hashes.add([stored.words[i]!, stored.words[i + 1]!]);
      for (const [sender, ranges] of Object.entries(stored.counted)) {
        block.counted.set(sender, [...(block.counted.get(sender) ?? []), ...ranges]);
      }
    },
  };
}
