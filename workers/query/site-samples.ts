// A site's metrics and KPIs as samples: what is asked, and what the answers say. Pure.
import { type CustomMetric, customMetricNamed } from "../catalog/custom-metric.ts";
import type { Kpi } from "../catalog/kpi.ts";
import { metrics as catalogue, isMetric } from "../catalog/metrics/index.ts";
import { packMetric } from "../catalog/packs/index.ts";
import { startOfDate } from "../domain/buckets.ts";
import type { FieldError } from "../domain/errors.ts";
import { type MetricSample, sampleName } from "../domain/metric-sample.ts";
import { amountOf } from "../domain/money.ts";
import { localDate } from "../domain/period.ts";
import { type Query, type QueryResult, querySchema } from "../domain/query.ts";
import type { Site } from "../domain/site.ts";
import { askedMetric } from "./asked-metric.ts";
import { kpiErrors, kpiHistory, kpiQuestion, metricErrors } from "./kpi.ts";
import type { Refusal } from "./normalize.ts";

/** Whose values only grow: told as counters since the first of the month. All others are told as of today so far. */
const COUNTERS: ReadonlySet<string> = new Set(["pageviews", "events"]);

/** Endings that mean a counter where samples are read. */
const OF_COUNTERS = /_(?:total|created)$/;

export const USUAL_METRICS = ["visitors", "visits", "pageviews", "events", "bounce_rate", "visit_duration"] as const;

interface Sampling {
  site: Pick<Site, "id" | "timeZone">;
  /** Names of metrics; those that are no more are left out. */
  metrics: readonly string[];
  kpis: readonly Kpi[];
  known: readonly CustomMetric[];
  now: number;
}

export function sampledErrors(metrics: readonly string[], known: readonly CustomMetric[]): FieldError[] {
  return metrics.flatMap((name, index) => metricErrors(name, `metrics.${index}`, known));
}

const aboutOf = (name: string, known: readonly CustomMetric[]): string =>
  isMetric(name) ? catalogue[name].about : (packMetric(name)?.about ?? customMetricNamed(known, name)?.about ?? "");

interface Part {
  question: Query;
  read(answer: QueryResult): MetricSample[];
}

function metricPart(names: readonly string[], sampling: Sampling, isCounter: boolean): Part[] {
  if (names.length === 0) return [];
  const { site, known, now } = sampling;
  const today = localDate(now, site.timeZone);
  const first = isCounter ? today.with({ day: 1 }) : today;
  const date_range = [first.toString(), today.toString()];
  return [
    {
      question: querySchema.parse({ site_id: site.id, metrics: names, date_range }),
      read: ({ results: [row] }) =>
        names.flatMap((name, index) => {
          const unit = askedMetric(name, known)?.unit ?? "count";
          const value = row ? amountOf(row.metrics[index]) : unit === "count" ? 0 : null;
          if (value === null) return [];
          const when = isCounter ? "Since the first of the month." : "Today so far.";
          return {
            name: sampleName(`edgewise_site_${name}`).replace(OF_COUNTERS, "$&_value"),
            about: `${aboutOf(name, known)} ${when}`.trim(),
            unit,
            labels: { site: site.id },
            value,
            since: isCounter ? startOfDate(first, site.timeZone) : null,
          };
        }),
    },
  ];
}

function kpiPart(kpi: Kpi, { site, known, now }: Sampling): Part[] {
  if (kpiErrors(kpi, known).length > 0) return [];
  const labels = { site: site.id, kpi: kpi.id, name: kpi.name, every: kpi.every };
  return [
    {
      question: kpiQuestion(kpi, { site, now, periods: 1 }),
      read: (answer) => {
        const period = kpiHistory(kpi, answer, known).at(-1);
        if (!period) return [];
        const { unit } = kpi;
        const told = (name: string, about: string, value: number | null): MetricSample[] =>
          value === null ? [] : [{ name, about, unit, labels, value, since: null }];
        return [
          ...told("edgewise_kpi_value", "A KPI in the period that runs.", period.value),
          ...told("edgewise_kpi_target", "What the KPI is to reach in it.", period.target),
        ];
      },
    },
  ];
}

export interface SiteSampling {
  questions: Query[];
  /** What could not be answered is left out. */
  read(answers: readonly (QueryResult | Refusal)[]): MetricSample[];
}

export function siteSampling(sampling: Sampling): SiteSampling {
  const names = [...new Set(sampling.metrics)].filter((name) => metricErrors(name, "", sampling.known).length === 0);
  const parts = [
    ...metricPart(
      names.filter((name) => !COUNTERS.has(name)),
      sampling,
      false,
    ),
    ...metricPart(
      names.filter((name) => COUNTERS.has(name)),
      sampling,
      true,
    ),
    ...sampling.kpis.flatMap((kpi) => kpiPart(kpi, sampling)),
  ];
  return {
    questions: parts.map(({ question }) => question),
    read: (answers) =>
      parts.flatMap((part, index) => {
        const answer = answers[index];
        return !answer || "errors" in answer ? [] : part.read(answer);
      }),
  };
}
