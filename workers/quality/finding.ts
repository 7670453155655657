import type { ProfiledTable } from "./value-table.ts";

/** What is wrong with a value, in a word. */
export type Fault =
  | "missing"
  | "malformed"
  | "misspelled"
  | "contradicts"
  | "outlier"
  | "wrong_type"
  | "other_unit"
  | "other_date_format"
  | "repeated";

export interface Finding {
  /** Position in the table, from 0. */
  row: number;
  /** Null where the whole row is meant. */
  column: string | null;
  fault: Fault;
  /** 0 to 1: how sure the check is. */
  confidence: number;
  /** What it should be, null where nothing says so. */
  suggestion: string | null;
  /** For a reader, with the evidence. */
  reason: string;
}

/** One way to find wrong values in a table that nobody has explained. Pure, deterministic, linear or nearly so in rows. */
export interface QualityCheck {
  label: string;
  about: string;
  run(table: ProfiledTable): Finding[];
}
