// What can be written as a file: named columns and rows of plain values.

export type Cell = string | number | null;

export interface Column {
  /** As the API names it: `event:page`, `visitors`. */
  name: string;
  /** `time`: milliseconds. */
  type: "text" | "number" | "time";
}

export interface Sheet {
  columns: readonly Column[];
  /** A cell for each column. */
  rows: Cell[][];
  /** What the rows leave unsaid, each with its label. */
  facts?: readonly (readonly [label: string, value: string])[];
}

export const textColumn = (name: string): Column => ({ name, type: "text" });
export const numberColumn = (name: string): Column => ({ name, type: "number" });
