// Figures as lines, bars or slices: which series there are, over which places of the x axis. Pure.
import type { FigureMetric, Figures } from "./content.ts";
import { trendPoints } from "./trend.ts";

/** More lines than this cannot be told apart. */
export const MOST_SERIES = 8;
/** More bars than this cannot be read. */
export const MOST_PLACES = 30;

export interface SeriesPoint {
  value: number | null;
  before: number | null;
  change: number | null;
  /** Of a bucket that is still running. */
  partial: boolean;
}

export interface Series {
  /** Of a group: its value; else the metric's label. */
  name: string;
  metric: FigureMetric;
  points: SeriesPoint[];
  compared: boolean;
}

export interface SeriesModel {
  /** Of the x axis, as the answer names them; of time, local labels. */
  places: string[];
  /** Where a place stands for another in the period compared with. */
  placesBefore: (string | null)[];
  series: Series[];
  /** Groups that were left out. */
  more: number;
}

const sumOf = (values: readonly (number | null)[]): number =>
  values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

function overTime(figures: Figures, nowStamp: string): SeriesModel {
  const [, group] = figures.dimensions;
  const groups = group ? [...Map.groupBy(figures.rows, ({ dimensions }) => dimensions[1] ?? "")] : [];
  const ranked = groups
    .map(([name, rows]) => ({ name, rows, weight: sumOf(rows.map(({ values }) => values[0] ?? null)) }))
    .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1));
  const wanted = group
    ? ranked.slice(0, MOST_SERIES).map(({ name, rows }) => ({ name, rows, metric: 0 }))
    : figures.metrics.map(({ label }, metric) => ({ name: label, rows: figures.rows, metric }));
  const drawn = wanted.map(({ name, rows, metric }) => ({
    name,
    metric: figures.metrics[metric],
    points: trendPoints(figures, { nowStamp, metric, rows }),
  }));
  const first = drawn[0]?.points ?? [];
  return {
    places: first.map(({ label }) => label),
    placesBefore: first.map(({ before }) => before?.label ?? null),
    series: drawn.flatMap(({ name, metric, points }) =>
      metric
        ? [
            {
              name,
              metric,
              points: points.map(({ value, before, change, partial }) => ({
                value,
                before: before?.value ?? null,
                change,
                partial,
              })),
              compared: points.some(({ before }) => before !== null),
            },
          ]
        : [],
    ),
    more: Math.max(0, ranked.length - MOST_SERIES),
  };
}

function overValues({ rows, metrics }: Figures): SeriesModel {
  const shown = rows.slice(0, MOST_PLACES);
  return {
    places: shown.map(({ dimensions }) => dimensions[0] ?? ""),
    placesBefore: shown.map(() => null),
    series: metrics.map((metric, i) => ({
      name: metric.label,
      metric,
      points: shown.map(({ values, before, change }) => ({
        value: values[i] ?? null,
        before: before?.values[i] ?? null,
        change: change[i] ?? null,
        partial: false,
      })),
      compared: shown.some(({ before }) => before !== null),
    })),
    more: rows.length - shown.length,
  };
}

/** Of two dimensions without time: the first along the axis, a series for each value of the second. */
function overPairs({ rows, metrics }: Figures): SeriesModel {
  const metric = metrics[0];
  if (!metric) return { places: [], placesBefore: [], series: [], more: 0 };
  const rankedBy = (dimension: number) =>
    [...Map.groupBy(rows, ({ dimensions }) => dimensions[dimension] ?? "")]
      .map(([name, own]) => ({ name, weight: sumOf(own.map(({ values }) => values[0] ?? null)) }))
      .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
      .map(({ name }) => name);
  const places = rankedBy(0).slice(0, MOST_PLACES);
  const groups = rankedBy(1);
  const byPair = new Map(rows.map((row) => [JSON.stringify(row.dimensions.slice(0, 2)), row]));
  return {
    places,
    placesBefore: places.map(() => null),
    series: groups.slice(0, MOST_SERIES).map((name) => ({
      name,
      metric,
      points: places.map((place) => {
        const row = byPair.get(JSON.stringify([place, name]));
        return { value: row?.values[0] ?? null, before: null, change: null, partial: false };
      }),
      compared: false,
    })),
    more: Math.max(0, groups.length - MOST_SERIES),
  };
}

/** `nowStamp` is local to the site. */
export function seriesOf(figures: Figures, nowStamp: string): SeriesModel {
  if (figures.grain) return overTime(figures, nowStamp);
  return figures.dimensions.length > 1 ? overPairs(figures) : overValues(figures);
}
