// Events that come from another shard, or from a backup, become segments here at once, in the transaction that notes how far the copy is:
// so each is copied once, whenever the object ends. They were copied to D1 and Analytics Engine by the shard that took them.
import { paceOf } from "../../workers/engine/pace.ts";
import type { DirtyHours } from "./dirty-hours.ts";
import { type EncodedPart, encodeInParts } from "./encode-in-parts.ts";
import { parseBody } from "./log.ts";
import type { GivenEvents } from "./protocol.ts";
import { addToStrip, insertSegment } from "./seal.ts";
import { hourOf } from "./seen-ids.ts";
import type { SegmentStore } from "./segment-store.ts";

const AT_FIELD = 2;

export interface TakeIn {
  storage: DurableObjectStorage;
  store: SegmentStore;
  dirty: DirtyHours;
  /** Of each segment, inside the transaction. */
  took: (segment: number) => void;
  /** Whether roll-ups of before are gone on with, so that nothing is to be rolled up for what comes. */
  goesOn: boolean;
  /** Written in the same transaction, with the number of events. */
  note: (events: number) => void;
  pause: () => Promise<void>;
}

export async function takeIn(parts: readonly GivenEvents[], ports: TakeIn): Promise<void> {
  const { storage, store, dirty, goesOn, took, note } = ports;
  const pace = paceOf(ports.pause);
  const encoded: (EncodedPart & { importId: string })[] = [];
  for (const [importId, own] of Map.groupBy(parts, (part) => part.importId)) {
    const events = own.flatMap(({ body }) => parseBody(body));
    encoded.push(...(await encodeInParts(events, pace)).map((part) => ({ ...part, importId })));
  }
  const hours = new Set(encoded.flatMap(({ events }) => events.map((packed) => hourOf(packed[AT_FIELD]))));
  if (!goesOn) for (const hour of hours) dirty.markPast(hour);
  storage.transactionSync(() => {
    dirty.store();
    for (const { importId, events, batch, block } of encoded) {
      took(insertSegment(store, { importId, batch, block }));
      if (importId === "") addToStrip(storage.sql, events);
    }
    note(encoded.reduce((sum, { events }) => sum + events.length, 0));
  });
  store.refresh();
}
