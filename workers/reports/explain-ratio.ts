// Why a ratio changed: because groups with other ratios grew or shrank, or because one group's own ratio changed.
import { sum } from "simple-statistics";
import { type Effects, mixAndRate, type Rated } from "../stats/mix-and-rate.ts";
import { listed, NO_CAUSE } from "./contributions.ts";
import type { Cause, Contribution } from "./insight.ts";

export interface RatioGroup {
  values: string[];
  now: Rated;
  before: Rated;
}

export interface RatioGrouped {
  dimensions: string[];
  groups: readonly RatioGroup[];
}

export interface Ratio {
  now: Rated;
  before: Rated;
  /** Of what one visit adds to the ratio. */
  variance: number;
}

const CLEAR = 20;
const NARROWER = 1.1;
/** Percent of the change, from which the mix, or a group's own ratio, is named. */
const LEAST_MIX = 50;
const LEAST_RATE = 20;
/** Groups of less than this part of all are taken together: their ratios are chance. */
const LEAST_WEIGHT = 0.01;
/** Of the largest mix effect, from which on a group may be named for the mix; and how near two parts are alike. */
const LEAST_EFFECT = 0.25;
const ALIKE = 0.01;
/** A mix that changed within one group makes that group's ratio change too: the group must explain so much more to be named. */
const CLEARER_THAN_MIX = 25;

/** A ratio of what is left when the group is taken out. */
function without(whole: Rated, part: Rated): Rated {
  const weight = Math.max(0, whole.weight - part.weight);
  const left = whole.weight * (whole.rate ?? 0) - part.weight * (part.rate ?? 0);
  return { weight, rate: weight > 0 ? left / weight : null };
}

function together(parts: readonly Rated[]): Rated {
  const weight = sum(parts.map((one) => one.weight));
  const all = sum(parts.map((one) => one.weight * (one.rate ?? 0)));
  return { weight, rate: weight > 0 ? all / weight : null };
}

/** With small groups as one, without values, at the end. */
function withoutSmall({ dimensions, groups }: RatioGrouped): RatioGrouped {
  const total = sum(groups.map(({ now, before }) => now.weight + before.weight));
  const [large, small] = [true, false].map((wanted) =>
    groups.filter(({ now, before }) => now.weight + before.weight >= LEAST_WEIGHT * total === wanted),
  ) as [RatioGroup[], RatioGroup[]]; // one list for each of the two
  if (small.length === 0) return { dimensions, groups };
  const rest = {
    values: [],
    now: together(small.map(({ now }) => now)),
    before: together(small.map((one) => one.before)),
  };
  return { dimensions, groups: [...large, rest] };
}

function contributionsOf({ groups }: RatioGrouped, effects: readonly Effects[]): Contribution[] {
  return groups.map(({ values, now, before }, place) => {
    const { mix, rate } = effects[place]!;
    return { values, now: now.weight, before: before.weight, adds: mix + rate, mix, rate };
  });
}

/** Of the groups whose mix effects count, the one whose part of the whole changed most; of two alike the one that grew. */
function mostMoved(all: readonly Contribution[]): Contribution | undefined {
  const [sizeNow, sizeBefore] = [sum(all.map(({ now }) => now)), sum(all.map(({ before }) => before))];
  const grown = ({ now, before }: Contribution) => now / sizeNow - before / sizeBefore;
  const effect = ({ mix }: Contribution) => Math.abs(mix ?? 0);
  const named = all.filter(({ values }) => values.length > 0);
  const counting = named.filter((one) => effect(one) >= LEAST_EFFECT * Math.max(...named.map(effect)));
  const order = (one: Contribution) => Math.abs(grown(one)) * (1 + (grown(one) > 0 ? ALIKE : 0));
  return counting.toSorted((a, b) => order(b) - order(a))[0];
}

/** By one dimension. */
function mixCause(grouped: RatioGrouped, change: number): Cause | null {
  const folded = withoutSmall(grouped);
  const effects = mixAndRate(
    folded.groups.map(({ now }) => now),
    folded.groups.map(({ before }) => before),
  );
  const share = (100 * sum(effects.map(({ mix }) => mix))) / change;
  const all = contributionsOf(folded, effects);
  const moved = mostMoved(all);
  if (share < LEAST_MIX || !moved) return null;
  const { values } = moved;
  const { dimensions } = grouped;
  return { how: "mix", dimensions, values, share, rates: null, contributions: listed(all, values) };
}

interface Candidate {
  cause: Cause;
  clear: number;
}

/** Groups whose own ratio went another way than that of the rest. */
function rateCauses(grouped: RatioGrouped, { now, before, variance }: Ratio): Candidate[] {
  const change = (now.rate ?? 0) - (before.rate ?? 0);
  return grouped.groups.flatMap((group) => {
    const rest = [without(now, group.now), without(before, group.before)] as const;
    const sizes = [group.now.weight, group.before.weight, rest[0].weight, rest[1].weight];
    if (sizes.some((size) => size < 1)) return [];
    const parts = mixAndRate([group.now, rest[0]], [group.before, rest[1]]);
    const share = (100 * parts[0]!.rate) / change;
    const own = (group.now.rate ?? 0) - (group.before.rate ?? 0);
    const others = (rest[0].rate ?? 0) - (rest[1].rate ?? 0);
    const spread = variance * sum(sizes.map((size) => 1 / size));
    const clear = (own - others) ** 2 / spread;
    // The rest stands out from the group as much as the group from the rest: what goes further the way of the whole is meant.
    const isFurther = (own - others) * change > 0;
    if (!isFurther || share < LEAST_RATE || clear < CLEAR) return [];
    const effects = mixAndRate(
      grouped.groups.map((one) => one.now),
      grouped.groups.map((one) => one.before),
    );
    const { dimensions } = grouped;
    const { values } = group;
    const contributions = listed(contributionsOf(grouped, effects), values);
    const rates = { now: group.now.rate ?? 0, before: group.before.rate ?? 0 };
    return [{ cause: { how: "rate", dimensions, values, share, rates, contributions }, clear }];
  });
}

const weighed = ({ cause, clear }: Candidate) => clear / NARROWER ** (cause.dimensions.length - 1);

/** A change that the mix of one dimension makes is not also laid to a group within it. */
export function explainRatio(all: readonly RatioGrouped[], ratio: Ratio): Cause {
  const change = (ratio.now.rate ?? 0) - (ratio.before.rate ?? 0);
  const mixes = all.filter(({ dimensions }) => dimensions.length === 1).flatMap((one) => mixCause(one, change) ?? []);
  const rates = all.flatMap((grouped) => rateCauses(grouped, ratio)).toSorted((a, b) => weighed(b) - weighed(a));
  const [mix] = mixes.toSorted((a, b) => (b.share ?? 0) - (a.share ?? 0));
  const [rate] = rates;
  if (!mix || !rate) return mix ?? rate?.cause ?? NO_CAUSE;
  return (rate.cause.share ?? 0) > (mix.share ?? 0) + CLEARER_THAN_MIX ? rate.cause : mix;
}
