// How good a site's or an event's data is, 0 to 100, and what it lost points for.

import { ASPECTS, type Aspect, type QualityScore } from "../domain/quality.ts";

/** One thing that was looked at: how many times, how many of them were wrong, and how a reader is told. */
export interface Evidence {
  aspect: Aspect;
  checked: number;
  faulty: number;
  reason: string;
}

const aspectNames = Object.keys(ASPECTS) as Aspect[]; // the keys of a constant

/** Rounded down to a tenth, so that only what is without fault has 100. */
const points = (share: number): number => Math.floor(1000 * share + 1e-9) / 10;

/**
 * Each aspect is the product of the shares that were right of each thing looked at, so that two independent faults cost
 * more than one; the total is the geometric mean of the known aspects, so that one bad aspect is not hidden by four good ones.
 */
export function qualityScore(evidence: readonly Evidence[]): QualityScore {
  const counted = evidence.filter(({ checked }) => checked > 0);
  const shareOf = ({ checked, faulty }: Evidence) => 1 - Math.min(checked, Math.max(0, faulty)) / checked;
  const shares = aspectNames.map((aspect) => {
    const own = counted.filter((each) => each.aspect === aspect);
    return { aspect, share: own.length > 0 ? own.reduce((product, each) => product * shareOf(each), 1) : null };
  });
  const known = shares.flatMap(({ share }) => (share === null ? [] : [share]));
  const mean = known.reduce((product, share) => product * share, 1) ** (1 / known.length);
  const aspectPoints = (aspect: Aspect): number | null => {
    const share = shares.find((each) => each.aspect === aspect)?.share ?? null;
    return share === null ? null : points(share);
  };
  return {
    total: known.length > 0 ? points(mean) : null,
    aspects: {
      validity: aspectPoints("validity"),
      completeness: aspectPoints("completeness"),
      uniqueness: aspectPoints("uniqueness"),
      timeliness: aspectPoints("timeliness"),
      consistency: aspectPoints("consistency"),
    },
    reasons: counted
      .filter(({ faulty }) => faulty > 0)
      .map((each) => ({
        aspect: each.aspect,
        cost: Math.ceil(1000 * (1 - shareOf(each)) - 1e-9) / 10,
        reason: each.reason,
      }))
      .sort((a, b) => b.cost - a.cost),
  };
}
