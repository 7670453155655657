import type { Batch } from "../../workers/engine/batch.ts";
import { decodeBatch } from "../../workers/engine/codec.ts";

/** Decoded segments kept in memory, by events; about 100 bytes each. */
const HELD_EVENTS = 400_000;

export interface SegmentCache {
  get(id: number): Batch;
}

/** Segments decoded once and held while they fit, the least recently used leaving first. */
export function createSegmentCache(sql: SqlStorage): SegmentCache {
  const decoded = new Map<number, Batch>();
  let heldEvents = 0;

  function makeRoom(): void {
    for (const [id, old] of decoded) {
      if (heldEvents <= HELD_EVENTS || decoded.size === 1) return;
      decoded.delete(id);
      heldEvents -= old.length;
    }
  }

  return {
    get(id) {
      let batch = decoded.get(id);
      if (batch) decoded.delete(id);
      else {
        const { body } = sql.exec<{ body: ArrayBuffer }>("select body from segments where id = ?", id).one();
        batch = decodeBatch(new Uint8Array(body));
        heldEvents += batch.length;
      }
      decoded.set(id, batch);
      makeRoom();
      return batch;
    },
  };
}
