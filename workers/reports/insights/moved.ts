// A source, country or page that went its own way while all visitors together did not change: who looks at totals misses it.
import { metrics } from "../../catalog/metrics/index.ts";
import { localDate, startOfDate } from "../../domain/buckets.ts";
import { amountOf } from "../../domain/money.ts";
import type { Period } from "../../domain/period.ts";
import type { Query, QueryResult } from "../../domain/query.ts";
import { questionOf } from "../../query/product.ts";
import { gStatistic } from "../../stats/g-statistic.ts";
import { groupFilters, groupText } from "../breakdowns.ts";
import { figure, percentText, reckoned } from "../figure-text.ts";
import type { Insight, InsightKind, Overview } from "../insight.ts";
import { dispersionOf, relativeChange } from "../noise.ts";
import { daysOf, historyOf, inBoth } from "../overview.ts";
import { toneOf } from "../told.ts";
import { viewLink } from "../view-link.ts";
import { movedIn } from "./count-change.ts";

const METRIC = "visitors";
const { unit, better, label } = metrics[METRIC];
/** Of roll-ups, each by itself. */
const LOOKED_AT = ["visit:source", "visit:country", "event:page"] as const;
/** Of the visitors of the larger period: less is nothing to act on, however sure. */
const LEAST_PART = 0.03;
/** Half as much again, or two thirds. */
const LEAST_CHANGE = 0.4;
/** Below this it is chance among some hundred groups (χ² with one degree of freedom: 1 in 100,000). */
const CLEAR = 20;
/** More than ever before. */
const CLEARLY = 1.2;
/** Periods before the one that is compared with, from which the group's own moods are known. */
const PAST_PERIODS = 3;
const MOST_GROUPS = 1000;
/** What rose most, and what fell most. */
const WAYS = [1, -1] as const;

/** Whole days, as long as the period, going back from the one that it is compared with; as far as the site's history goes. */
function pastPeriods(overview: Overview): Period[] {
  const { site, span, days } = overview;
  const length = Math.max(1, Math.round(daysOf(overview)));
  const end = localDate(span.comparison.from, site.timeZone);
  const first = days[0]?.date;
  return Array.from({ length: PAST_PERIODS }, (_, place) => {
    const [from, to] = [end.subtract({ days: (place + 1) * length }), end.subtract({ days: place * length })];
    return { date: from.toString(), from: startOfDate(from, site.timeZone), to: startOfDate(to, site.timeZone) };
  }).filter(({ date }) => first !== undefined && date >= first);
}

/** The period, the one compared with, then the past, for each dimension. */
function asked(overview: Overview): Query[] {
  const pagination = { limit: MOST_GROUPS, offset: 0 };
  return LOOKED_AT.flatMap((dimension) => {
    const asking = { metrics: [METRIC], dimensions: [dimension], pagination };
    const past = pastPeriods(overview).map((period) => questionOf(period, { ...asking, site_id: overview.site.id }));
    return [...inBoth(overview, asking), ...past];
  });
}

/** Without a past of its own nobody knows a group's moods; parts of the traffic are not rolled up, and would have to be read whole. */
const isLookedAt = (overview: Overview): boolean =>
  overview.filters.length === 0 && pastPeriods(overview).length > 0 && movedIn(overview, METRIC) === null;

/** By day, so that each period is reckoned alike. */
function visitorsIn({ days, site }: Overview, { from, to }: Period): number {
  const [first, last] = [from, to - 1].map((moment) => localDate(moment, site.timeZone).toString()) as [string, string]; // two
  const within = days.filter(({ date }) => date >= first && date <= last);
  return within.reduce((sum, { values }) => sum + (values[METRIC] ?? 0), 0);
}

interface Moved {
  dimension: string;
  value: string;
  now: number;
  before: number;
  clear: number;
}

/** Null of a value that a list cut off does not hold: how many it had is not known. */
function countsOf({ results }: QueryResult): (value: string) => number | null {
  const counts = new Map(results.map(({ dimensions, metrics: values }) => [dimensions[0]!, amountOf(values[0]) ?? 0]));
  const absent = results.length >= MOST_GROUPS ? null : 0;
  return (value) => counts.get(value) ?? absent;
}

function movedBy(overview: Overview, dimension: string, answers: readonly QueryResult[]): Moved[] {
  const [all, allBefore] = [
    amountOf(overview.totals.visitors?.now) ?? 0,
    amountOf(overview.totals.visitors?.before) ?? 0,
  ];
  const dispersion = Math.max(1, dispersionOf(historyOf(overview, METRIC)));
  const { period, comparison } = overview.span;
  const sizes = [period, comparison, ...pastPeriods(overview)].map((one) => visitorsIn(overview, one));
  const counts = answers.map(countsOf);
  const values = new Set(answers.slice(0, 2).flatMap(({ results }) => results.map((row) => row.dimensions[0]!)));
  return [...values].flatMap((value) => {
    const [now, before, ...past] = counts.map((countOf) => countOf(value));
    // What was not there before is told as new, or comes and goes.
    if (now == null || !before || past.includes(null)) return [];
    if (Math.abs(now - before) < LEAST_PART * Math.max(all, allBefore)) return [];
    const shares = [now, before, ...past].map((count, place) => (count ?? 0) / Math.max(1, sizes[place]!));
    const changes = shares.slice(1).map((share, place) => Math.abs(relativeChange(shares[place]!, share)));
    const [change = 0, ...usual] = changes;
    const rest = [Math.max(0, all - now), Math.max(0, allBefore - before)] as const;
    const clear = gStatistic([[now, before], rest]) / dispersion;
    const isMood = change <= CLEARLY * Math.max(...usual);
    return change < LEAST_CHANGE || isMood || clear < CLEAR ? [] : [{ dimension, value, now, before, clear }];
  });
}

function insightOf(overview: Overview, { dimension, value, now, before }: Moved): Insight {
  const filters = groupFilters([dimension], [value]);
  const [askedNow, askedBefore] = inBoth(overview, { metrics: [METRIC], filters });
  const percent = (100 * (now - before)) / before;
  const change = reckoned("change", METRIC, { value: percent, text: percentText(percent) });
  const one = figure("now", now, { metric: METRIC, unit, query: askedNow });
  const other = figure("before", before, { metric: METRIC, unit, query: askedBefore });
  const group = groupText([dimension], [value]);
  const isRise = now > before;
  const told = `${label} of ${group} ${isRise ? "rose" : "fell"} ${change.text} to ${one.text}, from ${other.text}`;
  return {
    kind: "moved",
    metric: METRIC,
    text: `${told}, while all visitors together did not change.`,
    tone: toneOf(better, isRise),
    matters: Math.abs(now - before) / Math.max(amountOf(overview.totals.visitors?.now) ?? 0, now, before),
    figures: [change, one, other],
    cause: null,
    link: viewLink(overview, { metric: METRIC, filters }),
  };
}

export const moved: InsightKind = {
  label: "What moved",
  about: "A source, country or page whose visitors jumped or fell while all visitors together did not change.",
  ask: (overview) => (isLookedAt(overview) ? asked(overview) : []),
  find(overview, answers) {
    if (!isLookedAt(overview)) return [];
    const each = answers.length / LOOKED_AT.length;
    const all = LOOKED_AT.flatMap((dimension, place) =>
      movedBy(overview, dimension, answers.slice(place * each, (place + 1) * each)),
    ).toSorted((a, b) => b.clear - a.clear);
    const found = WAYS.flatMap((way) => all.find(({ now, before }) => Math.sign(now - before) === way) ?? []);
    return found.map((one) => insightOf(overview, one));
  },
};
