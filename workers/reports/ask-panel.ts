// A panel's question as a report asks it: of the report's period, traffic and comparison, and its answer as blocks.
import type { PanelQuestion } from "../domain/board.ts";
import type { Chart } from "../domain/chart.ts";
import { bucketEstimate, GRAINS } from "../domain/period.ts";
import type { Filter, Query } from "../domain/query.ts";
import { isAnalysisQuery, type Question } from "../domain/question.ts";
import type { ReportBlock } from "../domain/report-document.ts";
import { isRefusal } from "../query/run.ts";
import { analysisBlocks } from "./analysis-blocks.ts";
import { barsBlock, figuresOf, tableBlock } from "./answer-blocks.ts";
import { type Answer, type Making, problem, refusalText } from "./section.ts";
import { isTimeDimension, seriesBlocks } from "./series-blocks.ts";
import { viewLink } from "./view-link.ts";

/** Fewer points say nothing: then the grain is the period's own. */
const LEAST_POINTS = 3;

function fitting(name: string, { span }: Making): string {
  const grain = GRAINS.find((one) => name === `time:${one}`);
  if (!grain) return name;
  return bucketEstimate(span.period.from, span.period.to, grain) < LEAST_POINTS ? "time" : name;
}

export interface PanelAsked {
  question: PanelQuestion;
  /** Rows that are shown. */
  rows: number;
  /** Beside those of the report and the question. */
  filters?: readonly Filter[];
}

/** Without a time of its own it is asked of the report's period. */
export function panelQuestion({ question, rows, filters = [] }: PanelAsked, making: Making): Question {
  const { site, range, compare } = making;
  const whole = {
    site_id: site.id,
    date_range: question.date_range ?? range,
    filters: [...making.filters, ...filters, ...question.filters],
  };
  if ("analysis" in question) return { ...question, ...whole };
  const dimensions = question.dimensions.map((name) => (question.date_range ? name : fitting(name, making)));
  const byTime = dimensions.some(isTimeDimension);
  const listed = byTime
    ? { include: { time_labels: true }, pagination: question.pagination }
    : {
        include: dimensions.length > 0 ? { total_rows: true } : {},
        pagination: { ...question.pagination, limit: Math.min(question.pagination.limit, rows) },
      };
  const compared = compare && !(byTime && dimensions.length > 1) ? { comparisons: compare } : {};
  const include = { ...question.include, trim_relative_date_range: true, ...compared, ...listed.include };
  return { ...question, ...whole, dimensions, include, pagination: listed.pagination };
}

const BARS: readonly Chart[] = ["bar", "pie", "list", "map"];

interface Showing {
  chart: Chart;
  title: string;
  rows: number;
}

export function answerBlocks(answer: Answer, { chart, title, rows }: Showing, { own, site }: Making): ReportBlock[] {
  if (isRefusal(answer)) return [problem(refusalText(answer.errors))];
  if ("shape" in answer) return analysisBlocks(answer, rows);
  const known = own.customMetrics;
  const notes = Object.values(answer.meta.metric_warnings ?? {}).map(
    ({ warning }): ReportBlock => ({ kind: "paragraph", text: warning }),
  );
  const { dimensions } = answer.query;
  if (dimensions.length === 0) return [{ kind: "figures", figures: figuresOf(answer, known) }, ...notes];
  const bars = chart === "bar" || chart === "stacked";
  const series = chart === "table" ? null : seriesBlocks(answer, { title, known, timeZone: site.timeZone, bars });
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
