// Segments one after another in order of arrival, for what reads history from end to end.
import type { PackedEvent } from "../../workers/domain/event.ts";
import type { VisitorRange } from "../../workers/domain/shard.ts";
import { partOf, rowsInRange } from "../../workers/engine/batch-part.ts";
import { eventsOf } from "../../workers/engine/batch-rows.ts";
import type { Batch } from "../../workers/engine/columns.ts";
import type { SealedCursor } from "./protocol.ts";
import type { SegmentFacts, SegmentStore } from "./segment-store.ts";

/** The segment of the cursor and those after it. */
export function segmentsFrom(store: SegmentStore, { arrival, segment }: SealedCursor): SegmentFacts[] {
  return store.all().filter((one) => one.arrival > arrival || (one.arrival === arrival && one.id >= segment));
}

/** Rows at a time: what is made of them takes a few milliseconds. */
const SLICE_ROWS = 1_000;

/** The events of visitors in the range from row `from` on, in small parts; `next` is the row after each part. */
export function* eventsInRange(
  batch: Batch,
  range: VisitorRange,
  from = 0,
): Generator<{ events: PackedEvent[]; next: number }> {
  const rows = rowsInRange(batch, range);
  let start = rows.findIndex((row) => row >= from);
  if (start < 0) return;
  for (; start < rows.length; start += SLICE_ROWS) {
    const slice = rows.subarray(start, start + SLICE_ROWS);
    yield { events: eventsOf(partOf(batch, slice)), next: slice[slice.length - 1]! + 1 };
  }
}
