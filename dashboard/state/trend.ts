// A trend answer as points to draw: every bucket of the period, the comparison laid over it, the future left empty.
import { amountOf } from "../../workers/domain/money.ts";
import type { QueryResult, QueryRow } from "../../workers/domain/query.ts";
import { monthStart } from "./days.ts";

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

function rowBefore({ comparison }: QueryRow): TrendPoint["before"] {
  return comparison ? { label: comparison.dimensions[0] ?? "", value: amountOf(comparison.metrics[0]) } : null;
}

interface Pair {
  label: string;
  before: string;
}

/** The label that lies as far from the known one before as `label` does from the known one. */
function laidOver(label: string, known: Pair, grain: keyof typeof BUCKET_MS): string {
  if (grain === "month") {
    const monthOf = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
    return monthStart(known.before.slice(0, 10), monthOf(label) - monthOf(known.label));
  }
  const at = new Date(asUtc(known.before) + asUtc(label) - asUtc(known.label)).toISOString();
  return at.slice(0, 19).replace("T", " ").slice(0, known.before.length);
}

/** `empty` is what a bucket without a row counts: 0 for sums, null for ratios. `nowStamp` is local to the site. */
export function trendPoints(
  result: QueryResult,
  options: { grain: keyof typeof BUCKET_MS; nowStamp: string; empty: number | null },
): TrendPoint[] {
  const { grain, nowStamp, empty } = options;
  const rows = new Map(result.results.map((row) => [row.dimensions[0] ?? "", row]));
  const labels = result.meta.time_labels ?? [...rows.keys()].sort();
  const now = asUtc(nowStamp);
  const [known] = result.results.flatMap(({ dimensions, comparison }): Pair[] =>
    comparison ? [{ label: dimensions[0] ?? "", before: comparison.dimensions[0] ?? "" }] : [],
  );
  // Without events in either period a bucket has no row; the line before would have a hole there.
  const emptyBefore = (label: string): TrendPoint["before"] => {
    const before = known && laidOver(label, known, grain);
    return before !== undefined && before < (labels[0] ?? "") ? { label: before, value: empty } : null;
  };
  return labels.map((label, i) => {
    const row = rows.get(label);
    const start = asUtc(label);
    const next = labels[i + 1];
    const end = next === undefined ? start + BUCKET_MS[grain] : asUtc(next);
    return {
      label,
      value: start > now ? null : (amountOf(row?.metrics[0]) ?? empty),
      before: row ? rowBefore(row) : emptyBefore(label),
      change: row?.comparison?.change[0] ?? null,
      partial: start <= now && now < end,
    };
  });
}
