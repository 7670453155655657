import type { Measure, Measures } from "./measure.ts";

export type Unit = "count" | "ratio" | "percent" | "seconds" | "milliseconds" | "bytes" | "dollars" | "money";

/**
 * What a share is a share of. `period`: everybody in the period · `unconverted`: everybody, goals left out ·
 * `unconverted_group`: everybody of the same group, goals left out.
 */
export type Base = "period" | "unconverted" | "unconverted_group";

/** What can be asked for: a formula over measures, and how to speak of it. */
export interface Metric {
  label: string;
  /** One sentence for people: what is counted. */
  about: string;
  unit: Unit;
  /** In the words of the measures, for people. */
  formula: string;
  better: "higher" | "lower" | "neither";
  from: readonly Measure[];
  base?: Base;
  /** The query must name one of these dimensions, to group by or to filter. */
  needs?: readonly string[];
  /** Null where a ratio has nothing to divide by. */
  compute(measures: Measures, base: Measures): number | null;
}

export function defineMetric(metric: Metric): Metric {
  return metric;
}

export function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

export function percent(part: number, whole: number): number | null {
  return whole > 0 ? (100 * part) / whole : null;
}
