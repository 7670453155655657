// The answer in the shape of Plausible's Stats API: rows in order, a page of them, with change against another period.

import { dimensionOf } from "../catalog/dimensions/index.ts";
import type { Unit } from "../catalog/metric.ts";
import { type MetricValue, moneyOf } from "../domain/money.ts";
import { rangeText } from "../domain/period.ts";
import type { MetricWarning, Query, QueryMeta, QueryNote, QueryResult, QueryRow } from "../domain/query.ts";
import type { Conversion } from "../domain/rates.ts";
import { DISTINCT_ERROR } from "../engine/distinct.ts";
import { QUANTILE_ERROR } from "../engine/spread.ts";
import type { AskedMetric } from "./asked-metric.ts";
import type { AddedHistory } from "./history.ts";
import type { NormalQuery } from "./normalize.ts";
import type { Plan } from "./plan.ts";
import { type MetricRow, type MetricTable, metricTable, type Tables } from "./rows.ts";
import { type TimeAxis, timeAxis } from "./time-axis.ts";

type Value = string | number | null;

/** Text by code unit, numbers by size, null last in either direction. */
function compare(a: Value, b: Value, sign: number): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -sign : sign;
}

function inOrder(rows: MetricRow[], normal: NormalQuery): MetricRow[] {
  const { order, dimensions } = normal;
  const read = (row: MetricRow, key: string): Value => {
    const place = dimensions.indexOf(key);
    if (place >= 0) return shown(row.key, normal)[place]!;
    return row.metrics[normal.metrics.findIndex(({ name }) => name === key)] ?? null;
  };
  const keys = [...order, ...dimensions.map((name) => [name, "asc"] as const)];
  return rows.toSorted((a, b) => {
    for (const [key, direction] of keys) {
      const difference = compare(read(a, key), read(b, key), direction === "asc" ? 1 : -1);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

/** Percent; of metrics that are percentages themselves the difference in points. Null where there is nothing to compare with. */
export function changeOf(unit: Unit, now: number | null, before: number | null): number | null {
  if (now === null || before === null) return null;
  if (unit === "percent") return now - before;
  if (before === 0) return now === 0 ? 0 : null;
  return (100 * (now - before)) / before;
}

function shown(key: readonly string[], normal: NormalQuery): string[] {
  return key.map((value, place) => (value === "" ? (dimensionOf(normal.dimensions[place]!)?.empty ?? "") : value));
}

const isMoney = ({ unit }: AskedMetric) => unit === "money";

/** Amounts with their currency, where it is one. */
function valuesOf({ metrics: values, currencies }: MetricRow, normal: NormalQuery): MetricValue[] {
  const [currency, ...more] = currencies;
  return normal.metrics.map((metric, index) => {
    const value = values[index]!;
    if (!isMoney(metric) || value === null) return value;
    return currency === undefined || more.length > 0 ? null : moneyOf(value, currency);
  });
}

const without = (currencies: readonly string[], own: string) =>
  currencies.filter((currency) => currency !== own).join(" and ");

/** Told of every metric that asks for an amount where some row has several currencies. */
function warningsOf(
  rows: readonly MetricRow[],
  normal: NormalQuery,
  conversion: Conversion | null,
): Record<string, MetricWarning> | null {
  const asked = normal.metrics.filter(isMoney);
  const mixed = rows.find(({ currencies }) => currencies.length > 1);
  if (asked.length === 0 || !mixed) return null;
  const warning: MetricWarning = conversion
    ? {
        code: "no_rate",
        warning: `there are amounts of ${without(mixed.currencies, conversion.currency)} from before any rate to ${conversion.currency}; set one`,
      }
    : {
        code: "no_single_revenue_currency",
        warning: `amounts of ${mixed.currencies.toSorted().join(" and ")} cannot be added up; filter to events of one, or set the site's currency and rates`,
      };
  return Object.fromEntries(asked.map(({ name }) => [name, warning]));
}

/** The question as it was answered. */
function echoOf(normal: NormalQuery, timeZone: string): Query {
  const { query, dimensions, order, period } = normal;
  const asAsked = (key: string) => query.dimensions[dimensions.indexOf(key)] ?? key;
  return {
    ...query,
    date_range: rangeText(period, timeZone),
    order_by: order.map(([key, direction]) => [asAsked(key), direction]),
  };
}

interface Comparison {
  table: MetricTable;
  /** The key in the other period that a row is compared with; null when that period has no such bucket. */
  keyFor(key: readonly string[]): string[] | null;
}

function toRow(row: MetricRow, normal: NormalQuery, comparison: Comparison | null): QueryRow {
  const plain = { dimensions: shown(row.key, normal), metrics: valuesOf(row, normal) };
  const key = comparison?.keyFor(row.key);
  if (!comparison || !key) return plain;
  const before = comparison.table.at(key);
  const change = normal.metrics.map(({ unit }, index) => changeOf(unit, row.metrics[index]!, before.metrics[index]!));
  return { ...plain, comparison: { dimensions: shown(key, normal), metrics: valuesOf(before, normal), change } };
}

/** Buckets are compared with those of the axis, other dimensions with themselves. */
function comparisonOf(table: MetricTable, axis: TimeAxis | null): Comparison {
  if (!axis) return { table, keyFor: (key) => [...key] };
  return {
    table,
    keyFor(key) {
      const label = axis.before.get(key[axis.place]!);
      return label === undefined ? null : key.with(axis.place, label);
    },
  };
}

/** Groups that only the other period has, where both are laid along time: else its line would have holes. */
function rowsOnlyBefore(main: MetricTable, before: MetricTable, axis: TimeAxis): MetricRow[] {
  const known = new Set(main.rows.map(({ key }) => JSON.stringify(key)));
  return before.rows.flatMap(({ key }) => {
    const label = axis.after.get(key[axis.place]!);
    if (label === undefined) return [];
    const own = key.with(axis.place, label);
    return known.has(JSON.stringify(own)) ? [] : [main.at(own)];
  });
}

function allRows(
  main: MetricTable,
  before: MetricTable | null,
  options: { normal: NormalQuery; axis: TimeAxis | null },
) {
  if (options.normal.dimensions.length === 0) return [main.at([])];
  return options.axis && before ? [...main.rows, ...rowsOnlyBefore(main, before, options.axis)] : main.rows;
}

const ESTIMATED: QueryNote = {
  code: "estimated",
  message: `some groups have too many distinct values to keep: their percentiles are within ${100 * QUANTILE_ERROR} % of the value, their distinct counts have a standard error of ${(100 * DISTINCT_ERROR).toFixed(1)} %`,
};

export interface Answered {
  normal: NormalQuery;
  plan: Plan;
  timeZone: string;
  tables: Tables;
  /** Of other tools. */
  history?: AddedHistory | null | undefined;
  meta: Pick<QueryMeta, "source" | "exact" | "scanned" | "archived" | "rolled" | "ms" | "freshness" | "notes">;
}

/** Whether other tools' history is in the answer, for whoever asked for it. */
function importsOf({ normal, history }: Answered): Partial<QueryMeta> {
  if (normal.query.include.imports === undefined) return {};
  const { notes: _, ...told } = history?.meta ?? { imports_included: true };
  return told;
}

export function format(answered: Answered): QueryResult {
  const { normal, plan, timeZone, tables, history, meta } = answered;
  const { include, pagination } = normal.query;
  const axis = timeAxis(normal, timeZone);
  const counted = { tables, added: history };
  const main = metricTable(plan.main, normal.metrics, counted);
  const before = plan.comparison && metricTable(plan.comparison, normal.metrics, counted);
  const rows = inOrder(allRows(main, before, { normal, axis }), normal);
  const comparison = before && comparisonOf(before, axis);
  const warnings = warningsOf(rows, normal, plan.main.money?.conversion ?? null);
  const exact = rows.every((row) => row.exact);
  const notes = [...(exact ? (meta.notes ?? []) : [ESTIMATED]), ...(history?.meta.notes ?? [])];
  const page = rows.slice(pagination.offset, pagination.offset + pagination.limit);
  return {
    results: page.map((row) => toRow(row, normal, comparison)),
    meta: {
      ...(include.time_labels && axis ? { time_labels: axis.labels } : {}),
      ...(include.total_rows ? { total_rows: rows.length } : {}),
      ...importsOf(answered),
      ...(warnings ? { metric_warnings: warnings } : {}),
      ...meta,
      exact: meta.exact && exact,
      ...(notes.length > 0 ? { notes } : {}),
    },
    query: echoOf(normal, timeZone),
  };
}
