// The sentence on a ratio that changed, and on whether groups grew or shrank or one group's own ratio changed.
import type { Metric } from "../catalog/metric.ts";
import type { MetricValue } from "../domain/money.ts";
import type { Filter } from "../domain/query.ts";
import type { Rated } from "../stats/mix-and-rate.ts";
import { groupFilters, groupText } from "./breakdowns.ts";
import { figure, percentText, pointsText, reckoned } from "./figure-text.ts";
import type { Cause, Insight, Overview } from "./insight.ts";
import { type DayValue, leastChange, visitVariance } from "./noise.ts";
import { daysOf, inBoth } from "./overview.ts";
import { spellOf, toneOf } from "./told.ts";
import { viewLink } from "./view-link.ts";

export interface RatioTold {
  kind: string;
  metric: string;
  /** As the sentence begins with it. */
  label: string;
  unit: Metric["unit"];
  better: Metric["better"];
  /** What it is a ratio of: `visits`. */
  of: string;
  /** How much of what moved is the business itself. */
  weight: number;
  /** Of all its questions. */
  filters: Filter[];
  /** Whether the dashboard has it as the metric of its chart. */
  charted: boolean;
  now: Rated;
  before: Rated;
}

/** Relative to the larger: less is nothing to act on, however sure. And points, of a percentage. */
const LEAST = 0.05;
const LEAST_POINTS = 0.5;

export const changeIn = ({ now, before }: Pick<RatioTold, "now" | "before">): number =>
  (now.rate ?? 0) - (before.rate ?? 0);

/** Whether it is large enough to be told, if it is no noise. */
export function isMaterial(told: Pick<RatioTold, "now" | "before" | "unit">): boolean {
  const { now, before, unit } = told;
  if (now.rate === null || before.rate === null || now.weight < 1 || before.weight < 1) return false;
  const change = Math.abs(changeIn(told));
  return change >= LEAST * Math.max(now.rate, before.rate) && (unit !== "percent" || change >= LEAST_POINTS);
}

/** Of what one visit adds: chance alone for a share, and no less than its days tell. */
export function varianceOf({ now, before, unit }: RatioTold, history: readonly DayValue[], overview: Overview): number {
  const rate = ((now.rate ?? 0) + (before.rate ?? 0)) / 2;
  const chance = unit === "percent" ? rate * (100 - rate) : 0;
  return Math.max(chance, visitVariance(history, before.weight / Math.max(daysOf(overview), 1)));
}

/** The standard error that chance alone makes. */
export const chanceIn = ({ now, before, unit }: RatioTold): number => {
  const rate = ((now.rate ?? 0) + (before.rate ?? 0)) / 2;
  return unit === "percent" ? Math.sqrt(rate * (100 - rate) * (1 / now.weight + 1 / before.weight)) : 0;
};

/** Whether it changed by more than it does by itself. */
export function isNotable(told: RatioTold, history: readonly DayValue[], overview: Overview): boolean {
  const least = leastChange(history, { ...spellOf(overview), relative: false, floor: chanceIn(told) });
  return isMaterial(told) && Math.abs(changeIn(told)) > least;
}

const sizeText = (change: number, unit: Metric["unit"], before: number): string =>
  unit === "percent" ? pointsText(change) : percentText((100 * change) / before);

function mixText(told: RatioTold, cause: Cause, share: number) {
  const { metric, unit, of, now, before } = told;
  const [group] = cause.contributions;
  const change = changeIn(told);
  const left = change * (1 - share / 100);
  const part = (name: string, value: number) => reckoned(name, of, { value, text: percentText(value) });
  const figures = [
    reckoned("share", metric, { value: share, text: percentText(share) }),
    part("part_now", (100 * (group?.now ?? 0)) / now.weight),
    part("part_before", (100 * (group?.before ?? 0)) / before.weight),
    reckoned("unmixed", metric, { value: left, text: sizeText(left, unit, before.rate ?? 1) }),
  ] as const;
  const [told1, partNow, partBefore, unmixed] = figures;
  const named = groupText(cause.dimensions, cause.values);
  const text =
    `${told1.text} of the ${change > 0 ? "rise" : "fall"} is the mix of ${of}: ${named} makes up ${partNow.text} of them, ` +
    `from ${partBefore.text}. At the former mix it would have ${left > 0 ? "risen" : "fallen"} ${unmixed.text}.`;
  return { text, figures: [...figures] };
}

function rateText(told: RatioTold, cause: Cause, { overview, share }: { overview: Overview; share: number }) {
  const { metric, unit } = told;
  const filters = [...told.filters, ...groupFilters(cause.dimensions, cause.values)];
  const [askedNow, askedBefore] = inBoth(overview, { metrics: [metric], filters });
  const [group] = cause.contributions;
  const figures = [
    reckoned("share", metric, { value: share, text: percentText(share) }),
    figure("part_now", cause.rates?.now ?? null, { metric, unit, query: askedNow }),
    figure("part_before", cause.rates?.before ?? null, { metric, unit, query: askedBefore }),
  ] as const;
  const [part, now, before] = figures;
  const named = group ? groupText(cause.dimensions, cause.values) : "";
  const text = `${part.text} of the ${changeIn(told) > 0 ? "rise" : "fall"} is ${named}, where it went to ${now.text}, from ${before.text}.`;
  return { text, figures: [...figures] };
}

function causeText(told: RatioTold, cause: Cause, overview: Overview) {
  const { share } = cause;
  if (share === null) {
    return { text: "No one source, place or device stands out: it goes through all.", figures: [] };
  }
  return cause.how === "mix" ? mixText(told, cause, share) : rateText(told, cause, { overview, share });
}

interface Totals {
  now: MetricValue;
  before: MetricValue;
}

export function ratioInsight(told: RatioTold, cause: Cause, overview: Overview): Insight {
  const { kind, metric, label, unit, better, weight, filters, charted } = told;
  const change = changeIn(told);
  const totals: Totals = { now: told.now.rate, before: told.before.rate };
  const [askedNow, askedBefore] = inBoth(overview, { metrics: [metric], filters });
  const figures = [
    reckoned("change", metric, { value: change, text: sizeText(change, unit, told.before.rate ?? 1) }),
    figure("now", totals.now, { metric, unit, query: askedNow }),
    figure("before", totals.before, { metric, unit, query: askedBefore }),
  ] as const;
  const [size, now, before] = figures;
  const why = causeText(told, cause, overview);
  const largest = Math.max(told.now.rate ?? 0, told.before.rate ?? 0);
  return {
    kind,
    metric,
    text: `${label} ${change > 0 ? "rose" : "fell"} ${size.text} to ${now.text}, from ${before.text}. ${why.text}`,
    tone: toneOf(better, change > 0),
    matters: largest > 0 ? (weight * Math.abs(change)) / largest : 0,
    figures: [...figures, ...why.figures],
    cause,
    link: viewLink(overview, {
      ...(charted ? { metric } : {}),
      filters: [...filters, ...groupFilters(cause.dimensions, cause.values)],
    }),
  };
}
