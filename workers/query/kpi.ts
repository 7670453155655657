// What a KPI asks, and how it stands by the answer. Pure.

import { type CustomMetric, customMetricNamed } from "../catalog/custom-metric.ts";
import type { NewHeartSheet } from "../catalog/heart.ts";
import { type Kpi, type KpiStatus, type NewKpi, statusOf, targetOn } from "../catalog/kpi.ts";
import { isMetric } from "../catalog/metrics/index.ts";
import { packMetric } from "../catalog/packs/index.ts";
import type { FieldError } from "../domain/errors.ts";
import { type Formula, metricsIn, parseFormula, valueOfFormula } from "../domain/formula.ts";
import { amountOf } from "../domain/money.ts";
import { localDate } from "../domain/period.ts";
import { type Filter, type Query, type QueryResult, querySchema } from "../domain/query.ts";
import type { Site } from "../domain/site.ts";
import { askedMetric } from "./asked-metric.ts";
import { conditionsOf } from "./filters.ts";

/** Checked when it was written. */
function formulaOf({ formula }: Pick<NewKpi, "formula">): Formula {
  const parsed = parseFormula(formula);
  if ("problem" in parsed) throw new Error(`a stored formula cannot be read: ${parsed.problem}`);
  return parsed;
}

/** Why a metric has no one value over a time. */
export function metricErrors(name: string, path: string, known: readonly CustomMetric[]): FieldError[] {
  const metric = askedMetric(name, known);
  if (!metric) return [{ path, message: `no metric ${name}; name one of the catalogue, or one that the site has` }];
  if (metric.needs.length > 0 || metric.bases.includes("period")) {
    return [{ path, message: `${name} is about parts of the whole, and has no value by itself` }];
  }
  return [];
}

export function kpiErrors(kpi: NewKpi, known: readonly CustomMetric[]): FieldError[] {
  const names = metricsIn(formulaOf(kpi));
  if (names.length === 0) return [{ path: "formula", message: "names no metric" }];
  return names.flatMap((name) => metricErrors(name, "formula", known));
}

export function heartErrors({ lines }: NewHeartSheet, known: readonly CustomMetric[]): FieldError[] {
  return lines.flatMap(({ metric }, index) => metricErrors(metric, `lines.${index}.metric`, known));
}

interface Asking {
  site: Pick<Site, "id" | "timeZone">;
  now: number;
  /** Periods, the running one included. */
  periods: number;
}

/** The metrics of the formula in each of the last periods. */
export function kpiQuestion(kpi: NewKpi, { site, now, periods }: Asking): Query {
  const today = localDate(now, site.timeZone);
  const before = periods - 1;
  const first = {
    day: () => today.subtract({ days: before }),
    week: () => today.subtract({ days: today.dayOfWeek - 1 + 7 * before }),
    month: () => today.with({ day: 1 }).subtract({ months: before }),
  }[kpi.every]();
  return querySchema.parse({
    site_id: site.id,
    metrics: metricsIn(formulaOf(kpi)),
    date_range: [first.toString(), today.toString()],
    dimensions: [`time:${kpi.every}`],
    include: { time_labels: true },
  });
}

export interface KpiPeriod {
  /** First local date. */
  since: string;
  value: number | null;
  target: number;
  status: KpiStatus;
  /** Whether it is not over yet. */
  running: boolean;
}

/** Oldest first. In a period without events counts are zero, and all else unknown. */
export function kpiHistory(kpi: Kpi, { results, meta }: QueryResult, known: readonly CustomMetric[]): KpiPeriod[] {
  const formula = formulaOf(kpi);
  const names = metricsIn(formula);
  const rows = new Map(results.map((row) => [row.dimensions[0]!, row.metrics]));
  const labels = meta.time_labels ?? [];
  const empty = (name: string) => (askedMetric(name, known)?.unit === "count" ? 0 : null);
  return labels.map((since, index) => {
    const row = rows.get(since);
    const value = valueOfFormula(formula, (name) => (row ? amountOf(row[names.indexOf(name)]) : empty(name)));
    const target = targetOn(kpi, since);
    const status = statusOf(value, { ...kpi, target });
    return { since, value, target, status, running: index === labels.length - 1 };
  });
}

function namesIn(filter: Filter): string[] {
  return conditionsOf(filter).flatMap(([operator, dimension, clauses]) =>
    dimension === "event:name" && operator === "is" ? clauses : [],
  );
}

/** Events that a metric counts; `*` where it does not say which. */
export function eventsOf(name: string, known: readonly CustomMetric[]): string[] {
  if (isMetric(name)) return name === "pageviews" ? ["pageview"] : ["*"];
  const { definition } = packMetric(name) ?? customMetricNamed(known, name) ?? {};
  if (!definition) return [];
  if (definition.kind === "ratio") {
    return [...new Set([...eventsOf(definition.part, known), ...eventsOf(definition.whole, known)])];
  }
  if (definition.kind === "total") {
    return [...new Set([...definition.parts, ...definition.less].flatMap((part) => eventsOf(part, known)))];
  }
  const names = definition.filters.flatMap(namesIn);
  return names.length > 0 ? [...new Set(names)] : ["*"];
}

export interface MappedGoal {
  businessGoal: string;
  kpis: { id: string; name: string; owner: string; metrics: { name: string; events: string[] }[] }[];
}

/** Business goal → KPI → metric → events, in the order of the KPIs. */
export function goalMap(kpis: readonly Kpi[], known: readonly CustomMetric[]): MappedGoal[] {
  const groups = Map.groupBy(kpis, ({ businessGoal }) => businessGoal);
  return [...groups].map(([businessGoal, own]) => ({
    businessGoal,
    kpis: own.map((kpi) => ({
      id: kpi.id,
      name: kpi.name,
      owner: kpi.owner,
      metrics: metricsIn(formulaOf(kpi)).map((name) => ({ name, events: eventsOf(name, known) })),
    })),
  }));
}
