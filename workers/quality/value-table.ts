// A table of values as the checks look at it: every cell as text, counted once by column.

export type CellValue = string | number | boolean | null;

export interface ValueTable {
  columns: readonly string[];
  /** One value a column, in the columns' order. */
  rows: readonly (readonly CellValue[])[];
}

export interface ProfiledColumn {
  name: string;
  values: readonly CellValue[];
  /** The values as text, "" for null. */
  texts: readonly string[];
  /** How often each text occurs, what stands for nothing left out. */
  counts: ReadonlyMap<string, number>;
  /** Cells that hold something. */
  filled: number;
}

export interface ProfiledTable {
  columns: readonly ProfiledColumn[];
  rows: number;
}

/** What people write for nothing. Compared in lower case, without spaces around. */
const NOTHING = new Set([
  "",
  "null",
  "none",
  "nan",
  "n/a",
  "na",
  "nil",
  "undefined",
  "empty",
  "missing",
  "-",
  "--",
  "?",
  "#n/a",
]);

export const meansNothing = (text: string): boolean => NOTHING.has(text.trim().toLowerCase());

export function tally<Key>(keys: Iterable<Key>): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

export function profileTable({ columns, rows }: ValueTable): ProfiledTable {
  return {
    rows: rows.length,
    columns: columns.map((name, index) => {
      const values = rows.map((row) => row[index] ?? null);
      const texts = values.map((value) => (value === null ? "" : String(value)));
      const something = texts.filter((text) => !meansNothing(text));
      return { name, values, texts, counts: tally(something), filled: something.length };
    }),
  };
}
