import type { TableRecord } from "../table-record.ts";

/** A table whose columns are known. */
export interface Preset {
  label: string;
  fits(header: readonly string[]): boolean;
  /** Field → column, for the columns that this header has. */
  columns(header: readonly string[]): Record<string, string>;
  /** Why the line is no event of the site; null when it is one. */
  leftOut?(record: TableRecord): string | null;
}

/** The pairs whose column exists. */
export function present(header: readonly string[], columns: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(columns).filter(([, column]) => header.includes(column)));
}
