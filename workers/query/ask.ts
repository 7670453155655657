// Questions with `analysis` and `params`: checked, turned into one request to the shards, and answered in the result of
// that analysis.

import type { Asked, Shape } from "../analyses/analysis.ts";
import { type AnalysisName, analyses } from "../analyses/index.ts";
import { dimensionOf, dimensions } from "../catalog/dimensions/index.ts";
import type { FieldError } from "../domain/errors.ts";
import { PAGEVIEW } from "../domain/event.ts";
import { type Calendar, type Period, periodOf, rangeText } from "../domain/period.ts";
import type { Filter, QueryMeta, QueryNote } from "../domain/query.ts";
import type { AnalysisQuery, AnalysisResult, Matcher } from "../domain/question.ts";
import type { Sheet } from "../domain/sheet.ts";
import type { Goal } from "../domain/site.ts";
import type { ScanRequest } from "../engine/scan.ts";
import { filterErrors, GOAL, pageFilter, resolveGoals } from "./filters.ts";
import type { Found } from "./merge.ts";
import type { Refusal } from "./normalize.ts";

export interface AnalysisPlan {
  query: AnalysisQuery;
  request: ScanRequest;
}

interface Asking {
  calendar: Calendar;
  goals: readonly Goal[];
  shards: number;
}

/** What `query` needs of an analysis, whatever its params and results are. */
interface AnyAnalysis {
  shape: Shape;
  ask?(params: unknown, asked: Asked): unknown;
  sheet?(result: unknown, asked: Readonly<Record<string, unknown>>): Sheet;
  conclude(partials: readonly unknown[], params: unknown, period: Period): { results: unknown; notes: QueryNote[] };
}

const known: Readonly<Record<AnalysisName, AnyAnalysis>> = analyses;

function analysisNamed(name: string): AnyAnalysis | undefined {
  return Object.hasOwn(known, name) ? known[name as AnalysisName] : undefined; // just seen to be one
}

/** Those that clients may name. */
const ASKABLE = Object.entries(known).flatMap(([name, { ask }]) => (ask ? [name] : []));

function matcherFilter({ event, page, goal, filter }: Matcher): Filter {
  const name = event ?? (page === undefined ? undefined : PAGEVIEW);
  const parts: Filter[] = [];
  if (name !== undefined) parts.push(["is", "event:name", [name]]);
  if (page !== undefined) parts.push(pageFilter(page));
  if (goal !== undefined) parts.push(["is", GOAL, [goal]]);
  if (filter) parts.push(filter);
  return parts.length === 1 ? parts[0]! : ["and", parts];
}

/** Where in the matcher a mistake lies. */
function matcherErrors({ goal, filter }: Matcher, path: string, goals: readonly Goal[]): FieldError[] {
  const named = goal === undefined ? [] : filterErrors(["is", GOAL, [goal]], `${path}.goal`, goals);
  return [
    ...named.map(({ message }) => ({ path: `${path}.goal`, message })),
    ...(filter ? filterErrors(filter, `${path}.filter`, goals) : []),
  ];
}

function dimensionError(name: string): string | null {
  const dimension = dimensionOf(name);
  if (dimension && name !== GOAL) return null;
  const names = Object.keys(dimensions).filter((key) => key !== GOAL);
  return `no dimension ${name} to group by; use ${names.join(", ")} or event:props:<name>`;
}

function askedOf(period: Period, { calendar, goals, shards }: Asking, errors: FieldError[]): Asked {
  return {
    period,
    timeZone: calendar.timeZone,
    elsewhere: shards > 1,
    matcher(matcher, path) {
      errors.push(...matcherErrors(matcher, path, goals));
      return resolveGoals(matcherFilter(matcher), goals);
    },
    dimension(name, path) {
      const message = dimensionError(name);
      if (message) errors.push({ path, message });
      return name;
    },
    refuse: (path, message) => void errors.push({ path, message }),
  };
}

export function planAnalysis(query: AnalysisQuery, asking: Asking): AnalysisPlan | Refusal {
  const { calendar, goals } = asking;
  const period = periodOf(query.date_range, calendar);
  if ("problem" in period) return { errors: [{ path: "date_range", message: period.problem }] };
  const analysis = analysisNamed(query.analysis);
  if (!analysis?.ask) {
    const remedy = analysis ? "is asked for by metrics and dimensions, without analysis" : "is not an analysis";
    return { errors: [{ path: "analysis", message: `${query.analysis} ${remedy}; use ${ASKABLE.join(", ")}` }] };
  }
  const errors = query.filters.flatMap((filter, index) => filterErrors(filter, `filters.${index}`, goals));
  const params = analysis.ask(query.params, askedOf(period, asking, errors));
  if (errors.length > 0) return { errors };
  const filters = query.filters.map((filter) => resolveGoals(filter, goals));
  const request = { analysis: query.analysis, params, ...period, timeZone: calendar.timeZone, filters };
  return { query, request };
}

export function answerAnalysis(
  { query }: AnalysisPlan,
  { request, partials }: Found,
  meta: Pick<QueryMeta, "scanned" | "archived" | "rolled" | "ms" | "freshness">,
): AnalysisResult {
  const analysis = known[request.analysis as AnalysisName]; // planned above, from this registry
  const { results, notes } = analysis.conclude(partials, request.params, { from: request.from, to: request.to });
  const said = notes.length > 0 ? { notes } : {};
  return {
    results,
    shape: analysis.shape,
    meta: { source: meta.archived ? "archive" : "shards", exact: true, ...meta, ...said },
    query: { ...query, date_range: rangeText(request, request.timeZone) },
  };
}

/** The answer as rows for a file. */
export function sheetOf({ query, results }: AnalysisResult): Sheet {
  const sheet = analysisNamed(query.analysis)?.sheet?.(results, query.params);
  if (!sheet) throw new Error(`the analysis ${query.analysis} has no sheet`);
  return sheet;
}
