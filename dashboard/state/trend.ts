// Figures by time as points to draw: every bucket of the period, the comparison laid over it, the future left empty.
import type { FigureRow, Figures } from "./content.ts";
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

interface TrendOptions {
  /** Local to the site. */
  nowStamp: string;
  /** Which of the metrics, by position. */
  metric?: number;
  /** Of one group, where the figures are of several. */
  rows?: readonly FigureRow[];
}

/** Sums count nothing where nothing was; a ratio of nothing is none. */
const emptyOf = ({ metrics }: Figures, metric: number): number | null => (metrics[metric]?.unit === "count" ? 0 : null);

/** Figures whose first dimension is time. */
export function trendPoints(
  figures: Figures,
  { nowStamp, metric = 0, rows = figures.rows }: TrendOptions,
): TrendPoint[] {
  const grain = figures.grain ?? "day";
  const empty = emptyOf(figures, metric);
  const byLabel = new Map(rows.map((row) => [row.dimensions[0] ?? "", row]));
  const labels = figures.buckets ?? [...byLabel.keys()].sort();
  const now = asUtc(nowStamp);
  const [known] = rows.flatMap(({ dimensions, before }): Pair[] =>
    before ? [{ label: dimensions[0] ?? "", before: before.dimensions[0] ?? "" }] : [],
  );
  // Without events in either period a bucket has no row; the line before would have a hole there.
  const emptyBefore = (label: string): TrendPoint["before"] => {
    const before = known && laidOver(label, known, grain);
    return before !== undefined && before < (labels[0] ?? "") ? { label: before, value: empty } : null;
  };
  const beforeOf = (row: FigureRow | undefined, label: string): TrendPoint["before"] => {
    if (!row) return emptyBefore(label);
    return row.before && { label: row.before.dimensions[0] ?? "", value: row.before.values[metric] ?? null };
  };
  return labels.map((label, i) => {
    const row = byLabel.get(label);
    const start = asUtc(label);
    const next = labels[i + 1];
    const end = next === undefined ? start + BUCKET_MS[grain] : asUtc(next);
    return {
      label,
      value: start > now ? null : (row?.values[metric] ?? empty),
      before: beforeOf(row, label),
      change: row?.change[metric] ?? null,
      partial: start <= now && now < end,
    };
  });
}
