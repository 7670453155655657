// Whole numbers of milliseconds whose quantiles can be asked for, in a form that merges. Few are kept as they are and
// answer exactly; many are counted in buckets at most 1/128 of their value wide, whose middle is at most 0.4 % off.

export interface Histogram {
  count: number;
  sum: number;
  /** Every value while there are at most EXACT_VALUES, in any order; null from then on. */
  values: number[] | null;
  /** Bucket → count, once `values` is null. */
  buckets: Record<string, number>;
}

export const EXACT_VALUES = 2000;
/** Quantiles of more values than that are off by no more than this share of themselves. */
export const QUANTILE_ERROR = 1 / 256;

/** Values below this are buckets of their own. */
const FINE = 256;
/** Leading zeros, of 32 bits, of the greatest value below it. */
const FINE_ZEROS = Math.clz32(FINE - 1);

export function emptyHistogram(): Histogram {
  return { count: 0, sum: 0, values: [], buckets: {} };
}

function shiftOf(value: number): number {
  if (value < FINE) return 0;
  if (value < 2 ** 31) return FINE_ZEROS - Math.clz32(value);
  let shift = 0;
  for (let rest = value; rest >= FINE; rest = Math.floor(rest / 2)) shift++;
  return shift;
}

/** 128 buckets for each doubling above FINE. */
function bucketOf(value: number): number {
  const shift = shiftOf(value);
  return shift * (FINE / 2) + Math.floor(value / 2 ** shift);
}

function middleOf(bucket: number): number {
  if (bucket < FINE) return bucket;
  const shift = Math.floor(bucket / (FINE / 2)) - 1;
  const start = (bucket - shift * (FINE / 2)) * 2 ** shift;
  return start + (2 ** shift - 1) / 2;
}

function count(buckets: Record<string, number>, bucket: number | string, more: number): void {
  buckets[bucket] = (buckets[bucket] ?? 0) + more;
}

function toBuckets(histogram: Histogram): void {
  for (const value of histogram.values ?? []) count(histogram.buckets, bucketOf(value), 1);
  histogram.values = null;
}

/** Adds a whole number, zero or more, in place. */
export function addValue(histogram: Histogram, value: number): void {
  histogram.count += 1;
  histogram.sum += value;
  if (histogram.values) histogram.values.push(value);
  else count(histogram.buckets, bucketOf(value), 1);
  if (histogram.values && histogram.values.length > EXACT_VALUES) toBuckets(histogram);
}

export function mergeHistograms(a: Histogram, b: Histogram): Histogram {
  const merged: Histogram = {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    values: [...(a.values ?? []), ...(b.values ?? [])],
    buckets: { ...a.buckets },
  };
  for (const [bucket, more] of Object.entries(b.buckets)) count(merged.buckets, bucket, more);
  if (!a.values || !b.values || merged.count > EXACT_VALUES) toBuckets(merged);
  return merged;
}

/** The least value that at least this share of all values do not exceed; null of nothing. */
export function quantile({ count: total, values, buckets }: Histogram, share: number): number | null {
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(share * total));
  if (values) return values.toSorted((a, b) => a - b)[rank - 1]!;
  let seen = 0;
  const inOrder = Object.entries(buckets).sort(([a], [b]) => Number(a) - Number(b));
  for (const [bucket, size] of inOrder) {
    seen += size;
    if (seen >= rank) return middleOf(Number(bucket));
  }
  return null;
}
