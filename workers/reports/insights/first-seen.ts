// Sources, countries, campaigns and pages that were never there before.
import { dimensionOf } from "../../catalog/dimensions/index.ts";
import { amountOf } from "../../domain/money.ts";
import type { QueryResult } from "../../domain/query.ts";
import { questionOf } from "../../query/product.ts";
import { groupFilters, groupText } from "../breakdowns.ts";
import { figure, percentText, reckoned } from "../figure-text.ts";
import type { Insight, InsightKind, Overview } from "../insight.ts";
import { inBoth, NEWS } from "../overview.ts";
import { viewLink } from "../view-link.ts";

const METRIC = "visitors";
const LEAST_VISITORS = 20;
/** Of the period's visitors. */
const LEAST_SHARE = 0.02;
const MOST_TOLD = 2;
/** A longer list is cut off, and what is not on it may have been there. */
const MOST_VALUES = 10_000;

type Candidates = readonly { value: string; visitors: number }[];

function candidatesOf(overview: Overview, dimension: string): Candidates {
  const all = amountOf(overview.totals.visitors?.now) ?? 0;
  const least = Math.max(LEAST_VISITORS, LEAST_SHARE * all);
  const empty = dimensionOf(dimension)?.empty;
  return (overview.seen.get(dimension) ?? []).filter(({ value, visitors }) => value !== empty && visitors >= least);
}

const asked = (overview: Overview) => NEWS.filter((dimension) => candidatesOf(overview, dimension).length > 0);

function insightOf(overview: Overview, dimension: string, { value, visitors }: Candidates[number]): Insight {
  const all = amountOf(overview.totals.visitors?.now) ?? 0;
  const filters = groupFilters([dimension], [value]);
  const [query] = inBoth(overview, { metrics: [METRIC], filters });
  const share = all > 0 ? (100 * visitors) / all : 0;
  const figures = [
    figure("now", visitors, { metric: METRIC, unit: "count", query }),
    reckoned("share", METRIC, { value: share, text: percentText(share) }),
  ] as const;
  const [now, part] = figures;
  return {
    kind: "first_seen",
    metric: METRIC,
    text: `Never there before: ${groupText([dimension], [value])}, with ${now.text} visitors, ${part.text} of all.`,
    tone: "neither",
    matters: share / 100,
    figures: [...figures],
    cause: null,
    link: viewLink(overview, { metric: METRIC, filters }),
  };
}

function newIn(overview: Overview, dimension: string, before: QueryResult | undefined): Insight[] {
  const known = new Set(before?.results.map(({ dimensions }) => dimensions[0]));
  if (!before || known.size >= MOST_VALUES) return [];
  return candidatesOf(overview, dimension)
    .filter(({ value }) => !known.has(value))
    .map((one) => insightOf(overview, dimension, one));
}

export const firstSeen: InsightKind = {
  label: "Never there before",
  about: "A source, country, campaign or page brought visitors that never had any before.",
  ask: (overview) =>
    asked(overview).map((dimension) =>
      questionOf(
        { from: 0, to: overview.span.period.from },
        { site_id: overview.site.id, metrics: [METRIC], dimensions: [dimension] },
      ),
    ),
  find: (overview, answers) =>
    asked(overview)
      .flatMap((dimension, place) => newIn(overview, dimension, answers[place]))
      .toSorted((a, b) => b.matters - a.matters)
      .slice(0, MOST_TOLD),
};
