// The answer to a question of metrics as a table: a column for each dimension and metric, and with a comparison each
// metric's value before and its change.

import type { QueryResult, QueryRow } from "../domain/query.ts";
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
  const metrics = row.metrics.flatMap((value, place): Cell[] =>
    compared ? [value, row.comparison?.metrics[place] ?? null, row.comparison?.change[place] ?? null] : [value],
  );
  return [...row.dimensions, ...metrics];
}

const ROWS_AT_ONCE = 1000;

function* someAtATime(rows: readonly QueryRow[], compared: boolean): Iterable<Cell[][]> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    yield rows.slice(start, start + ROWS_AT_ONCE).map((row) => cellsOf(row, compared));
  }
}

function daysOf(range: QueryResult["query"]["date_range"]): string {
  return typeof range === "string" ? range : `${range[0]} to ${range[1]}`;
}

export interface About {
  timeZone: string;
  /** When it was made, milliseconds. */
  at: number;
}

export function queryTable(result: QueryResult, { timeZone, at }: About): Table {
  const { query, meta } = result;
  const days = daysOf(query.date_range);
  return {
    name: `${query.site_id} ${days}`,
    facts: [
      ["Site", query.site_id],
      ["Period", days],
      ["Time zone", timeZone],
      ["Filters", query.filters.length > 0 ? JSON.stringify(query.filters) : "none"],
      ["Exact", meta.exact ? "yes" : "estimated"],
      ["Made", new Date(at).toISOString()],
    ],
    columns: columnsOf(result),
    rows: someAtATime(result.results, query.include.comparisons !== undefined),
  };
}
