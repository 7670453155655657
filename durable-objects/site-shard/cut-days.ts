// Takes whole days out of segments. What they hold of other days is written anew first; all of it counts, and what was taken
// out ceases to, in one transaction.
import { ARCHIVE_DAY_MS, startOf } from "../../workers/domain/archive.ts";
import { partOf } from "../../workers/engine/batch-part.ts";
import { sortedByVisitor } from "../../workers/engine/batch-rows.ts";
import { encodeBlock } from "../../workers/engine/codec.ts";
import type { Batch } from "../../workers/engine/columns.ts";
import { paceOf } from "../../workers/engine/pace.ts";
import type { SegmentFacts, SegmentStore } from "./segment-store.ts";

export interface CutPorts {
  storage: DurableObjectStorage;
  store: SegmentStore;
  pause: () => Promise<void>;
}

export interface Cut {
  dates: readonly string[];
  /** Whether events of that import are taken out; "" for those collected. */
  of(importId: string): boolean;
  /** Done in the same transaction. */
  also(): void;
}

/** Rows of which the test holds, ascending. */
export function rowsWhere(batch: Batch, holds: (at: number) => boolean): Uint32Array {
  const rows = new Uint32Array(batch.length);
  let count = 0;
  for (let row = 0; row < batch.length; row++) if (holds(batch.at[row]!)) rows[count++] = row;
  return rows.subarray(0, count);
}

export const dayOf = (at: number): number => Math.floor(at / ARCHIVE_DAY_MS) * ARCHIVE_DAY_MS;

/** Segments that lie, at least in part, on one of the days. */
export function segmentsOn(store: SegmentStore, days: ReadonlySet<number>): SegmentFacts[] {
  const least = Math.min(...days);
  const most = Math.max(...days) + ARCHIVE_DAY_MS;
  return store.all().filter(({ atMin, atMax }) => {
    if (atMax < least || atMin >= most) return false;
    for (let day = dayOf(atMin); day <= atMax; day += ARCHIVE_DAY_MS) if (days.has(day)) return true;
    return false;
  });
}

/** How many events were taken out. Only in turn with whatever else rewrites segments. */
export async function cutDays({ storage, store, pause }: CutPorts, { dates, of, also }: Cut): Promise<number> {
  const days = new Set(dates.map(startOf));
  const pace = paceOf(pause);
  const chosen = days.size === 0 ? [] : segmentsOn(store, days).filter(({ importId }) => of(importId));
  const written: number[] = [];
  const replaced: number[] = [];
  let removed = 0;
  for (const { id, importId, run, arrival, count } of chosen) {
    const batch = store.batch(id);
    const kept = rowsWhere(batch, (at) => !days.has(dayOf(at)));
    if (kept.length === count) continue;
    replaced.push(id);
    removed += count - kept.length;
    if (kept.length === 0) continue;
    const rest = sortedByVisitor(partOf(batch, kept));
    const block = await encodeBlock(rest, pace);
    const { earliest: atMin, latest: atMax, newest: receivedAt, length } = rest;
    const segment = { importId, atMin, atMax, receivedAt, count: length, run, arrival, live: false };
    written.push(storage.transactionSync(() => store.insert(segment, block)));
    await pause();
  }
  storage.transactionSync(() => {
    store.replace(written, replaced);
    also();
  });
  store.refresh();
  return removed;
}
