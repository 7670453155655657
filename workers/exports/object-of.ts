import type { Cell, Column } from "./table.ts";

/** A row as an object with the columns' names. */
export function objectOf(row: readonly Cell[], columns: readonly Column[]): Record<string, Cell> {
  return Object.fromEntries(columns.map(({ name }, place) => [name, row[place] ?? null]));
}
