// What several kinds of insight say alike.
import type { Metric } from "../catalog/metric.ts";
import type { Insight, Looking } from "./insight.ts";
import type { Spell } from "./noise.ts";
import { daysOf } from "./overview.ts";

const DAY_MS = 86_400_000;

export function toneOf(better: Metric["better"], isRise: boolean): Insight["tone"] {
  if (better === "neither") return "neither";
  return (better === "higher") === isRise ? "better" : "worse";
}

/** How long the periods are, and how far apart. */
export function spellOf(looking: Looking): Spell {
  const { period, comparison } = looking.span;
  return { days: daysOf(looking), lag: (period.from - comparison.from) / DAY_MS };
}
