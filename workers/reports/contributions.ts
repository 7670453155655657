import type { Cause, Contribution } from "./insight.ts";

const MOST_LISTED = 5;

/** The group that is named, then those that add most; small groups taken together are not listed. */
export function listed(all: readonly Contribution[], named: readonly string[]): Contribution[] {
  const isNamed = ({ values }: Contribution) => values.join("\n") === named.join("\n");
  const others = all
    .filter((one) => one.values.length > 0 && !isNamed(one))
    .toSorted((a, b) => Math.abs(b.adds) - Math.abs(a.adds));
  return [...all.filter(isNamed), ...others].slice(0, MOST_LISTED);
}

export const NO_CAUSE: Cause = {
  how: "all",
  dimensions: [],
  values: [],
  share: null,
  rates: null,
  contributions: [],
};
