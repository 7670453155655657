// KPIs that miss their target, or will at this pace, in the period of theirs in which the view ends.
import { type Kpi, statusOf } from "../../catalog/kpi.ts";
import { moneyOf } from "../../domain/money.ts";
import { localDate } from "../../domain/period.ts";
import type { QueryResult } from "../../domain/query.ts";
import { type KpiPeriod, kpiHistory, kpiQuestion } from "../../query/kpi.ts";
import { figure, percentText, reckoned } from "../figure-text.ts";
import type { Insight, InsightKind, Overview } from "../insight.ts";
import { viewLink } from "../view-link.ts";

/** Of its period that must be over before a pace is one. */
const LEAST_OVER = 0.25;
const OVER = 0.999;
/** Formulas of these units add up along time; others stand where they stand. */
const ADDS_UP = ["count", "money"];
const DAY_MS = 86_400_000;
const DAYS = { day: 1, week: 7 } as const;

/** Parts of the filtered traffic have no targets of their own. */
const judged = ({ kpis, filters }: Overview): readonly Kpi[] => (filters.length > 0 ? [] : kpis);

/** The moment at which the view ends: now, or before. */
const endOf = ({ span, now }: Overview): number => Math.min(now, span.period.to - 1);

/** From 0 to 1. */
function partOver(overview: Overview, { every }: Kpi, since: string): number {
  const { timeZone } = overview.site;
  const end = endOf(overview);
  const date = localDate(end, timeZone);
  const days = every === "month" ? date.daysInMonth : DAYS[every];
  const begun = Date.parse(since);
  const time = Date.parse(date.toString()) + ((end - startOfDay(end, timeZone)) / DAY_MS) * DAY_MS;
  return Math.min(1, Math.max(0, (time - begun) / (days * DAY_MS)));
}

const startOfDay = (at: number, timeZone: string): number =>
  localDate(at, timeZone).toZonedDateTime(timeZone).epochMilliseconds;

function insightOf(overview: Overview, kpi: Kpi, period: KpiPeriod): Insight[] {
  const { value, target, since } = period;
  const over = partOver(overview, kpi, since);
  // Of a view that is over, the KPI's periods that are: how they stood halfway is nothing to act on.
  const least = overview.span.running ? LEAST_OVER : OVER;
  if (value === null || target === 0 || over < least) return [];
  const pace = ADDS_UP.includes(kpi.unit) ? value / over : value;
  if (statusOf(pace, { ...kpi, target }) !== "missed") return [];
  const { currency } = overview.site;
  const amount = (one: number) => (kpi.unit === "money" && currency !== null ? moneyOf(one, currency) : one);
  const told = { metric: kpi.formula, unit: kpi.unit };
  const figures = [
    figure("now", amount(value), told),
    figure("target", amount(target), told),
    reckoned("over", kpi.formula, { value: 100 * over, text: percentText(100 * over) }),
    figure("pace", amount(pace), told),
  ] as const;
  const [now, wanted, part, atPace] = figures;
  const isOver = over >= OVER;
  const outlook = pace === value ? "" : `; at this pace it ends at ${atPace.text}`;
  const text = isOver
    ? `${kpi.name} missed its target: ${now.text} of ${wanted.text} in the ${kpi.every}.`
    : `${kpi.name} is about to miss its target: ${now.text} of ${wanted.text} with ${part.text} of the ${kpi.every} over${outlook}.`;
  return [
    {
      kind: "kpi_at_risk",
      metric: kpi.formula,
      text,
      tone: "worse",
      matters: Math.min(1, Math.abs(pace - target) / Math.abs(target)),
      figures: [...figures],
      cause: null,
      link: viewLink(overview, { page: "executive" }),
    },
  ];
}

export const kpiAtRisk: InsightKind = {
  label: "Goal at risk",
  about: "A KPI missed its target, or will at the pace of its period so far.",
  ask: (overview) =>
    judged(overview).map((kpi) => kpiQuestion(kpi, { site: overview.site, now: endOf(overview), periods: 1 })),
  find: (overview, answers) =>
    judged(overview).flatMap((kpi, place) => {
      const answer: QueryResult | undefined = answers[place];
      const period = answer && kpiHistory(kpi, answer, overview.customMetrics).at(-1);
      return period ? insightOf(overview, kpi, period) : [];
    }),
};
