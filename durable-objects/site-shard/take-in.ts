// Events that come from another shard become segments here at once, in the transaction that notes how far the copy is:
// so each is copied once, whenever the object ends. They were copied to D1 and Analytics Engine by the shard that took them.
import type { PackedEvent } from "../../workers/domain/event.ts";
import { batchOf } from "../../workers/engine/batch.ts";
import { sortedByVisitor } from "../../workers/engine/batch-rows.ts";
import { type Block, encodeBlock } from "../../workers/engine/codec.ts";
import type { SortedBatch } from "../../workers/engine/columns.ts";
import { type Pace, paceOf } from "../../workers/engine/pace.ts";
import type { DirtyHours } from "./dirty-hours.ts";
import { parseBody } from "./log.ts";
import type { GivenEvents } from "./protocol.ts";
import { addToStrip, HEAD_BYTES, insertSegment } from "./seal.ts";
import { hourOf } from "./seen-ids.ts";
import type { SegmentStore } from "./segment-store.ts";

const AT_FIELD = 2;

interface Encoded {
  importId: string;
  events: PackedEvent[];
  batch: SortedBatch;
  block: Block;
}

/** As one block, or in halves where its head would not fit a SQLite value. */
async function encode(importId: string, events: PackedEvent[], pace: Pace): Promise<Encoded[]> {
  const batch = sortedByVisitor(batchOf(events));
  const block = await encodeBlock(batch, pace);
  if (block.head.length <= HEAD_BYTES || events.length === 1) return [{ importId, events, batch, block }];
  const half = events.length >> 1;
  return [
    ...(await encode(importId, events.slice(0, half), pace)),
    ...(await encode(importId, events.slice(half), pace)),
  ];
}

export interface TakeIn {
  storage: DurableObjectStorage;
  store: SegmentStore;
  dirty: DirtyHours;
  /** Whether roll-ups of before are gone on with, so that nothing is to be rolled up for what comes. */
  goesOn: boolean;
  oldShard: number;
  /** Written in the same transaction, with the number of events. */
  note: (events: number) => void;
  pause: () => Promise<void>;
}

export async function takeIn(parts: readonly GivenEvents[], ports: TakeIn): Promise<void> {
  const { storage, store, dirty, goesOn, oldShard, note } = ports;
  const pace = paceOf(ports.pause);
  const encoded: Encoded[] = [];
  for (const [importId, own] of Map.groupBy(parts, (part) => part.importId)) {
    const events = own.flatMap(({ body }) => parseBody(body));
    encoded.push(...(await encode(importId, events, pace)));
  }
  const hours = new Set(encoded.flatMap(({ events }) => events.map((packed) => hourOf(packed[AT_FIELD]))));
  if (!goesOn) for (const hour of hours) dirty.markPast(hour);
  storage.transactionSync(() => {
    dirty.store();
    for (const { importId, events, batch, block } of encoded) {
      const id = insertSegment(store, { importId, batch, block });
      storage.sql.exec("insert into taken_segments values (?, ?)", id, oldShard);
      if (importId === "") addToStrip(storage.sql, events);
    }
    note(encoded.reduce((sum, { events }) => sum + events.length, 0));
  });
  store.refresh();
}
