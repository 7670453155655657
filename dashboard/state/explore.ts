// What Explore asks, and its place in the address beside the period and filters. Pure; parse and print are each other's inverse.
import type { QueryInput } from "../../workers/domain/query.ts";
import { comparisons, type Scope, scopeQuestion, trendGrain } from "./questions.ts";
import type { View } from "./view.ts";

export interface Exploration {
  metrics: string[];
  /** `time` is by the grain of the view. */
  dimensions: string[];
  chart: string | null;
}

const DEFAULT: Exploration = { metrics: ["visitors"], dimensions: ["time"], chart: null };

const listOf = (text: string): string[] => text.split(",").filter((part) => part !== "");

/** Reads a page's own parameters; `by=` without a value means no dimension. */
export function parseExploration({ own }: Pick<View, "own">): Exploration {
  const metrics = listOf(own.show ?? "");
  return {
    metrics: metrics.length > 0 ? metrics : DEFAULT.metrics,
    dimensions: own.by === undefined ? DEFAULT.dimensions : listOf(own.by),
    chart: own.chart ?? null,
  };
}

/** Defaults are left out, as null. */
export function printExploration({ metrics, dimensions, chart }: Exploration): Record<string, string | null> {
  const show = metrics.join(",");
  const by = dimensions.join(",");
  return {
    show: show === DEFAULT.metrics.join(",") ? null : show,
    by: by === DEFAULT.dimensions.join(",") ? null : by,
    chart,
  };
}

const ROWS = 500;

export function explorationQuestion(scope: Scope, { metrics, dimensions }: Exploration): QueryInput {
  const byTime = dimensions.includes("time");
  const named = dimensions.map((name) => (name === "time" ? `time:${trendGrain(scope)}` : name));
  // Charts run along time, so it comes first whatever order it was chosen in.
  const ordered = [
    ...named.filter((name) => name.startsWith("time:")),
    ...named.filter((name) => !name.startsWith("time:")),
  ];
  return {
    ...scopeQuestion(scope),
    metrics,
    dimensions: ordered,
    include: { ...(byTime ? { time_labels: true } : {}), ...(ordered.length < 2 ? comparisons(scope) : {}) },
    ...(ordered.length > 0 && !byTime ? { pagination: { limit: ROWS, offset: 0 } } : {}),
  };
}
