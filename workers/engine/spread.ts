// How numbers lie, in a form that merges and that quantiles can be asked of. Few distinct values are kept with how often each
// came, and answer exactly; many are counted in buckets whose bounds grow by one percent (DDSketch, Masson et al., VLDB 2019),
// and are then off by no more than half a percent of themselves. Which of the two it is depends on the values alone.

export interface Spread {
  /** Value as text → how often, while there are at most EXACT_VALUES; null from then on. */
  values: Record<string, number> | null;
  distinct: number;
  /** Bucket → how often, once `values` is null: `0`, and a sign with the power of GROWTH. */
  buckets: Record<string, number>;
}

export const EXACT_VALUES = 2000;
/** Quantiles of more distinct values are off by no more than this share of themselves. */
export const QUANTILE_ERROR = 0.005;

const GROWTH = (1 + QUANTILE_ERROR) / (1 - QUANTILE_ERROR);
const LOG_GROWTH = Math.log(GROWTH);

export function emptySpread(): Spread {
  return { values: {}, distinct: 0, buckets: {} };
}

function bucketOf(value: number): string {
  if (value === 0) return "0";
  const power = Math.ceil(Math.log(Math.abs(value)) / LOG_GROWTH);
  return `${value < 0 ? "-" : "+"}${power}`;
}

/** As near as may be to every value of the bucket. */
function middleOf(bucket: string): number {
  if (bucket === "0") return 0;
  const size = (2 * GROWTH ** Number(bucket.slice(1))) / (GROWTH + 1);
  return bucket.startsWith("-") ? -size : size;
}

function toBuckets(spread: Spread): void {
  for (const [value, times] of Object.entries(spread.values ?? {}))
    count(spread.buckets, bucketOf(Number(value)), times);
  spread.values = null;
}

function count(counts: Record<string, number>, key: string, times: number): void {
  counts[key] = (counts[key] ?? 0) + times;
}

/** Adds a finite number that came so many times, in place. */
export function addTimes(spread: Spread, value: number, times: number): void {
  if (!spread.values) {
    count(spread.buckets, bucketOf(value), times);
    return;
  }
  const key = String(value);
  if (spread.values[key] === undefined) spread.distinct += 1;
  count(spread.values, key, times);
  if (spread.distinct > EXACT_VALUES) toBuckets(spread);
}

/** Adds `more` to `spread`, in place. */
export function addSpread(spread: Spread, more: Spread): void {
  for (const [value, times] of Object.entries(more.values ?? {})) addTimes(spread, Number(value), times);
  if (more.values) return;
  if (spread.values) toBuckets(spread);
  for (const [bucket, times] of Object.entries(more.buckets)) count(spread.buckets, bucket, times);
}

/** The least value that at least `share` of `total` numbers do not exceed; null of none. */
export function quantileOf({ values, buckets }: Spread, share: number, total: number): number | null {
  const rank = Math.max(1, Math.ceil(share * total));
  const known = values
    ? Object.entries(values).map(([value, times]) => [Number(value), times] as const)
    : Object.entries(buckets).map(([bucket, times]) => [middleOf(bucket), times] as const);
  let seen = 0;
  for (const [value, times] of known.sort(([a], [b]) => a - b)) {
    seen += times;
    if (seen >= rank) return value;
  }
  return null;
}
