// Merging: many small segments become one run, cut by visitor into segments of a scan's size. They are written first, and
// count from the one transaction in which the old ones cease to; a crash before it leaves the old ones, after it the new.
import { encodeBlock } from "../../workers/engine/codec.ts";
import { mergeBatches } from "../../workers/engine/merge-batches.ts";
import { type Pace, paceOf } from "../../workers/engine/pace.ts";
import { slicesOf } from "../../workers/engine/visitor-key.ts";
import { chooseMerge } from "./merge-choice.ts";
import type { NewSegment, SegmentFacts, SegmentStore } from "./segment-store.ts";

/** Rows of a merged segment, about. */
const MERGED_ROWS = 65_536;
/** Merges at one turn of the alarm. */
const MERGES_A_TURN = 4;

export interface MergePorts {
  storage: DurableObjectStorage;
  store: SegmentStore;
  pause: () => Promise<void>;
}

function sliceCount(rows: number): number {
  let count = 1;
  while (count * MERGED_ROWS < rows) count *= 2;
  return count;
}

async function writeRun(
  segments: readonly SegmentFacts[],
  { storage, store }: MergePorts,
  pace: Pace,
): Promise<number[]> {
  const batches = segments.map(({ id }) => store.batch(id));
  const rows = segments.reduce((sum, { count }) => sum + count, 0);
  const arrival = Math.min(...segments.map((segment) => segment.arrival));
  const written: number[] = [];
  for (const slice of slicesOf(sliceCount(rows))) {
    const batch = await mergeBatches(batches, slice, pace);
    if (!batch) continue;
    const block = await encodeBlock(batch, pace);
    const { earliest: atMin, latest: atMax, newest: receivedAt, length: count } = batch;
    const segment: NewSegment = {
      importId: segments[0]!.importId,
      atMin,
      atMax,
      receivedAt,
      count,
      // Every run has a number of its own: that of its first event's segment and of its last.
      run: Math.max(...segments.map(({ id }) => id)),
      arrival,
      live: false,
    };
    written.push(storage.transactionSync(() => store.insert(segment, block)));
  }
  return written;
}

/** Merges what is due; true when more may be. `segments.reset` is not needed: only segments change, not the log. */
export async function mergeSegments(ports: MergePorts, now: number): Promise<boolean> {
  const { storage, store, pause } = ports;
  const pace = paceOf(pause);
  for (let turn = 0; turn < MERGES_A_TURN; turn++) {
    const ids = chooseMerge(store.all(), now);
    if (!ids) return false;
    const chosen = new Set(ids);
    const segments = store.all().filter(({ id }) => chosen.has(id));
    const written = await writeRun(segments, ports, pace);
    storage.transactionSync(() => store.replace(written, ids));
    store.refresh();
  }
  return true;
}
