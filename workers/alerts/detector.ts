import type { MetricCondition } from "../domain/alert-condition.ts";
import type { Series } from "./series.ts";

export interface Evaluation {
  /** `unknown` leaves things as they were. */
  state: "well" | "bad" | "unknown";
  value: number | null;
  /** What was expected, or the bound. */
  expected: number | null;
  /** For people: `120 pageviews in 10 min, above 100`. */
  reason: string;
}

export interface Looking {
  series: Series;
  /** What the metric is called: `pageviews`. */
  name: string;
  /** Nothing after it is looked at, milliseconds. */
  at: number;
  /** Whether the condition held the last time. */
  wasBad: boolean;
  /** Milliseconds to add to UTC for the site's time. */
  offsetAt: (at: number) => number;
  /** From when on nothing means that nothing came; before the site's first event there was no data. */
  since: number;
  /** Days known to be unlike others. */
  isExceptional: (at: number) => boolean;
}

export interface Detector<Condition extends MetricCondition> {
  label: string;
  about: string;
  evaluate(condition: Condition, looking: Looking): Evaluation;
}

export const NO_DATA = "the site has no data of so long";

export const unknown = (reason: string): Evaluation => ({ state: "unknown", value: null, expected: null, reason });

const round = (value: number): string => String(Math.round(value * 100) / 100);

/** `120 pageviews in 10 min`. */
export function amountText(value: number, { name, minutes }: { name: string; minutes: number }): string {
  const time = minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
  return `${round(value)} ${name} in ${time}`;
}

export { round as roundText };
