// The questions behind the Overview's panels, from a view. Pure, so that the same address always asks the same.
import type { Filter, QueryInput } from "../../workers/domain/query.ts";
import type { Site, SiteId } from "../../workers/domain/site.ts";
import { isMetricName, METRIC_NAMES, type MetricName } from "./metrics.ts";
import { type Calendar, dateRange, type Grain, grainOf } from "./periods.ts";
import type { View, ViewFilter } from "./view.ts";

export interface Scope {
  site: Site;
  view: View;
  calendar: Calendar;
}

/** As the API takes it. */
export function toFilter({ operator, dimension, values }: ViewFilter): Filter {
  const condition: Filter = ["is", dimension, values];
  if (operator === "has_done" || operator === "has_not_done") return [operator, condition];
  if (operator === "done_ever") return ["has_done", condition, { by: "visitor" }];
  if (operator === "done_never") return ["has_not_done", condition, { by: "visitor" }];
  return [operator, dimension, values];
}

type Comparisons = NonNullable<NonNullable<QueryInput["include"]>["comparisons"]>;

/** What the view compares with. */
export function comparisons({ view }: Scope): { comparisons?: Comparisons } {
  // All of time has nothing before it.
  if (view.compare === "none" || view.period.name === "all") return {};
  return { comparisons: { mode: view.compare === "year" ? "year_over_year" : "previous_period" } };
}

/** In the address, so that a link shows what its sender saw. */
const LEFT_OUT = "none";

export const leavesImportsOut = ({ view }: Scope): boolean => view.own.imported === LEFT_OUT;

/** For `set` of a page: with imported history, or without it. */
export const importsChoice = (included: boolean): { imported: string | null } => ({
  imported: included ? null : LEFT_OUT,
});

const imports = (scope: Scope): { imports?: true } => (leavesImportsOut(scope) ? {} : { imports: true });

/** The same for totals: today until now is held against yesterday until then, not against all of it. */
export const comparisonsSoFar = (scope: Scope): NonNullable<QueryInput["include"]> => ({
  trim_relative_date_range: true,
  ...comparisons(scope),
});

/** Site, period and filters: what every question of a page has. */
export function scopeQuestion({ site, view, calendar }: Scope): Pick<QueryInput, "site_id" | "date_range" | "filters"> {
  return {
    site_id: site.id,
    date_range: dateRange(view.period, calendar.today),
    filters: view.filters.map(toFilter),
  };
}

export function totalsQuestion(scope: Scope): QueryInput {
  const include = { ...imports(scope), ...comparisonsSoFar(scope) };
  return { ...scopeQuestion(scope), metrics: [...METRIC_NAMES], include };
}

export function trendGrain({ view, calendar }: Scope): Grain {
  return grainOf(view.grain, view.period, calendar);
}

/** The chosen metric and those beside it, `also=visits,pageviews` in the address. */
export function shownMetrics({ metric, own }: View): MetricName[] {
  const beside = (own.also ?? "").split(",").filter(isMetricName);
  return [...new Set([metric, ...beside])];
}

/** One metric is held against the period before; several against each other. */
export function trendQuestion(scope: Scope): QueryInput {
  const shown = shownMetrics(scope.view);
  return {
    ...scopeQuestion(scope),
    metrics: shown,
    dimensions: [`time:${trendGrain(scope)}`],
    include: { time_labels: true, ...imports(scope), ...(shown.length === 1 ? comparisons(scope) : {}) },
  };
}

export interface BreakdownOptions {
  dimension: string;
  metrics: string[];
  limit: number;
  offset?: number;
  /** Keeps the values that contain this text. */
  search?: string;
  also?: Filter[];
}

export function breakdownQuestion(scope: Scope, options: BreakdownOptions): QueryInput {
  const { dimension, metrics, limit, offset = 0, search = "", also = [] } = options;
  const common = scopeQuestion(scope);
  const searched: Filter[] = search === "" ? [] : [["contains", dimension, [search], { case_sensitive: false }]];
  return {
    ...common,
    filters: [...(common.filters ?? []), ...also, ...searched],
    metrics,
    dimensions: [dimension],
    order_by: [[metrics[0] ?? "visitors", "desc"]],
    pagination: { limit, offset },
    include: imports(scope),
  };
}

/** Visitors by hour of the last day, for the small chart beside a site's name. */
export function sparkQuestion(siteId: SiteId): QueryInput {
  return {
    site_id: siteId,
    metrics: ["visitors"],
    date_range: "24h",
    dimensions: ["time:hour"],
    include: { time_labels: true },
  };
}

/** Visitors of the last day; hours do not add up to it, since a visitor may be in several. */
export function dayQuestion(siteId: SiteId): QueryInput {
  return {
    site_id: siteId,
    metrics: ["visitors"],
    date_range: "24h",
    include: { comparisons: { mode: "previous_period" } },
  };
}
