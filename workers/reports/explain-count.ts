// Which group of visits a count's change comes from: the one whose going its own way, while all the rest go alike, tells most.
import { gStatistic } from "../stats/g-statistic.ts";
import { listed, NO_CAUSE } from "./contributions.ts";
import type { Cause, Contribution } from "./insight.ts";

export interface Counts {
  now: number;
  before: number;
}

export interface Group extends Counts {
  values: string[];
}

export interface Grouped {
  dimensions: string[];
  groups: readonly Group[];
}

/** Below this it is chance among some hundred groups (χ² with one degree of freedom: 1 in 100,000). */
const CLEAR = 20;
/** A narrower group must tell so much more than one dimension alone. */
const NARROWER = 1.1;
/** Percent of the change, of a group that is named. */
const LEAST_SHARE = 20;

interface Candidate {
  cause: Cause;
  clear: number;
}

const shareOf = ({ now, before }: Counts, whole: Counts): number => (100 * (now - before)) / (whole.now - whole.before);

const contributionsOf = ({ groups }: Grouped): Contribution[] =>
  groups.map(({ values, now, before }) => ({ values, now, before, adds: now - before, mix: null, rate: null }));

function candidates(grouped: Grouped, whole: Counts, dispersion: number): Candidate[] {
  return grouped.groups.flatMap((group) => {
    const share = shareOf(group, whole);
    if (share < LEAST_SHARE) return [];
    const rest = [Math.max(0, whole.now - group.now), Math.max(0, whole.before - group.before)] as const;
    // The rest stands out from the group as much as the group from the rest: what goes further the way of the whole is meant.
    const isFurther = (group.now * rest[1] - rest[0] * group.before) * (whole.now - whole.before) > 0;
    const clear = gStatistic([[group.now, group.before], rest]) / dispersion;
    if (!isFurther || clear < CLEAR) return [];
    const { dimensions } = grouped;
    const { values } = group;
    const contributions = listed(contributionsOf(grouped), values);
    return [{ cause: { how: "part", dimensions, values, share, rates: null, contributions }, clear }];
  });
}

/** `dispersion`: variance over mean of the count. */
export function explainCount(all: readonly Grouped[], whole: Counts, dispersion: number): Cause {
  const found = all.flatMap((grouped) => candidates(grouped, whole, dispersion));
  const weighed = ({ cause, clear }: Candidate) => clear / NARROWER ** (cause.dimensions.length - 1);
  const [best] = found.toSorted((a, b) => weighed(b) - weighed(a));
  return best?.cause ?? NO_CAUSE;
}
