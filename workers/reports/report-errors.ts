// What is wrong with a report that is about to be kept, or made: its period, its filters, and what its sections name.
import type { Kpi } from "../catalog/kpi.ts";
import type { FieldError } from "../domain/errors.ts";
import { comparisonPeriod, periodOf } from "../domain/period.ts";
import { querySchema } from "../domain/query.ts";
import type { Question } from "../domain/question.ts";
import type { NewReport, ReportSection } from "../domain/report.ts";
import { metricErrors } from "../query/kpi.ts";
import { type PlanFacts, questionErrors } from "../query/run.ts";

export interface ReportFacts extends PlanFacts {
  kpis: readonly Kpi[];
}

interface Checking {
  report: NewReport;
  facts: ReportFacts;
  now: number;
}

const within = (errors: readonly FieldError[], path: string): FieldError[] =>
  errors.map((error) => ({ ...error, path: `${path}.${error.path}` }));

function periodErrors({ report, facts, now }: Checking): FieldError[] {
  const { timeZone } = facts.site;
  const period = periodOf(report.period, { now, timeZone });
  if ("problem" in period) return [{ path: "period", message: period.problem }];
  const other = report.compare && comparisonPeriod(report.period, period, { compared: report.compare, timeZone });
  return other && "problem" in other ? [{ path: "compare.date_range", message: other.problem }] : [];
}

/** As any question has them. */
function ownFilterErrors({ report, facts, now }: Checking): FieldError[] {
  const question = { ...querySchema.parse({ site_id: facts.site.id, metrics: ["visitors"], date_range: "30d" }) };
  const { filters } = report;
  return questionErrors({ ...question, filters }, facts, now);
}

function namedMetrics(metrics: readonly string[], { customMetrics = [] }: ReportFacts): FieldError[] {
  return metrics.flatMap((name, place) => metricErrors(name, `metrics.${place}`, customMetrics));
}

function sectionErrors(section: ReportSection, { report, facts, now }: Checking): FieldError[] {
  switch (section.kind) {
    case "figures": {
      const { metrics, kpis } = section;
      if (metrics.length + kpis.length === 0) return [{ path: "metrics", message: "name a metric or a KPI" }];
      const missing = kpis.flatMap((id, place): FieldError[] =>
        facts.kpis.some((kpi) => kpi.id === id) ? [] : [{ path: `kpis.${place}`, message: "the site has no such KPI" }],
      );
      return [...namedMetrics(metrics, facts), ...missing];
    }
    case "question": {
      const date_range = section.question.date_range ?? report.period;
      const whole: Question = { ...section.question, site_id: facts.site.id, date_range };
      return within(questionErrors(whole, facts, now), "question");
    }
    case "funnel": {
      const isThere = facts.funnels?.some(({ id }) => id === section.funnelId);
      return isThere ? [] : [{ path: "funnelId", message: "the site has no such funnel" }];
    }
    case "benchmarks":
      return namedMetrics(section.metrics, facts);
    default:
      return [];
  }
}

export function reportErrors(report: NewReport, facts: ReportFacts, now: number): FieldError[] {
  const checking = { report, facts, now };
  return [
    ...periodErrors(checking),
    ...ownFilterErrors(checking),
    ...report.sections.flatMap((section, place) => within(sectionErrors(section, checking), `sections.${place}`)),
  ];
}
