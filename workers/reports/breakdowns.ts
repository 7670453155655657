// By what a change is broken down, and the groups of both periods side by side.
import { dimensionOf, dimensions } from "../catalog/dimensions/index.ts";
import { amountOf } from "../domain/money.ts";
import type { Filter, Query, QueryResult } from "../domain/query.ts";
import type { Looking } from "./insight.ts";
import { inBoth } from "./overview.ts";

/** Each visit is in one group of each. */
export const BREAKDOWNS: readonly (readonly string[])[] = [
  ["visit:channel"],
  ["visit:source"],
  ["visit:country"],
  ["visit:device"],
  ["visit:browser"],
  ["visit:os"],
  ["visit:entry_page"],
  ["visit:utm_campaign"],
  ["visit:country", "visit:device"],
  ["visit:channel", "visit:device"],
  ["visit:channel", "visit:country"],
  ["visit:source", "visit:country"],
];

const MOST_GROUPS = 500;

/** Two for each breakdown. */
export function breakdownQuestions(looking: Looking, metrics: readonly string[], filters: Filter[] = []): Query[] {
  const pagination = { limit: MOST_GROUPS, offset: 0 };
  return BREAKDOWNS.flatMap((by) => inBoth(looking, { metrics, dimensions: [...by], filters, pagination }));
}

export interface Pair {
  values: string[];
  /** In the order of the metrics; null where the group was not there. */
  now: (number | null)[];
  before: (number | null)[];
}

const keyOf = (values: readonly string[]): string => JSON.stringify(values);

/** The groups of either period. `answers` are those to `breakdownQuestions`, in its order. */
export function pairsOf(answers: readonly QueryResult[]): { dimensions: string[]; pairs: Pair[] }[] {
  return BREAKDOWNS.map((by, place) => {
    const [now, before] = [answers[2 * place], answers[2 * place + 1]].map(
      (answer) => new Map((answer?.results ?? []).map(({ dimensions: values, metrics }) => [keyOf(values), metrics])),
    ) as [
      Map<string, QueryResult["results"][number]["metrics"]>,
      Map<string, QueryResult["results"][number]["metrics"]>,
    ]; // two lists
    const keys = [...new Set([...now.keys(), ...before.keys()])];
    const pairs = keys.map((key) => ({
      values: JSON.parse(key) as string[], // written above
      now: (now.get(key) ?? []).map(amountOf),
      before: (before.get(key) ?? []).map(amountOf),
    }));
    return { dimensions: [...by], pairs };
  });
}

/** `country Germany, device Mobile`. */
export function groupText(by: readonly string[], values: readonly string[]): string {
  const texts = by.map((name, place) => {
    const called = name === "visit:country" ? dimensions["visit:country_name"].called : undefined;
    const value = values[place] ?? "";
    return `${dimensionOf(name)?.label.toLowerCase() ?? name} ${called?.(value) ?? value}`;
  });
  return texts.join(", ");
}

export const groupFilters = (by: readonly string[], values: readonly string[]): Filter[] =>
  by.map((name, place) => ["is", name, [values[place] ?? ""]]);
