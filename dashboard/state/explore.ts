// What Explore asks, and its place in the address beside the period and filters. Pure; parse and print are each other's inverse.
import type { QueryInput } from "../../workers/domain/query.ts";
import type { AnalysisQueryInput } from "../../workers/domain/question.ts";
import type { Asked } from "./content.ts";
import { comparisons, comparisonsSoFar, type Scope, scopeQuestion, trendGrain } from "./questions.ts";
import type { View } from "./view.ts";

/** What is explored: figures of metrics, or the properties that events carry. */
export const SUBJECTS = ["figures", "properties"] as const;

export interface Exploration {
  subject: (typeof SUBJECTS)[number];
  /** Of properties: the event that carries them, and the property whose values are listed; "" for all. */
  event: string;
  property: string;
  metrics: string[];
  /** `time` is by the grain of the view. */
  dimensions: string[];
  chart: string | null;
}

const DEFAULT: Exploration = {
  subject: "figures",
  event: "",
  property: "",
  metrics: ["visitors"],
  dimensions: ["time"],
  chart: null,
};

const listOf = (text: string): string[] => text.split(",").filter((part) => part !== "");

/** Reads a page's own parameters; `by=` without a value means no dimension. */
export function parseExploration({ own }: Pick<View, "own">): Exploration {
  const metrics = listOf(own.show ?? "");
  return {
    subject: SUBJECTS.find((subject) => subject === own.of) ?? DEFAULT.subject,
    event: own.event ?? "",
    property: own.property ?? "",
    metrics: metrics.length > 0 ? metrics : DEFAULT.metrics,
    dimensions: own.by === undefined ? DEFAULT.dimensions : listOf(own.by),
    chart: own.chart ?? null,
  };
}

/** Defaults are left out, as null. */
export function printExploration({
  subject,
  event,
  property,
  metrics,
  dimensions,
  chart,
}: Exploration): Record<string, string | null> {
  const show = metrics.join(",");
  const by = dimensions.join(",");
  return {
    of: subject === DEFAULT.subject ? null : subject,
    event: event === "" ? null : event,
    property: property === "" ? null : property,
    show: show === DEFAULT.metrics.join(",") ? null : show,
    by: by === DEFAULT.dimensions.join(",") ? null : by,
    chart,
  };
}

const ROWS = 500;

function propertiesQuestion(scope: Scope, { event, property }: Exploration): AnalysisQueryInput {
  const params = { ...(event === "" ? {} : { of: { event } }), ...(property === "" ? {} : { property }) };
  return { ...scopeQuestion(scope), analysis: "properties", params };
}

export function explorationQuestion(scope: Scope, exploration: Exploration): Asked {
  return exploration.subject === "properties"
    ? propertiesQuestion(scope, exploration)
    : figuresQuestion(scope, exploration);
}

function figuresQuestion(scope: Scope, { metrics, dimensions }: Exploration): QueryInput {
  const byTime = dimensions.includes("time");
  const named = dimensions.map((name) => (name === "time" ? `time:${trendGrain(scope)}` : name));
  // Charts run along time, so it comes first whatever order it was chosen in.
  const ordered = [
    ...named.filter((name) => name.startsWith("time:")),
    ...named.filter((name) => !name.startsWith("time:")),
  ];
  const compared = ordered.length === 0 ? comparisonsSoFar(scope) : comparisons(scope);
  return {
    ...scopeQuestion(scope),
    metrics,
    dimensions: ordered,
    include: { ...(byTime ? { time_labels: true } : {}), ...(ordered.length < 2 ? compared : {}) },
    ...(ordered.length > 0 && !byTime ? { pagination: { limit: ROWS, offset: 0 } } : {}),
  };
}
