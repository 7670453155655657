// A trend answer as points to draw: every bucket of the period, the comparison laid over it, the future left empty.
import type { QueryResult } from "../../workers/domain/query.ts";

export interface TrendPoint {
  label: string;
  /** Null for buckets that have not begun. */
  value: number | null;
  /** The bucket of the period compared with, in the same place; null when there is none. */
  before: { label: string; value: number | null } | null;
  change: number | null;
  /** Still running, so its value will grow. */
  partial: boolean;
}

const BUCKET_MS = { hour: 3600_000, day: 86_400_000, week: 7 * 86_400_000, month: 28 * 86_400_000 } as const;

const asUtc = (label: string): number => Date.parse(`${label.slice(0, 10)}T${label.slice(11, 19) || "00:00:00"}Z`);

/** `empty` is what a bucket without a row counts: 0 for sums, null for ratios. `nowStamp` is local to the site. */
export function trendPoints(
  result: QueryResult,
  options: { grain: keyof typeof BUCKET_MS; nowStamp: string; empty: number | null },
): TrendPoint[] {
  const { grain, nowStamp, empty } = options;
  const rows = new Map(result.results.map((row) => [row.dimensions[0] ?? "", row]));
  const labels = result.meta.time_labels ?? [...rows.keys()].sort();
  const now = asUtc(nowStamp);
  return labels.map((label, i) => {
    const row = rows.get(label);
    const start = asUtc(label);
    const next = labels[i + 1];
    const end = next === undefined ? start + BUCKET_MS[grain] : asUtc(next);
    const other = row?.comparison;
    return {
      label,
      value: start > now ? null : (row?.metrics[0] ?? empty),
      before: other ? { label: other.dimensions[0] ?? "", value: other.metrics[0] ?? null } : null,
      change: other?.change[0] ?? null,
      partial: start <= now && now < end,
    };
  });
}
