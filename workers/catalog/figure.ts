// A figure is a measure that a question brings along: what is counted, of events that pass a filter of its own. Metrics
// made by users are formulas over figures; every source returns them in a form that merges.

import * as z from "zod";
import { type Filter, filterSchema } from "../domain/query.ts";

const filters = z.array(filterSchema).max(50);
const property = z.string().min(1).max(120);

/**
 * `events`, `visitors`, `visits`: how many have a passing event in the period · `users`: distinct identified users ·
 * `values`: distinct values of a property · `numbers`: of the property's values that read as a number their count, sum, sum
 * of squares, least and most, and with `percents` the values that so many percent of all do not exceed.
 */
export const figureSchema = z.discriminatedUnion("of", [
  z.strictObject({ of: z.enum(["events", "visitors", "visits", "users"]), filters }),
  z.strictObject({ of: z.literal("values"), property, filters }),
  z.strictObject({ of: z.literal("numbers"), property, percents: z.array(z.number().gt(0).max(100)).max(20), filters }),
]);

export type Figure =
  | { of: "events" | "visitors" | "visits" | "users"; filters: Filter[] }
  | { of: "values"; property: string; filters: Filter[] }
  | { of: "numbers"; property: string; percents: number[]; filters: Filter[] };

/** What came of a figure in one group. Distinct counts and percentiles say whether they are exact. */
export interface FigureValue {
  count: number;
  exact: boolean;
  sum: number;
  squares: number;
  min: number | null;
  max: number | null;
  /** By percent: the least value that so many percent of all do not exceed. */
  percentiles: Record<string, number>;
}

/** Of a group in which nothing was counted. */
export const NO_FIGURE: FigureValue = {
  count: 0,
  exact: true,
  sum: 0,
  squares: 0,
  min: null,
  max: null,
  percentiles: {},
};
