// What a panel of a board asks, within the period and filters that the board is looked at with. Pure.
import type { Panel } from "../../workers/domain/board.ts";
import type { QueryInput } from "../../workers/domain/query.ts";
import type { Asked } from "./content.ts";
import { isTime } from "./dimensions.ts";
import { comparisons, type Scope, scopeQuestion, trendGrain } from "./questions.ts";

/** Null of a panel of text. */
export function panelQuestion(scope: Scope, { question }: Pick<Panel, "question">): Asked | null {
  if (!question) return null;
  const base = scopeQuestion(scope);
  const shared = {
    site_id: base.site_id,
    date_range: question.date_range ?? base.date_range,
    filters: [...(question.filters ?? []), ...(base.filters ?? [])],
  };
  if ("analysis" in question) return { ...question, ...shared };
  // A chart by time follows the period: a year by the hour would say nothing.
  const dimensions = (question.dimensions ?? []).map((name) => (isTime(name) ? `time:${trendGrain(scope)}` : name));
  const byTime = dimensions[0]?.startsWith("time:") ?? false;
  const compared = dimensions.length < 2 && question.metrics.length === 1 ? comparisons(scope) : {};
  return {
    ...question,
    ...shared,
    dimensions,
    include: { ...compared, ...question.include, ...(byTime ? { time_labels: true } : {}) },
  };
}

/** The course of a figure over its period, day by day. */
export function courseQuestion({ include: _, ...question }: QueryInput): QueryInput {
  return { ...question, dimensions: ["time:day"], include: { time_labels: true } };
}
