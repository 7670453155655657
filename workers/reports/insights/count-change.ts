// A count or an amount that changed by more than it does by itself, and the group of visits it comes from.
import { metrics } from "../../catalog/metrics/index.ts";
import { amountOf, type MetricValue, moneyOf } from "../../domain/money.ts";
import { breakdownQuestions, groupFilters, groupText, pairsOf } from "../breakdowns.ts";
import { explainCount } from "../explain-count.ts";
import { figure, percentText, reckoned } from "../figure-text.ts";
import type { Cause, Compared, Figure, Insight, InsightKind, Overview } from "../insight.ts";
import { dispersionOf, leastChange, relativeChange } from "../noise.ts";
import { historyOf, inBoth } from "../overview.ts";
import { spellOf, toneOf } from "../told.ts";
import { viewLink } from "../view-link.ts";

type Counted = "visitors" | "total_revenue";

/** Of the larger period: less is nothing to act on, however sure. */
const LEAST = 0.05;
/** How much of what moved is the business itself. */
const WEIGHTS = { visitors: 1, total_revenue: 1.5 } as const satisfies Record<Counted, number>;

interface Moved {
  now: number;
  before: number;
  dispersion: number;
}

/** Null where it is no more than noise. */
export function movedIn(overview: Overview, metric: Counted): Moved | null {
  const total = overview.totals[metric];
  const [now, before] = [amountOf(total?.now), amountOf(total?.before)];
  if (now === null || before === null || before <= 0 || Math.max(now, before) <= 0) return null;
  if (Math.abs(now - before) / Math.max(now, before) < LEAST) return null;
  const history = historyOf(overview, metric);
  const dispersion = metric === "visitors" ? Math.max(1, dispersionOf(history)) : dispersionOf(history);
  const floor = Math.sqrt(dispersion * (1 / Math.max(now, dispersion) + 1 / before));
  const least = leastChange(history, { ...spellOf(overview), relative: true, floor });
  return Math.abs(relativeChange(now, before)) > least ? { now, before, dispersion } : null;
}

function currencyOf(total: Compared | undefined): string | null {
  const [amount] = [total?.now, total?.before].filter((one) => typeof one === "object" && one !== null);
  return typeof amount === "object" && amount !== null ? amount.currency : null;
}

const amountIn = (value: number | null, currency: string | null): MetricValue =>
  value === null || currency === null ? value : moneyOf(value, currency);

/** The sentence on the cause, with its figures. */
function causeText(overview: Overview, metric: Counted, cause: Cause, isRise: boolean) {
  const { label, unit } = metrics[metric];
  const word = isRise ? "rise" : "fall";
  if (cause.how === "all" || cause.share === null) {
    return { text: `No one source, place or device stands out: the ${word} goes through all.`, figures: [] };
  }
  const filters = groupFilters(cause.dimensions, cause.values);
  const [askedNow, askedBefore] = inBoth(overview, { metrics: [metric], filters });
  const [group] = cause.contributions;
  const told = { metric, unit };
  const currency = currencyOf(overview.totals[metric]);
  const now = figure("part_now", amountIn(group?.now ?? null, currency), { ...told, query: askedNow });
  const before = figure("part_before", amountIn(group?.before ?? null, currency), { ...told, query: askedBefore });
  const share = reckoned("share", metric, { value: cause.share, text: percentText(cause.share) });
  const named = groupText(cause.dimensions, cause.values);
  const text = `${share.text} of the ${word} is ${named}: ${now.text} ${label.toLowerCase()}, from ${before.text}.`;
  return { text, figures: [share, now, before] };
}

function insightOf(overview: Overview, metric: Counted, { now, before }: Moved, cause: Cause): Insight {
  const { label, unit, better } = metrics[metric];
  const isRise = now > before;
  const percent = (100 * (now - before)) / before;
  const [askedNow, askedBefore] = inBoth(overview, { metrics: [metric] });
  const total = overview.totals[metric]!;
  const figures: Figure[] = [
    reckoned("change", metric, { value: percent, text: percentText(percent) }),
    figure("now", total.now, { metric, unit, query: askedNow }),
    figure("before", total.before, { metric, unit, query: askedBefore }),
  ];
  const [change, one, other] = figures;
  const why = causeText(overview, metric, cause, isRise);
  const filters = groupFilters(cause.dimensions, cause.values);
  return {
    kind: metric,
    metric,
    text: `${label} ${isRise ? "rose" : "fell"} ${change!.text} to ${one!.text}, from ${other!.text}. ${why.text}`,
    tone: toneOf(better, isRise),
    matters: (WEIGHTS[metric] * Math.abs(now - before)) / Math.max(now, before),
    figures: [...figures, ...why.figures],
    cause,
    link: viewLink(overview, { ...(metric === "visitors" ? { metric } : {}), filters }),
  };
}

export function countChange(metric: Counted): InsightKind {
  return {
    label: metrics[metric].label,
    about: `${metrics[metric].label} changed by more than they do by themselves, with the group of visits that it comes from.`,
    ask: (overview) => (movedIn(overview, metric) ? breakdownQuestions(overview, [metric]) : []),
    find(overview, answers) {
      const moved = movedIn(overview, metric);
      if (!moved) return [];
      const all = pairsOf(answers).map(({ dimensions, pairs }) => ({
        dimensions,
        groups: pairs.map(({ values, now, before }) => ({ values, now: now[0] ?? 0, before: before[0] ?? 0 })),
      }));
      return [insightOf(overview, metric, moved, explainCount(all, moved, moved.dispersion))];
    },
  };
}
