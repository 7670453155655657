// A finished table as rows of metrics.

import type { Table } from "../analyses/table.ts";
import { keyOf } from "../analyses/table.ts";
import { type Measure, type Measures, noMeasures } from "../catalog/measure.ts";
import type { Base, Metric } from "../catalog/metric.ts";
import { type MetricName, metrics } from "../catalog/metrics/index.ts";
import type { GroupRow } from "../engine/group-by.ts";
import type { GroupPlan, PeriodPlan } from "./plan.ts";

export interface MetricRow {
  key: string[];
  metrics: (number | null)[];
  /** Currencies of its payments. */
  currencies: string[];
}

/** Finds the finished table of a planned request. */
export type TableOf = (plan: GroupPlan) => Table;

function measuresOf(row: GroupRow | undefined, measures: readonly Measure[]): Measures {
  const found = noMeasures();
  if (!row) return found;
  measures.forEach((measure, index) => {
    if (measure !== "revenue") found[measure] = row.counts[index]!;
  });
  return { ...found, revenue: row.revenue ?? {} };
}

/** For a key of the query's dimensions, the measures of the group in `plan` that it lies in. */
function lookup(
  plan: GroupPlan,
  tableOf: TableOf,
  dimensions: readonly string[],
): (key: readonly string[]) => Measures {
  const rows = new Map(tableOf(plan).rows.map((row) => [keyOf(row.key), row]));
  const places = plan.dimensions.map((name) => dimensions.indexOf(name));
  return (key) => measuresOf(rows.get(keyOf(places.map((place) => key[place]!))), plan.measures);
}

export interface MetricTable {
  rows: MetricRow[];
  /** The metrics of a group, zero where there is none. */
  at(key: readonly string[]): MetricRow;
}

export function metricTable(plan: PeriodPlan, names: readonly MetricName[], tableOf: TableOf): MetricTable {
  const { dimensions } = plan.groups;
  const own = lookup(plan.groups, tableOf, dimensions);
  const bases = new Map(
    Object.entries(plan.bases).map(([base, groups]) => [base, lookup(groups, tableOf, dimensions)] as const),
  );
  const baseOf = (base: Base | undefined, key: readonly string[]) => (base && bases.get(base)?.(key)) ?? noMeasures();
  const at = (key: readonly string[]): MetricRow => {
    const measures = own(key);
    const values = names.map((name) => {
      const metric: Metric = metrics[name];
      return metric.compute(measures, baseOf(metric.base, key));
    });
    return { key: [...key], metrics: values, currencies: Object.keys(measures.revenue) };
  };
  return { rows: tableOf(plan.groups).rows.map(({ key }) => at(key)), at };
}
