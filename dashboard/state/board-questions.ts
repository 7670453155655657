// What a panel of a board asks, within the period and filters that the board is looked at with. Pure.
import type { Board, Panel } from "../../workers/domain/board.ts";
import type { QueryInput } from "../../workers/domain/query.ts";
import type { Asked } from "./content.ts";
import { isTime } from "./dimensions.ts";
import { grainsOf } from "./periods.ts";
import { comparisons, comparisonsSoFar, type Scope, scopeQuestion, trendGrain } from "./questions.ts";

/** Null of a panel that draws no answer. `own` are filters of the whole board. */
export function panelQuestion(
  scope: Scope,
  { question }: Pick<Panel, "question">,
  own: Board["filters"] = [],
): Asked | null {
  if (!question) return null;
  const base = scopeQuestion(scope);
  const shared = {
    site_id: base.site_id,
    date_range: question.date_range ?? base.date_range,
    filters: [...own, ...(question.filters ?? []), ...(base.filters ?? [])],
  };
  if ("analysis" in question) return { ...question, ...shared };
  // A chart by time has its own grain where the period is one to show it by, else that of the period.
  const fitting = grainsOf(scope.view.period, scope.calendar);
  const byGrain = (name: string) => fitting.find((grain) => name === `time:${grain}`) ?? trendGrain(scope);
  const dimensions = (question.dimensions ?? []).map((name) => (isTime(name) ? `time:${byGrain(name)}` : name));
  const byTime = dimensions[0]?.startsWith("time:") ?? false;
  // A figure is held against the period before until now, as on the Overview; a chart shows all of both.
  const compare = dimensions.length === 0 ? comparisonsSoFar : comparisons;
  const compared = dimensions.length < 2 && question.metrics.length === 1 ? compare(scope) : {};
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
