// What the product endpoints ask, and how the answers read: metrics of a period beside those of the period before. Pure.

import { amountOf } from "../domain/money.ts";
import type { Calendar, DateRange, Period } from "../domain/period.ts";
import { comparisonPeriod, firstPartOf, periodOf } from "../domain/period.ts";
import { type Filter, type Query, type QueryResult, querySchema } from "../domain/query.ts";
import { askedMetric } from "./asked-metric.ts";
import { changeOf } from "./format.ts";
import type { Refusal } from "./normalize.ts";

export const COMPARISONS = ["previous_period", "year_over_year", "none"] as const;

export interface Span {
  period: Period;
  comparison: Period | null;
  /** Whether the period was cut off now; the other is then as long. */
  running: boolean;
}

/** A period that is not over is compared with as much of the other. */
export function spanOf(range: DateRange, compare: (typeof COMPARISONS)[number], calendar: Calendar): Span | Refusal {
  const { now, timeZone } = calendar;
  const whole = periodOf(range, calendar);
  if ("problem" in whole) return { errors: [{ path: "date_range", message: whole.problem }] };
  const other = compare === "none" ? null : comparisonPeriod(range, whole, { compared: { mode: compare }, timeZone });
  if (other && "problem" in other) return { errors: [{ path: "compare", message: other.problem }] };
  if (now < whole.from)
    return { errors: [{ path: "date_range", message: "the period has not begun; choose another" }] };
  const running = whole.to > now;
  const cut = (period: Period) => (running ? firstPartOf(period, now - whole.from) : period);
  return { period: cut(whole), comparison: other && cut(other), running };
}

export interface Asking extends Partial<Pick<Query, "dimensions" | "filters" | "order_by" | "pagination" | "include">> {
  site_id: string;
  metrics: readonly string[];
}

/** Of exactly that period. What the filters hold comes from events and addresses, which may be longer than clients write. */
export function questionOf({ from, to }: Period, { filters = [], ...asking }: Asking): Query {
  const moment = (at: number) => new Date(at).toISOString();
  return { ...querySchema.parse({ ...asking, date_range: [moment(from), moment(to)] }), filters };
}

export const hasProperty = (name: string): Filter => ["is_not", `event:props:${name}`, ["(none)"]];
export const isProperty = (name: string, values: string[]): Filter => ["is", `event:props:${name}`, values];

export interface MetricChange {
  value: number | null;
  /** In the period compared with; null where there is none. */
  before: number | null;
  /** In percent; of a percentage in points. Null where there is nothing to compare with. */
  change: number | null;
}

export type Values = Readonly<Record<string, number | null>>;

const unitOf = (name: string) => askedMetric(name, [])?.unit ?? "count";

/** Where no event is: counts are zero, and means unknown. */
function nothing(names: readonly string[]): Values {
  const empty = (name: string) => (["count", "dollars", "bytes"].includes(unitOf(name)) ? 0 : null);
  return Object.fromEntries(names.map((name) => [name, empty(name)]));
}

/** By the row's first dimension, "" for the whole; a row that is not there has nothing. */
export function valuesBy(names: readonly string[], { results }: QueryResult): (key: string) => Values {
  const rows = new Map(results.map(({ dimensions, metrics }) => [dimensions[0] ?? "", metrics]));
  return (key) => {
    const row = rows.get(key);
    return row ? Object.fromEntries(names.map((name, index) => [name, amountOf(row[index])])) : nothing(names);
  };
}

export function compared(names: readonly string[], now: Values, before: Values | null): Record<string, MetricChange> {
  return Object.fromEntries(
    names.map((name) => {
      const [value, earlier] = [now[name] ?? null, before?.[name] ?? null];
      return [name, { value, before: earlier, change: changeOf(unitOf(name), value, earlier) }];
    }),
  );
}

export interface Day {
  date: string;
  /** The day that it is compared with, by position. */
  before: string | null;
  metrics: Record<string, MetricChange>;
}

/** Every local day of the period, compared with the day at the same place in the other. */
export function daysOf(names: readonly string[], now: QueryResult, before: QueryResult | undefined): Day[] {
  const [at, earlier] = [valuesBy(names, now), before && valuesBy(names, before)];
  return (now.meta.time_labels ?? []).map((date, place) => {
    const other = before?.meta.time_labels?.[place] ?? null;
    return {
      date,
      before: other,
      metrics: compared(names, at(date), earlier && other !== null ? earlier(other) : null),
    };
  });
}
