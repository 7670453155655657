// A count and a checksum of events, whatever their order: what was copied is what there was.
import { EVENT_FIELDS, type PackedEvent } from "./event.ts";

/** A count and a checksum of events, whatever their order. */
export interface Digest {
  events: number;
  /** Sum of a 32-bit hash of each event, modulo 2^32. */
  sum: number;
}

export const EMPTY_DIGEST: Digest = { events: 0, sum: 0 };

const PROPS = EVENT_FIELDS.indexOf("props");

/** Names of properties come in the order of the columns that they were kept in. */
function canonical(packed: PackedEvent): string {
  const props = packed[PROPS];
  if (typeof props !== "object" || props === null) return JSON.stringify(packed);
  const entries = Object.entries(props).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(packed.with(PROPS, entries as never)); // only for hashing: never an event again
}

/** FNV-1a over UTF-16 units, 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

export function addToDigest(digest: Digest, events: readonly PackedEvent[]): Digest {
  let { sum } = digest;
  for (const packed of events) sum = (sum + hashOf(canonical(packed))) % 2 ** 32;
  return { events: digest.events + events.length, sum };
}

/** Of two lots of events together. */
export const addDigests = (a: Digest, b: Digest): Digest => ({
  events: a.events + b.events,
  sum: (a.sum + b.sum) % 2 ** 32,
});
