// What rules ask by the hour: those that look at the same events together, and what comes of the answers.
import type { CustomMetric } from "../catalog/custom-metric.ts";
import type { Kpi } from "../catalog/kpi.ts";
import type { NewAlertRule } from "../domain/alert.ts";
import type { MetricCondition } from "../domain/alert-condition.ts";
import { DAYS_BACK, isNarrowed, isOfMetric, stepOf } from "../domain/condition-step.ts";
import { metricsIn, parseFormula, valueOfFormula } from "../domain/formula.ts";
import type { Filter, Query, QueryResult } from "../domain/query.ts";
import type { Segment } from "../domain/segment.ts";
import type { Site } from "../domain/site.ts";
import { isWatched, kpiIdOf } from "../domain/watched-metrics.ts";
import { askedMetric } from "../query/asked-metric.ts";
import { hourlyQuestion, hourlySeries, MOST_ROWS } from "../query/hourly.ts";
import type { Refusal } from "../query/normalize.ts";
import type { Judged } from "./judge.ts";
import type { Series } from "./series.ts";

const MOST_METRICS = 20;
const RANKED_DAYS = 7;

/** What the site has of its own. */
export interface OwnNames {
  known: readonly CustomMetric[];
  kpis: readonly Pick<Kpi, "id" | "name" | "formula">[];
  segments: readonly Pick<Segment, "id" | "name">[];
}

export interface HourPorts extends OwnNames {
  site: Pick<Site, "id" | "timeZone">;
  now: number;
  /** All together, so that they cost one scan a shard. */
  ask(questions: Query[]): Promise<(QueryResult | Refusal)[]>;
}

type Watching = Pick<NewAlertRule, "conditions" | "match" | "filters" | "split">;

/** Rules of one key look at the same events. */
export const askKey = ({ filters, split, conditions }: Judged): string =>
  JSON.stringify([filters, split, split && conditions.find(isOfMetric)?.metric]);

interface Ask {
  rule: Watching;
  metrics: readonly string[];
  days: number;
  /** Values of the split that something is open of. */
  kept: string[];
}

function namesIn(metric: string, kpis: HourPorts["kpis"]): string[] {
  const id = kpiIdOf(metric);
  if (id === null) return [metric];
  const formula = parseFormula(kpis.find((kpi) => kpi.id === id)?.formula ?? "");
  return "problem" in formula ? [] : metricsIn(formula);
}

type Names = Pick<OwnNames, "kpis" | "known">;

/** Why the metric cannot be asked for: it was removed. */
function removedOf(metric: string, { kpis, known }: Names): string | null {
  const id = kpiIdOf(metric);
  if (id !== null && !kpis.some((kpi) => kpi.id === id)) return "the KPI that it looks at was removed";
  const gone = namesIn(metric, kpis).find((name) => askedMetric(name, known) === null);
  return gone === undefined ? null : `${gone}, which it looks at, was removed`;
}

/** `days`: how far back is looked, where it is not for each condition to say. */
function asksOf(
  rules: readonly Watching[],
  { days, kept, ...own }: { days: number | null; kept: (rule: Watching) => string[] } & Names,
): Map<string, Ask> {
  const asks = new Map<string, Ask>();
  for (const rule of rules) {
    const hourly = rule.conditions
      .filter(isOfMetric)
      .filter((one) => !isWatched(one.metric) && (days !== null || stepOf(one, rule) === "hour"));
    if (hourly.length === 0) continue;
    const before = asks.get(askKey(rule)) ?? { rule, metrics: [], days: 0, kept: [] };
    // What was removed would be refused, and all that is asked with it.
    const names = hourly.flatMap(({ metric }) => (removedOf(metric, own) === null ? namesIn(metric, own.kpis) : []));
    asks.set(askKey(rule), {
      ...before,
      metrics: [...new Set([...before.metrics, ...names])],
      days: Math.max(before.days, ...hourly.map(({ kind }) => days ?? DAYS_BACK[kind])),
      kept: [...new Set([...before.kept, ...kept(rule)])],
    });
  }
  return asks;
}

function* chunks<T>(all: readonly T[], size: number): Generator<T[]> {
  for (let first = 0; first < all.length; first += size) yield all.slice(first, first + size);
}

/** The values of a split with most of its first metric, of the last week. */
function rankingOf({ rule, metrics }: Ask, { site }: HourPorts): Query[] {
  const [by] = metrics;
  if (!rule.split || rule.split.dimension === "segment" || by === undefined) return [];
  return [
    {
      site_id: site.id,
      metrics: [by],
      date_range: `${RANKED_DAYS}d`,
      dimensions: [rule.split.dimension],
      filters: rule.filters,
      order_by: [[by, "desc"]],
      include: {},
      pagination: { limit: rule.split.top, offset: 0 },
    },
  ];
}

interface Part {
  ask: Ask;
  metrics: string[];
  /** Values that are told apart in the answer; or a segment that all of it is of. */
  values: string[];
  segment: Pick<Segment, "id" | "name"> | null;
}

const segmentsOf = ({ top }: { top: number }, { segments }: HourPorts) => segments.slice(0, top);

function partsOf(ask: Ask, values: readonly string[], ports: HourPorts): Part[] {
  const { split } = ask.rule;
  const each = [...chunks(ask.metrics, MOST_METRICS)];
  if (!split) return each.map((metrics) => ({ ask, metrics, values: [], segment: null }));
  if (split.dimension === "segment") {
    return segmentsOf(split, ports).flatMap((segment) =>
      each.map((metrics) => ({ ask, metrics, values: [], segment })),
    );
  }
  const size = Math.max(1, Math.floor(MOST_ROWS / ((ask.days + 1) * 25)));
  return [...chunks(values, size)].flatMap((own) =>
    each.map((metrics) => ({ ask, metrics, values: own, segment: null })),
  );
}

function questionOf({ ask, metrics, values, segment }: Part, { site, now }: HourPorts): Query {
  const { filters, split } = ask.rule;
  const also: Filter[] = segment ? [["is", "segment", [String(segment.id)]]] : [];
  const by = split && values.length > 0 ? { dimension: split.dimension, values } : null;
  return hourlyQuestion(metrics, { site, now, days: ask.days }, { filters: [...filters, ...also], by });
}

/** By metric; of what was asked with values by each of them. */
type Told = Map<string | null, Map<string, Series>>;

function tellInto(told: Told, { ask, metrics, values, segment }: Part, answer: QueryResult, ports: HourPorts): void {
  const asking = { ...ports, metrics, days: ask.days };
  const groups = Map.groupBy(answer.results, ({ dimensions }) => dimensions[1] ?? null);
  const names = values.length > 0 ? values : [null];
  for (const value of names) {
    const series = hourlySeries({ results: groups.get(value) ?? [] }, asking);
    const part = segment ? segment.name : value;
    told.set(part, new Map<string, Series>([...(told.get(part) ?? []), ...series]));
  }
}

function kpiSeries(formulaText: string, of: (name: string) => Series | undefined): Series | null {
  const formula = parseFormula(formulaText);
  if ("problem" in formula) return null;
  const known = new Map(metricsIn(formula).map((name) => [name, of(name)]));
  const [first] = known.values();
  if (!first) return null;
  const values = first.values.map((_, index) =>
    valueOfFormula(formula, (name) => known.get(name)?.values[index] ?? null),
  );
  return { ...first, values, together: "mean" };
}

export interface HourFacts {
  /** Of what was asked for: why nothing tells it any more. */
  goneOf(condition: MetricCondition, rule: Judged, part: string | null): string | null;
  seriesOf(condition: MetricCondition, rule: Judged, part: string | null): Series | null;
  partsOf(rule: Judged): readonly string[] | null;
}

/** Two rounds at most: which values there are, where a rule has a split, and all hours. */
export async function askHours(
  rules: readonly Watching[],
  ports: HourPorts,
  { days = null, kept = () => [] }: { days?: number | null; kept?: (rule: Watching) => string[] } = {},
): Promise<HourFacts> {
  const asks = [...asksOf(rules, { days, kept, kpis: ports.kpis, known: ports.known })];
  const ranked = asks.flatMap(([, ask]) => rankingOf(ask, ports).map((question) => ({ ask, question })));
  const rankings = ranked.length > 0 ? await ports.ask(ranked.map(({ question }) => question)) : [];
  const values = new Map(
    ranked.map(({ ask }, index) => {
      const answer = rankings[index];
      const listed = answer && "results" in answer ? answer.results.map(({ dimensions }) => dimensions[0] ?? "") : [];
      return [ask, [...new Set([...listed, ...ask.kept])]] as const;
    }),
  );
  const parts = asks.flatMap(([key, ask]) =>
    partsOf(ask, values.get(ask) ?? [], ports).map((part) => ({ key, ...part })),
  );
  const answers = parts.length > 0 ? await ports.ask(parts.map((part) => questionOf(part, ports))) : [];
  const told = new Map<string, Told>();
  const refused = new Map<string, string>();
  parts.forEach((part, index) => {
    const answer = answers[index];
    if (answer && "errors" in answer) refused.set(part.key, answer.errors[0]?.message ?? "");
    if (!answer || "errors" in answer) return;
    const own = told.get(part.key) ?? new Map();
    told.set(part.key, own);
    tellInto(own, part, answer, ports);
  });
  const kpiHeld = new Map<string, Series | null>();
  return {
    seriesOf({ metric }, rule, part) {
      const key = askKey(rule);
      const own = told.get(key)?.get(part);
      const id = kpiIdOf(metric);
      if (!own || id === null) return own?.get(metric) ?? null;
      const name = JSON.stringify([key, part, id]);
      if (!kpiHeld.has(name)) {
        const kpi = ports.kpis.find((one) => one.id === id);
        kpiHeld.set(name, kpi ? kpiSeries(kpi.formula, (one) => own.get(one)) : null);
      }
      return kpiHeld.get(name) ?? null;
    },
    goneOf({ metric }, rule, part) {
      if (isWatched(metric)) return null;
      const removed = removedOf(metric, ports);
      if (removed !== null || !isNarrowed(rule)) return removed;
      const refusal = refused.get(askKey(rule));
      // They were checked when the rule was saved.
      if (refusal !== undefined) return `its filters can no longer be asked: ${refusal}`;
      const { split } = rule;
      const isOut = split?.dimension === "segment" && !segmentsOf(split, ports).some(({ name }) => name === part);
      return isOut ? "its segment was removed, or is no longer among those that are looked at" : null;
    },
    partsOf(rule) {
      const own = told.get(askKey(rule));
      return own ? [...own.keys()].filter((part) => part !== null) : null;
    },
  };
}
