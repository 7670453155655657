// A question against the catalogue: every name known, every combination meaningful, the period and the order fixed.

import type { CustomMetric } from "../catalog/custom-metric.ts";
import { dimensionOf, dimensions } from "../catalog/dimensions/index.ts";
import { CATALOGUED } from "../catalog/packs/index.ts";
import type { FieldError } from "../domain/errors.ts";
import {
  bucketEstimate,
  type Calendar,
  comparisonPeriod,
  firstPartOf,
  GRAINS,
  type Grain,
  grainOf,
  type Period,
  periodOf,
} from "../domain/period.ts";
import type { Filter, Query } from "../domain/query.ts";
import type { Goal } from "../domain/site.ts";
import { type AskedMetric, askedMetric } from "./asked-metric.ts";
import { conditionsOf, filterErrors } from "./filters.ts";

export type Direction = "asc" | "desc";

export interface NormalQuery {
  query: Query;
  metrics: AskedMetric[];
  /** With `time` replaced by the grain that suits the period. */
  dimensions: string[];
  /** Of the time dimension, if there is one. */
  grain: Grain | null;
  filters: Filter[];
  period: Period;
  comparison: Period | null;
  /** By metric or dimension, as named in `metrics` and `dimensions`. */
  order: [key: string, direction: Direction][];
}

export interface Refusal {
  errors: FieldError[];
}

/** A chart of more points than this shows nothing more. */
const MOST_BUCKETS = 10_000;

function namedTwice(names: readonly string[], path: string): FieldError[] {
  return names
    .map((name, index) => ({ name, index }))
    .filter(({ name, index }) => names.indexOf(name) < index)
    .map(({ name, index }) => ({ path: `${path}.${index}`, message: `${name} is named twice` }));
}

/** What a site has of its own to ask by. */
export interface Own {
  goals: readonly Goal[];
  /** Every version. */
  customMetrics?: readonly CustomMetric[] | undefined;
}

function metricErrors(query: Query, { customMetrics = [] }: Own): FieldError[] {
  const names = customMetrics.filter(({ archived }) => !archived).map(({ name }) => name);
  const known = [...new Set([...CATALOGUED, ...names])];
  const unknown = query.metrics.flatMap((name, index) =>
    askedMetric(name, customMetrics)
      ? []
      : [{ path: `metrics.${index}`, message: `no metric ${name}; use ${known.join(", ")}` }],
  );
  return [...unknown, ...namedTwice(query.metrics, "metrics")];
}

function dimensionErrors(query: Query, names: readonly string[]): FieldError[] {
  const unknown = names.flatMap((name, index) =>
    dimensionOf(name)
      ? []
      : [
          {
            path: `dimensions.${index}`,
            message: `no dimension ${name}; use ${["time", ...Object.keys(dimensions)].join(", ")} or event:props:<name>`,
          },
        ],
  );
  const times = names.filter((name) => dimensionOf(name)?.scope === "time");
  const tooMany =
    times.length > 1 ? [{ path: "dimensions", message: `use one time dimension, not ${times.join(" and ")}` }] : [];
  return [...unknown, ...tooMany, ...namedTwice(query.dimensions, "dimensions")];
}

function needErrors(query: Query, asked: readonly (AskedMetric | null)[]): FieldError[] {
  const named = new Set([...query.dimensions, ...query.filters.flatMap(conditionsOf).map(([, name]) => name)]);
  return asked.flatMap((metric, index) => {
    if (!metric) return [];
    const { name, needs, bases } = metric;
    const path = `metrics.${index}`;
    const missing = needs.find((ones) => !ones.some((dimension) => named.has(dimension)));
    if (missing) return [{ path, message: `${name} needs ${missing.join(" or ")} as a dimension or in a filter` }];
    if (bases.includes("period") && query.dimensions.length === 0) {
      return [{ path, message: `${name} needs a dimension to take shares of` }];
    }
    return [];
  });
}

function orderErrors(query: Query): FieldError[] {
  const known = [...query.metrics, ...query.dimensions];
  return (query.order_by ?? []).flatMap(([key], index) =>
    known.includes(key)
      ? []
      : [{ path: `order_by.${index}.0`, message: `order by one of the query's own: ${known.join(", ")}` }],
  );
}

function labelErrors(query: Query, grain: Grain | null): FieldError[] {
  if (!query.include.time_labels || grain) return [];
  return [{ path: "include.time_labels", message: "needs a time dimension, such as time:day" }];
}

function grainErrors(period: Period, grain: Grain | null): FieldError[] {
  if (!grain) return [];
  const buckets = bucketEstimate(period.from, period.to, grain);
  if (buckets <= MOST_BUCKETS) return [];
  return [
    {
      path: "dimensions",
      message: `time:${grain} makes ${buckets} rows of this period; use a coarser grain or fewer days`,
    },
  ];
}

function orderOf(query: Query, names: readonly string[]): NormalQuery["order"] {
  const time = names.filter((name) => dimensionOf(name)?.scope === "time");
  if (!query.order_by) return [...time.map((name): [string, Direction] => [name, "asc"]), [query.metrics[0]!, "desc"]];
  return query.order_by.map(([key, direction]) => {
    const index = query.dimensions.indexOf(key);
    return [index < 0 ? key : names[index]!, direction];
  });
}

function grainNamed(names: readonly string[]): Grain | null {
  return GRAINS.find((grain) => names.includes(`time:${grain}`)) ?? null;
}

export function normalize(query: Query, calendar: Calendar, own: Own): NormalQuery | Refusal {
  const period = periodOf(query.date_range, calendar);
  if ("problem" in period) return { errors: [{ path: "date_range", message: period.problem }] };
  const automatic = `time:${grainOf(query.date_range, period)}`;
  const names = query.dimensions.map((name) => (name === "time" ? automatic : name));
  const grain = grainNamed(names);
  const asked = query.metrics.map((name) => askedMetric(name, own.customMetrics ?? []));
  const errors = [
    ...metricErrors(query, own),
    ...dimensionErrors(query, names),
    ...needErrors(query, asked),
    ...query.filters.flatMap((filter, index) => filterErrors(filter, `filters.${index}`, own.goals)),
    ...orderErrors(query),
    ...grainErrors(period, grain),
    ...labelErrors(query, grain),
  ];
  if (errors.length > 0) return { errors };
  const compared = query.include.comparisons;
  const { timeZone, now } = calendar;
  const comparison = compared ? comparisonPeriod(query.date_range, period, { compared, timeZone }) : null;
  if (comparison && "problem" in comparison) {
    return { errors: [{ path: "include.comparisons.date_range", message: comparison.problem }] };
  }
  const isTrimmed = query.include.trim_relative_date_range === true && period.to > now;
  const trim = (whole: Period) => (isTrimmed ? firstPartOf(whole, now - period.from) : whole);
  return {
    query,
    metrics: asked.filter((metric) => metric !== null),
    dimensions: names,
    grain,
    filters: query.filters,
    period: trim(period),
    comparison: comparison && trim(comparison),
    order: orderOf(query, names),
  };
}
