// An answer as charts take it: told apart by shape, figures beside the texts of their metrics. Pure.
import type { Answers } from "../../workers/api/answers.ts";
import { amountOf } from "../../workers/domain/money.ts";
import type { QueryInput, QueryResult } from "../../workers/domain/query.ts";
import type { AnalysisQueryInput, AnalysisResult } from "../../workers/domain/question.ts";
import { grainOfDimension } from "./dimensions.ts";
import type { MetricText, Written } from "./metrics.ts";
import type { Grain } from "./periods.ts";

export type Asked = QueryInput | AnalysisQueryInput;
export type Answer = QueryResult | AnalysisResult;

export type FigureShape = "totals" | "timeseries" | "table";
export type AnalysisShape = keyof Answers;
export type Shape = FigureShape | AnalysisShape;

export interface FigureMetric extends MetricText, Written {
  name: string;
}

export interface FigureRow {
  dimensions: string[];
  /** In the order of the metrics; null where there is nothing to divide by. */
  values: (number | null)[];
  before: { dimensions: string[]; values: (number | null)[] } | null;
  change: (number | null)[];
}

/** What metrics by dimensions came to. */
export interface Figures {
  dimensions: string[];
  metrics: FigureMetric[];
  rows: FigureRow[];
  /** Of the first dimension, where that is time. */
  grain: Grain | null;
  /** Every bucket of the period, where the question asked for them. */
  buckets: string[] | null;
}

export type Content =
  | { [S in FigureShape]: { shape: S; figures: Figures } }[FigureShape]
  | { [S in AnalysisShape]: { shape: S; answer: Answers[S] } }[AnalysisShape];

export type ContentOf<S extends Shape> = Extract<Content, { shape: S }>;

const ANALYSIS_SHAPES = ["funnel", "retention", "paths", "properties"] as const satisfies readonly AnalysisShape[];

export const isAnalysis = (asked: Asked): asked is AnalysisQueryInput => "analysis" in asked;

/** How the answer will be laid out, before it is there. */
export function shapeOf(asked: Asked): Shape {
  if (isAnalysis(asked)) return ANALYSIS_SHAPES.find((shape) => shape === asked.analysis) ?? "table";
  const [first] = asked.dimensions ?? [];
  if (first === undefined) return "totals";
  return first === "time" || grainOfDimension(first) ? "timeseries" : "table";
}

/** Of the amounts of a metric; an answer has them in one. */
function currencyOf(results: QueryResult["results"], at: number): string | undefined {
  for (const { metrics, comparison } of results) {
    for (const value of [metrics[at], comparison?.metrics[at]]) {
      if (typeof value === "object" && value !== null) return value.currency;
    }
  }
  return undefined;
}

function figuresOf({ results, meta, query }: QueryResult, textOf: (metric: string) => MetricText): Figures {
  return {
    dimensions: query.dimensions,
    metrics: query.metrics.map((name, at) => ({ ...textOf(name), name, currency: currencyOf(results, at) })),
    rows: results.map(({ dimensions, metrics, comparison }) => ({
      dimensions,
      values: metrics.map((value) => amountOf(value)),
      before: comparison
        ? { dimensions: comparison.dimensions, values: comparison.metrics.map((value) => amountOf(value)) }
        : null,
      change: comparison?.change ?? [],
    })),
    grain: grainOfDimension(query.dimensions[0]),
    buckets: meta.time_labels ?? null,
  };
}

/** `textOf` tells what a metric is called, how it is written and which direction is better. */
export function contentOf(answer: Answer, textOf: (metric: string) => MetricText): Content {
  // An analysis of this name has this answer: both come from one build.
  if ("shape" in answer) return { shape: answer.shape, answer: answer.results } as Content;
  return { shape: shapeOf(answer.query) as FigureShape, figures: figuresOf(answer, textOf) }; // no analysis
}

/** Whether there is anything to draw. */
export function isEmpty(content: Content): boolean {
  switch (content.shape) {
    case "funnel":
      return (content.answer.steps[0]?.count ?? 0) === 0;
    case "retention":
      return content.answer.cohorts.every(({ size }) => size === 0);
    case "paths":
      return content.answer.sessions === 0;
    case "properties":
      return content.answer.properties.length === 0;
    default:
      return content.figures.rows.every(({ values, before }) => ![...values, ...(before?.values ?? [])].some(Boolean));
  }
}
