// Chooses the rows that a period's answer depends on, for one slice of the visitors, and puts them in order of visitor, then
// time, then receipt, then arrival: those of the period, and of its visitors what may belong to sessions over its edges.

import type { Period } from "../domain/period.ts";
import { isWithin, type LoadOptions, overlaps, visitorsOf } from "./choose-visitors.ts";
import type { SortedBatch } from "./columns.ts";
import { visitorsWithin } from "./interleave.ts";
import type { Pace } from "./pace.ts";
import { type Loaded, place, sortMixed } from "./place-rows.ts";
import { meets, type Slice } from "./visitor-key.ts";

/** Silence longer than this ends a session. */
export const SESSION_GAP = 1_800_000;

/** How far beyond the period rows are taken at first. Sessions that reach further make the load begin again with more. */
const FIRST_MARGIN = 4 * 3_600_000;
const MORE_MARGIN = 16;

/** Whether a session that reaches into the period may go on beyond the window, where there are more rows. */
function reachesOut(
  { at, starts }: { at: Float64Array; starts: Uint32Array },
  window: Period,
  period: Period,
): boolean {
  for (let number = 0; number + 1 < starts.length; number++) {
    let first = starts[number]!;
    let last = starts[number + 1]! - 1;
    if (at[first]! - window.from <= SESSION_GAP) {
      while (first < last && at[first + 1]! - at[first]! <= SESSION_GAP && at[first]! < period.from) first++;
      if (at[first]! >= period.from) return true;
    }
    if (window.to - at[last]! <= SESSION_GAP) {
      while (last > starts[number]! && at[last]! - at[last - 1]! <= SESSION_GAP && at[last]! >= period.to) last--;
      if (at[last]! < period.to) return true;
    }
  }
  return false;
}

export function load(batches: readonly SortedBatch[], options: LoadOptions): Loaded {
  const { period, from } = options;
  const earliest = Math.min(...batches.map((batch) => batch.earliest));
  const latest = Math.max(...batches.map((batch) => batch.latest));
  for (let margin = FIRST_MARGIN; ; margin *= MORE_MARGIN) {
    const window = { from: from - margin, to: period.to + margin };
    const placed = place(visitorsOf(batches, options, window), window);
    sortMixed(placed, batches);
    const whole = window.from <= earliest && window.to > latest;
    if (whole || !reachesOut(placed, window, { from, to: period.to })) return placed;
  }
}

/** Rows that a scan of the slice looks at. */
export function rowsWithin(batches: readonly SortedBatch[], period: Period, slice: Slice): number {
  let rows = 0;
  for (const batch of batches) {
    if (!overlaps(batch, period) || !meets(batch.range, slice)) continue;
    const [first, end] = visitorsWithin(batch.visitors, slice);
    rows += batch.visitors.starts[end]! - batch.visitors.starts[first]!;
  }
  return rows;
}

function newestWithin({ at, receivedAt }: SortedBatch, { from, to }: Period): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < at.length; row++) {
    if (at[row]! >= from && at[row]! < to && receivedAt[row]! > newest) newest = receivedAt[row]!;
  }
  return newest;
}

/**
 * Receipt time of the newest row in the period, or what is known from others when that is newer; milliseconds, null when
 * there is none. Reads rows only of batches that lie across an edge of the period and may tell more.
 */
export async function freshnessOf(
  batches: readonly SortedBatch[],
  { period, known, pace }: { period: Period; known: number | null; pace: Pace },
): Promise<number | null> {
  let newest = known ?? Number.NEGATIVE_INFINITY;
  for (const batch of batches) if (isWithin(batch, period)) newest = Math.max(newest, batch.newest);
  for (const batch of batches) {
    if (batch.newest <= newest || isWithin(batch, period) || !overlaps(batch, period)) continue;
    newest = Math.max(newest, newestWithin(batch, period));
    const rest = pace.spend(batch.length * 2);
    if (rest) await rest;
  }
  return Number.isFinite(newest) ? newest : null;
}
