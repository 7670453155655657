// Which runs of ids become one, and how much memory a run's filter deserves.
import type { RunFacts } from "./seen-run-store.ts";

const HOUR_MS = 3600_000;
/** Ids of a new run; until then they are kept in memory. */
export const RUN_IDS = 390_000;
const RUNS_MERGED = 4;
/** A run is forgotten when its newest id may be, so it must not reach back too far. */
const SPAN_MS = 24 * HOUR_MS;
/** Bits an id by size of run: a filter of the largest would say little for what it takes. */
const FILTER_BITS = [10, 8, 3, 0];

const sizeClass = (count: number): number =>
  Math.max(0, Math.floor(Math.log(count / RUN_IDS) / Math.log(RUNS_MERGED) + 0.5));

export const filterBits = (count: number): number => FILTER_BITS[sizeClass(count)] ?? 0;

/** Runs of one size that become one, the oldest first, or none. */
export function runsToMerge(runs: readonly RunFacts[]): RunFacts[] {
  const bySize = Map.groupBy(runs, ({ count }) => sizeClass(count));
  for (const [size, all] of [...bySize].sort(([a], [b]) => a - b)) {
    if (size + 1 >= FILTER_BITS.length) continue;
    const own = all.sort((a, b) => a.oldest - b.oldest).slice(0, RUNS_MERGED);
    const span = Math.max(...own.map(({ newest }) => newest)) - (own[0]?.oldest ?? 0);
    if (own.length === RUNS_MERGED && span <= SPAN_MS) return own;
  }
  return [];
}
