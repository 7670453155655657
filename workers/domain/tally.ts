// What was measured of one operation: how often, how it went, how long it took. All of it sums, so that tallies of any
// isolates and times add up, and percentiles come out of the whole. Buckets grow by a fifth: a percentile is within 10 %.

export interface Tally {
  count: number;
  /** Answered with 4xx, and with 5xx or an exception. */
  refused: number;
  failed: number;
  sum: number;
  max: number;
  /** How many values fell into each bucket. */
  buckets: Record<number, number>;
}

export type Outcome = "done" | "refused" | "failed";

const GROWTH = 1.2;
const LAST_BUCKET = 110;
const PER_LOG = 1 / Math.log(GROWTH);

export const emptyTally = (): Tally => ({ count: 0, refused: 0, failed: 0, sum: 0, max: 0, buckets: {} });

/** 0 for what is below 1, else the power of 1.2 below the value, and one. */
function reckoned(value: number): number {
  if (!(value >= 1)) return 0;
  return Math.min(LAST_BUCKET, 1 + Math.floor(Math.log(value) * PER_LOG + 1e-9));
}

/** Most values are a few whole milliseconds, and every beacon is measured. */
const FEW = Uint8Array.from({ length: 256 }, (_, value) => reckoned(value));
const bucketOf = (value: number): number => FEW[value] ?? reckoned(value);

const lowerEnd = (bucket: number): number => (bucket === 0 ? 0 : GROWTH ** (bucket - 1));

/** Adds `times` values that are alike. */
export function addTo(tally: Tally, value: number, added?: Added): void {
  const times = added?.times ?? 1;
  const bucket = bucketOf(value);
  tally.count += times;
  tally.sum += value * times;
  if (value > tally.max) tally.max = value;
  tally.buckets[bucket] = (tally.buckets[bucket] ?? 0) + times;
  const outcome = added?.outcome ?? "done";
  if (outcome !== "done") tally[outcome] += times;
}

export interface Added {
  outcome?: Outcome;
  times?: number;
}

export function mergedTally(a: Tally, b: Tally): Tally {
  const buckets = { ...a.buckets };
  for (const [bucket, n] of Object.entries(b.buckets)) buckets[Number(bucket)] = (buckets[Number(bucket)] ?? 0) + n;
  return {
    count: a.count + b.count,
    refused: a.refused + b.refused,
    failed: a.failed + b.failed,
    sum: a.sum + b.sum,
    max: Math.max(a.max, b.max),
    buckets,
  };
}

/** The value below which the share `q` lies, 0 to 1, evenly spread within its bucket; null of nothing. */
export function quantileOf({ count, max, buckets }: Tally, q: number): number | null {
  if (count === 0) return null;
  const wanted = q * count;
  let below = 0;
  for (const [bucket, n] of Object.entries(buckets)) {
    if (below + n >= wanted) {
      const from = lowerEnd(Number(bucket));
      const to = Math.min(lowerEnd(Number(bucket) + 1), max);
      return Math.min(max, from + Math.max(0, to - from) * ((wanted - below) / n));
    }
    below += n;
  }
  return max;
}
