// The first questions: the figures of both periods, their days for long enough to know what is usual, goals, and what was seen.
import { amountOf } from "../domain/money.ts";
import { localDate } from "../domain/period.ts";
import type { Query, QueryResult } from "../domain/query.ts";
import { type Asking, questionOf } from "../query/product.ts";
import type { Compared, Looking, Overview } from "./insight.ts";

const DAY_MS = 86_400_000;
/** As far as anomalies look back, so that both say the same of a day. */
const BACK_DAYS = 112;
/** Four such periods tell of what they differ by. */
const BACK_PERIODS = 4;
const MOST_BACK_DAYS = 400;

export const TOTALS = [
  "visitors",
  "visits",
  "total_revenue",
  "bounce_rate",
  "views_per_visit",
  "visit_duration",
] as const;
export type TotalName = (typeof TOTALS)[number];
const BY_GOAL = ["conversion_rate"] as const;
/** Where news is looked for. */
export const NEWS = ["visit:source", "visit:country", "visit:utm_campaign", "event:page"] as const;
const MOST_SEEN = 50;

/** Length of the period in days; of one that runs, until now. */
export const daysOf = ({ span: { period } }: Looking): number => (period.to - period.from) / DAY_MS;

/** The question in the period and in the one that it is compared with. */
export function inBoth(looking: Looking, asking: Omit<Asking, "site_id">): [now: Query, before: Query] {
  const { site, filters, span } = looking;
  const of = (period: typeof span.period) =>
    questionOf(period, { ...asking, site_id: site.id, filters: [...filters, ...(asking.filters ?? [])] });
  return [of(span.period), of(span.comparison)];
}

/** By day, from long before the period to its end. */
export function dailyQuestion(looking: Looking, asking: Omit<Asking, "site_id">): Query {
  const { site, span } = looking;
  const back = Math.min(MOST_BACK_DAYS, Math.max(BACK_DAYS, Math.ceil(BACK_PERIODS * daysOf(looking))));
  const period = { from: span.period.from - back * DAY_MS, to: span.period.to };
  const filters = [...looking.filters, ...(asking.filters ?? [])];
  const days = { dimensions: ["time:day"], include: { time_labels: true } };
  return questionOf(period, { ...asking, ...days, site_id: site.id, filters });
}

/** Every local day of a daily answer. Of a day without events counts are zero, and what is divided is unknown. */
export function dailyValues({ results, meta, query }: QueryResult): Overview["days"] {
  const rows = new Map(results.map(({ dimensions, metrics }) => [dimensions[0]!, metrics]));
  const isCount = (name: string) => ["visitors", "visits", "total_revenue"].includes(name);
  return (meta.time_labels ?? []).map((date) => {
    const row = rows.get(date);
    const figureOf = (name: string, index: number) => (row ? amountOf(row[index]) : isCount(name) ? 0 : null);
    return { date, values: Object.fromEntries(query.metrics.map((name, index) => [name, figureOf(name, index)])) };
  });
}

function newsQuestions(looking: Looking): Query[] {
  // What was never there before is known of all traffic: parts of it are not rolled up, and would have to be read whole.
  if (looking.filters.length > 0) return [];
  return NEWS.map((dimension) => {
    const listed = { dimensions: [dimension], pagination: { limit: MOST_SEEN, offset: 0 } };
    return inBoth(looking, { metrics: ["visitors"], ...listed })[0];
  });
}

export function overviewQuestions(looking: Looking): Query[] {
  return [
    dailyQuestion(looking, { metrics: TOTALS }),
    ...inBoth(looking, { metrics: TOTALS }),
    ...(looking.goals.length > 0 ? inBoth(looking, { metrics: BY_GOAL, dimensions: ["event:goal"] }) : []),
    ...newsQuestions(looking),
  ];
}

function compared(names: readonly string[], now: QueryResult, before: QueryResult): Record<string, Compared> {
  const valuesOf = ({ results }: QueryResult) => results[0]?.metrics ?? [];
  const [ones, others] = [valuesOf(now), valuesOf(before)];
  return Object.fromEntries(names.map((name, at) => [name, { now: ones[at] ?? null, before: others[at] ?? null }]));
}

/** Goals that were reached in either period. */
function convertedIn(now: QueryResult, before: QueryResult): Overview["converted"] {
  const goals = new Set([...now.results, ...before.results].map(({ dimensions }) => dimensions[0]!));
  const ratesOf = ({ results }: QueryResult) =>
    new Map(results.map((row) => [row.dimensions[0], row.metrics[0] ?? null]));
  const [ones, others] = [ratesOf(now), ratesOf(before)];
  return new Map([...goals].map((goal) => [goal, { now: ones.get(goal) ?? 0, before: others.get(goal) ?? 0 }]));
}

/** Of the answers to `overviewQuestions`, in their order. */
export function overviewOf(looking: Looking, answers: readonly QueryResult[]): Overview {
  const [daily, now, before, ...more] = answers;
  if (!daily || !now || !before) throw new Error("the first questions were not all answered");
  const goals = looking.goals.length > 0 ? more.splice(0, 2) : [];
  const days = dailyValues(daily);
  const firstDay = localDate(looking.span.period.from, looking.site.timeZone).toString();
  const earlier = days.filter(({ date }) => date < firstDay);
  const begun = earlier.findIndex(({ values }) => (values.visitors ?? 0) > 0);
  const seen = more.map(({ query, results }) => {
    const values = results.map(({ dimensions, metrics }) => ({
      value: dimensions[0]!,
      visitors: amountOf(metrics[0]) ?? 0,
    }));
    return [query.dimensions[0]!, values] as const;
  });
  return {
    ...looking,
    totals: compared(TOTALS, now, before),
    days: begun > 0 ? days.slice(begun) : days,
    historyDays: begun < 0 ? 0 : earlier.length - begun,
    converted: goals[0] && goals[1] ? convertedIn(goals[0], goals[1]) : new Map(),
    seen: new Map(seen),
  };
}

/** A metric's days before the period. */
export function historyOf(overview: Overview, metric: string) {
  return overview.days
    .slice(0, overview.historyDays)
    .map(({ date, values }) => ({ date, value: values[metric] ?? null }));
}
