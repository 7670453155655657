// A panel's question as a report asks it: of the report's period, traffic and comparison, and its answer as blocks.
import type { PanelQuestion } from "../domain/board.ts";
import type { Chart } from "../domain/chart.ts";
import { bucketEstimate, GRAINS, grainOf } from "../domain/period.ts";
import type { Filter, Query } from "../domain/query.ts";
import { isAnalysisQuery, type Question } from "../domain/question.ts";
import type { ReportBlock } from "../domain/report-document.ts";
import { questionOf } from "../query/product.ts";
import { isRefusal } from "../query/run.ts";
import { analysisBlocks } from "./analysis-blocks.ts";
import { barsBlock, figuresOf, tableBlock } from "./answer-blocks.ts";
import { type Answer, type Making, problem, refusalText } from "./section.ts";
import { isTimeDimension, seriesBlocks } from "./series-blocks.ts";
import { viewLink } from "./view-link.ts";

/** Fewer points say nothing: then the grain is the period's own. */
const LEAST_POINTS = 3;

function fitting(name: string, { range, span }: Making): string {
  if (!isTimeDimension(name)) return name;
  const { from, to } = span.period;
  const grain = GRAINS.find((one) => name === `time:${one}`);
  const fits = grain !== undefined && bucketEstimate(from, to, grain) >= LEAST_POINTS;
  return fits ? name : `time:${grainOf(range, span.whole)}`;
}

export interface PanelAsked {
  question: PanelQuestion;
  /** Rows that are shown. */
  rows: number;
  /** Beside those of the report and the question. */
  filters?: readonly Filter[];
}

type PlainQuestion = Extract<PanelQuestion, { metrics: unknown }>;

function plainQuestion(question: PlainQuestion, rows: number, making: Making): PlainQuestion {
  const { compare } = making;
  const dimensions = question.dimensions.map((name) => (question.date_range ? name : fitting(name, making)));
  const { comparisons: _, ...include } = { ...question.include, trim_relative_date_range: true };
  if (dimensions.some(isTimeDimension)) {
    return { ...question, dimensions, include: { ...include, time_labels: true } };
  }
  const { offset, limit } = question.pagination;
  const counted = dimensions.length > 0 ? { total_rows: true } : {};
  return {
    ...question,
    dimensions,
    include: { ...include, ...counted, ...(compare && { comparisons: compare }) },
    pagination: { offset, limit: Math.min(limit, rows) },
  };
}

/** Of one metric over the report's time: the same of the period before, since rows tell only of what there is now. */
function questionBefore(question: Query, { span }: Making): Query[] {
  const { metrics, dimensions, filters, site_id } = question;
  const isCourse = metrics.length === 1 && dimensions.length === 1 && dimensions.every(isTimeDimension);
  if (!span.comparison || !isCourse) return [];
  return [questionOf(span.comparison, { site_id, metrics, dimensions, filters, include: { time_labels: true } })];
}

/** The panel's own first; without a time of its own it is asked of the report's period. */
export function panelQuestions(
  { question, rows, filters = [] }: PanelAsked,
  making: Making,
): [Question, ...Question[]] {
  const { site, range } = making;
  const whole = {
    site_id: site.id,
    date_range: question.date_range ?? range,
    filters: [...making.filters, ...filters, ...question.filters],
  };
  if ("analysis" in question) return [{ ...question, ...whole }];
  const own: Query = { ...plainQuestion(question, rows, making), ...whole };
  return [own, ...(question.date_range ? [] : questionBefore(own, making))];
}

const BARS: readonly Chart[] = ["bar", "pie", "list", "map"];

interface Showing {
  chart: Chart;
  title: string;
  rows: number;
}

/** `answers` to the panel's questions. */
export function answerBlocks(
  [answer, before]: readonly Answer[],
  { chart, title, rows }: Showing,
  { own, site }: Making,
): ReportBlock[] {
  if (!answer) throw new Error("a panel's question was not answered");
  if (isRefusal(answer)) return [problem(refusalText(answer.errors))];
  if ("shape" in answer) return analysisBlocks(answer, rows);
  const known = own.customMetrics;
  const notes = Object.values(answer.meta.metric_warnings ?? {}).map(
    ({ warning }): ReportBlock => ({ kind: "paragraph", text: warning }),
  );
  const { dimensions } = answer.query;
  if (dimensions.length === 0) return [{ kind: "figures", figures: figuresOf(answer, known) }, ...notes];
  const bars = chart === "bar" || chart === "stacked";
  const series =
    chart === "table" ? null : seriesBlocks(answer, { title, known, timeZone: site.timeZone, bars, before });
  if (series) return [...series, ...notes];
  const list = dimensions.length === 1 && BARS.includes(chart) ? barsBlock : tableBlock;
  return [...list(answer, { known, rows }), ...notes];
}

const PAGES: Readonly<Record<string, string>> = { funnel: "funnels", retention: "retention", paths: "paths" };

/** Where the question can be looked at; the Overview for what Explore cannot show. */
export function panelPath(question: Question, { site, range, compare, span, filters }: Making): string {
  const viewed = { site, range, span, filters, compare: compare?.mode ?? "none" };
  if (isAnalysisQuery(question)) {
    const page = PAGES[question.analysis];
    return page ? viewLink(viewed, { page }) : viewLink(viewed, { page: "explore", own: { of: "properties" } });
  }
  const { metrics, dimensions, filters: all } = question as Query; // not an analysis
  const by = dimensions.map((name) => (isTimeDimension(name) ? "time" : name));
  const own = { show: metrics.join(","), by: by.join(",") };
  return viewLink(viewed, { page: "explore", own, filters: all.slice(filters.length) });
}
