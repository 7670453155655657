/** A table whose columns are known. */
export interface Preset {
  label: string;
  fits(header: readonly string[]): boolean;
  /** Field → column, for the columns that this header has. */
  columns(header: readonly string[]): Record<string, string>;
}

/** The pairs whose column exists. */
export function present(header: readonly string[], columns: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(columns).filter(([, column]) => header.includes(column)));
}
