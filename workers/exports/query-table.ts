// The answer to a question as a table. Of metrics: a column for each dimension and metric, and with a comparison each
// metric's value before and its change. Of an analysis: what it makes of itself.

import { amountOf } from "../domain/money.ts";
import type { QueryResult, QueryRow } from "../domain/query.ts";
import type { AnalysisResult } from "../domain/question.ts";
import { sheetOf } from "../query/ask.ts";
import type { Cell, Column, Table } from "./table.ts";

function columnsOf({ query }: QueryResult): Column[] {
  const compared = query.include.comparisons !== undefined;
  return [
    ...query.dimensions.map((name): Column => ({ name, type: "text" })),
    ...query.metrics.flatMap((name): Column[] => [
      { name, type: "number" },
      ...(compared
        ? ([`${name} before`, `${name} change`] as const).map((own): Column => ({ name: own, type: "number" }))
        : []),
    ]),
  ];
}

function cellsOf(row: QueryRow, compared: boolean): Cell[] {
  const metrics = row.metrics.flatMap((value, place): Cell[] => {
    const amount = amountOf(value);
    if (!compared) return [amount];
    return [amount, amountOf(row.comparison?.metrics[place]), row.comparison?.change[place] ?? null];
  });
  return [...row.dimensions, ...metrics];
}

const ROWS_AT_ONCE = 1000;

function* someAtATime<Row>(rows: readonly Row[], cells: (row: Row) => Cell[]): Iterable<Cell[][]> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    yield rows.slice(start, start + ROWS_AT_ONCE).map(cells);
  }
}

/** An answer's amounts are in one currency, or null. */
function currencyOf({ results }: QueryResult): string | null {
  for (const { metrics } of results) {
    for (const value of metrics) if (typeof value === "object" && value !== null) return value.currency;
  }
  return null;
}

/** First and last day; answers say their period in moments. */
function daysOf(range: QueryResult["query"]["date_range"]): string {
  if (typeof range === "string") return range;
  const [first, last] = range.map((moment) => moment.slice(0, "2026-11-26".length));
  return first === last ? `${first}` : `${first} to ${last}`;
}

/** Of the rows' second figures, if there are any. */
function comparedWith({ query }: QueryResult): [string, string][] {
  const { comparisons: other } = query.include;
  if (!other) return [];
  const weekday = other.match_day_of_week ? ", by day of the week" : "";
  const period = other.mode === "custom" ? daysOf(other.date_range) : other.mode.replaceAll("_", " ");
  return [["Compared with", period + weekday]];
}

export interface About {
  timeZone: string;
  /** When it was made, milliseconds. */
  at: number;
}

type Fact = Table["facts"][number];

function headOf(
  { query, meta }: QueryResult | AnalysisResult,
  { timeZone, at }: About,
  own: readonly Fact[],
): Pick<Table, "name" | "facts"> {
  const days = daysOf(query.date_range);
  return {
    name: `${query.site_id} ${days}`,
    facts: [
      ["Site", query.site_id],
      ["Period", days],
      ["Time zone", timeZone],
      ["Filters", query.filters.length > 0 ? JSON.stringify(query.filters) : "none"],
      ...own,
      ["Exact", meta.exact ? "yes" : "estimated"],
      ["Made", new Date(at).toISOString()],
    ],
  };
}

export function queryTable(result: QueryResult, about: About): Table {
  const currency = currencyOf(result);
  const own: Fact[] = currency === null ? [] : [["Currency", currency]];
  return {
    ...headOf(result, about, [...comparedWith(result), ...own]),
    columns: columnsOf(result),
    rows: someAtATime(result.results, (row) => cellsOf(row, result.query.include.comparisons !== undefined)),
  };
}

/** The answer to an analysis, by the rows that it makes of itself. */
export function analysisTable(result: AnalysisResult, about: About): Table {
  const { columns, rows, facts = [] } = sheetOf(result);
  const { name, ...head } = headOf(result, about, [["Analysis", result.query.analysis], ...facts]);
  return {
    ...head,
    name: `${name} ${result.query.analysis}`,
    columns,
    rows: someAtATime(rows, (row) => row),
  };
}
