// What is exported: a table whose rows may come bit by bit, and what a reader must know of it.
import type { Cell, Column } from "../domain/sheet.ts";

export type { Cell, Column } from "../domain/sheet.ts";

export interface Table {
  /** File name without its ending. */
  name: string;
  /** Site, period, time zone, filters: each with its label. */
  facts: readonly (readonly [label: string, value: string])[];
  columns: readonly Column[];
  /** Rows in order, some at a time; a cell for each column. */
  rows: Iterable<Cell[][]> | AsyncIterable<Cell[][]>;
}
