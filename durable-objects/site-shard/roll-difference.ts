// What a stored roll-up says against what the events say, in figures that name nobody: panel, measure and counts, no keys.
import type { Rolled, RolledRow } from "../../workers/analyses/roll-up.ts";
import { keyOf } from "../../workers/analyses/table.ts";
import { MEASURES } from "../../workers/catalog/measure.ts";
import type { PanelDifference } from "../../workers/domain/rollup.ts";

/** Counted beside the measures: visitors who were here before, and those whose ids last. */
const RETURNING = "returning visitors";
const LASTING = "lasting visitors";

type Figures = Record<string, number>;

const sum = (counts: Record<string, number> = {}): number =>
  Object.values(counts).reduce((all, count) => all + count, 0);

function figuresOf({ counts, revenue, again }: RolledRow): Figures {
  const own = MEASURES.map((measure, place): [string, number] => [
    measure,
    measure === "revenue" ? sum(revenue) : counts[place]!,
  ]);
  return { ...Object.fromEntries(own), [RETURNING]: sum(again) };
}

const sorted = (counts: Record<string, number> = {}) => Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));

const rowText = ({ key, counts, again, revenue }: RolledRow): string =>
  JSON.stringify([key, counts, sorted(again), sorted(revenue)]);

const rowsOf = (rolled: readonly Rolled[]): RolledRow[] => rolled.flatMap(({ rows }) => rows);
const lastingOf = (rolled: readonly Rolled[]): number => rolled.reduce((all, { lasting }) => all + lasting, 0);

/** Rows come in the order in which they were met, which says nothing. */
const textOf = (rolled: readonly Rolled[]): string =>
  JSON.stringify([lastingOf(rolled), rowsOf(rolled).map(rowText).sort()]);

function totalsOf(rolled: readonly Rolled[]): Figures {
  const totals: Figures = { [LASTING]: lastingOf(rolled) };
  for (const row of rowsOf(rolled)) {
    for (const [name, count] of Object.entries(figuresOf(row))) totals[name] = (totals[name] ?? 0) + count;
  }
  return totals;
}

/** The measure that is furthest off, row by row; the first of those that are off alike. */
function furthest(stored: readonly RolledRow[], right: readonly RolledRow[]): string | null {
  const off: Figures = {};
  const others = new Map(stored.map((row) => [keyOf(row.key), figuresOf(row)]));
  const add = (a: Figures, b: Figures) => {
    for (const name of Object.keys(a)) off[name] = (off[name] ?? 0) + Math.abs(a[name]! - (b[name] ?? 0));
  };
  for (const row of right) {
    add(figuresOf(row), others.get(keyOf(row.key)) ?? {});
    others.delete(keyOf(row.key));
  }
  for (const rest of others.values()) add(rest, {});
  return Object.entries(off).reduce<[string | null, number]>(
    (most, each) => (each[1] > most[1] ? each : most),
    [null, 0],
  )[0];
}

/** Null where both say the same; `stored` may be in parts, and is empty where there is no row. */
export function differenceOf(panel: string, stored: readonly Rolled[], right: Rolled): PanelDifference | null {
  if (textOf(stored) === textOf([right])) return null;
  const rows = rowsOf(stored);
  const measure = furthest(rows, right.rows) ?? LASTING;
  const known = new Set(rows.map(rowText));
  const same = right.rows.filter((row) => known.has(rowText(row))).length;
  return {
    panel,
    measure,
    stored: stored.length === 0 ? null : (totalsOf(stored)[measure] ?? 0),
    right: totalsOf([right])[measure] ?? 0,
    differing: Math.max(rows.length, right.rows.length) - same,
    rows: right.rows.length,
  };
}
