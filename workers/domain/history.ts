// What other tools counted before, by day: kept beside the site's own events under its tool's name, never among them.
import type { FieldError } from "./errors.ts";

export const HISTORY_TOOLS = { plausible: "Plausible", ga4: "Google Analytics" } as const;
export type HistoryTool = keyof typeof HISTORY_TOOLS;

/** In the order of the counts of each row; `duration` in milliseconds. */
export const HISTORY_MEASURES = ["visitors", "visits", "pageviews", "bounces", "duration", "events"] as const;
export type HistoryMeasure = (typeof HISTORY_MEASURES)[number];

/** The panel of whole days; every other one is called as the dimension that it tells of. */
export const WHOLE_DAYS = "total";

/** A value of the dimension, and its counts. */
export type HistoryRow = readonly [value: string, ...counts: number[]];

/** One panel's local day of the other tool, `2024-03-28`. */
export interface HistoryDay {
  panel: string;
  date: string;
  rows: readonly HistoryRow[];
}

export interface HistoryPanel {
  panel: string;
  /** Those that the file tells; the others are unknown there, and not zero. */
  measures: HistoryMeasure[];
  rows: number;
}

/** What a file was found to hold. */
export interface HistoryContent {
  tool: HistoryTool;
  /** Its first and last day. */
  from: string;
  to: string;
  panels: HistoryPanel[];
  /** Of the whole days, null where the file does not tell it. Visitors of days are added up. */
  totals: Record<HistoryMeasure, number | null>;
  /** What was not taken over, and how to read what was. */
  notes: string[];
}

export interface History extends HistoryContent {
  /** Of the file's content: the same file is the same history. */
  id: string;
  /** As the file was called. */
  name: string;
  createdAt: number;
}

/** A file that cannot be taken; each path is `file:line:column`. */
export interface HistoryRefusal {
  errors: FieldError[];
}

/** Days of one panel of a history. */
export interface HistoryRead {
  id: string;
  panel: string;
  /** First and last day. */
  from: string;
  to: string;
}
