// A finished table as rows of metrics.

import type { FigureAnswer } from "../analyses/figures.ts";
import type { Table } from "../analyses/table.ts";
import { keyOf, mergeTables } from "../analyses/table.ts";
import { type Figure, type FigureValue, NO_FIGURE } from "../catalog/figure.ts";
import { type Measure, type Measures, noMeasures } from "../catalog/measure.ts";
import { addAmounts, converted } from "../domain/rates.ts";
import type { GroupRow } from "../engine/group-by.ts";
import type { AskedMetric, Counted } from "./asked-metric.ts";
import type { FigurePlan, GroupPlan, PeriodPlan } from "./plan.ts";

export interface MetricRow {
  key: string[];
  metrics: (number | null)[];
  /** Currencies of its payments. */
  currencies: string[];
  /** Whether none of its figures is an estimate. */
  exact: boolean;
}

/** Find what was counted for planned requests. */
export interface Tables {
  table(plan: GroupPlan): Table;
  figures(plan: FigurePlan): FigureAnswer[];
}

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
  { table }: Tables,
  dimensions: readonly string[],
): (key: readonly string[]) => Measures {
  const rows = new Map(table(plan).rows.map((row) => [keyOf(row.key), row]));
  const places = plan.dimensions.map((name) => dimensions.indexOf(name));
  return (key) => measuresOf(rows.get(keyOf(places.map((place) => key[place]!))), plan.measures);
}

/** Amounts of a group in the site's currency; where a rate is missing, those it is missing for besides. */
function moneyLookup(plan: PeriodPlan, tables: Tables): (key: readonly string[], measures: Measures) => Measures {
  const { money, groups } = plan;
  if (!money) return (_, measures) => measures;
  const { byDay, conversion, date } = money;
  if (!byDay) return (_, measures) => ({ ...measures, revenue: converted(measures.revenue, date, conversion) });
  const sums = new Map<string, Record<string, number>>();
  const places = groups.dimensions.map((name) => byDay.dimensions.indexOf(name));
  for (const { key, revenue } of tables.table(byDay).rows) {
    const own = keyOf(places.map((place) => key[place]!));
    const sum = sums.get(own) ?? {};
    addAmounts(sum, converted(revenue ?? {}, key[0]!, conversion));
    sums.set(own, sum);
  }
  return (key, measures) => ({ ...measures, revenue: sums.get(keyOf(key)) ?? { [conversion.currency]: 0 } });
}

type FiguresOf = (key: readonly string[]) => (figure: Figure) => FigureValue;

/** For a key, what the question's own figures came to. */
function figureLookup(plan: FigurePlan | null, tables: Tables): { keys: string[][]; at: FiguresOf } {
  if (!plan) return { keys: [], at: () => () => NO_FIGURE };
  const answers = tables.figures(plan);
  const byKey = new Map(answers.map((answer) => [keyOf(answer.key), answer]));
  return {
    keys: answers.map(({ key }) => key),
    at: (key) => (figure) => byKey.get(keyOf(key))?.values[plan.places.get(figure)!] ?? NO_FIGURE,
  };
}

export interface MetricTable {
  rows: MetricRow[];
  /** The metrics of a group, zero where there is none. */
  at(key: readonly string[]): MetricRow;
}

/** For a key, what was counted of it and of what its shares are shares of. */
function countedBy(plan: PeriodPlan, tables: Tables): (key: readonly string[]) => Omit<Counted, "figure"> {
  const { dimensions } = plan.groups;
  const own = lookup(plan.groups, tables, dimensions);
  const bases = new Map(
    Object.entries(plan.bases).map(([base, groups]) => [base, lookup(groups, tables, dimensions)] as const),
  );
  const inMoney = moneyLookup(plan, tables);
  return (key) => ({
    measures: inMoney(key, own(key)),
    base: (name) => bases.get(name)?.(key) ?? noMeasures(),
  });
}

/** What other tools counted before, besides. */
export interface Added {
  table(plan: GroupPlan): Table;
  /** Names of metrics that count without it. */
  untold: ReadonlySet<string>;
}

const together = (tables: Tables, added: Added): Tables => ({
  ...tables,
  table: (plan) => mergeTables(tables.table(plan), added.table(plan)),
});

/** Of the groups in which something was counted, for either kind of metric. */
export function metricTable(
  plan: PeriodPlan,
  metrics: readonly AskedMetric[],
  { tables, added }: { tables: Tables; added?: Added | null | undefined },
): MetricTable {
  const all = added ? together(tables, added) : tables;
  const own = countedBy(plan, tables);
  const counted = added ? countedBy(plan, all) : own;
  const figures = figureLookup(plan.figures, tables);
  const at = (key: readonly string[]): MetricRow => {
    const [whole, alone] = [counted(key), own(key)];
    const figureAt = figures.at(key);
    let exact = true;
    const figure = (one: Figure) => {
      const value = figureAt(one);
      exact &&= value.exact;
      return value;
    };
    const values = metrics.map((metric) =>
      metric.compute({ ...(added?.untold.has(metric.name) ? alone : whole), figure }),
    );
    return { key: [...key], metrics: values, currencies: Object.keys(alone.measures.revenue), exact };
  };
  const keys = [...all.table(plan.groups).rows.map(({ key }) => key), ...figures.keys];
  const distinct = new Map(keys.map((key) => [keyOf(key), key]));
  return { rows: [...distinct.values()].map(at), at };
}
