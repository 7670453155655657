// A figure held against another: the gap, and by rule what to do about it.
import type { Shown } from "../domain/report-document.ts";
import { changeOf } from "../query/format.ts";
import { type MetricTold, shownChange } from "./metric-told.ts";

export interface Held {
  kind: "own" | "site" | "imported";
  /** What it is held against, in words. */
  against: string;
  value: number;
}

/** Percent, and points of a percentage: what is nearer is alike. */
const ALIKE = { percent: 10, points: 2 };

const WORSE: Readonly<Record<Held["kind"], string>> = {
  own: "Worse than usual: see among the insights which source, place or device it comes from.",
  site: "Behind the other site: compare channels and entry pages, and try there what works here.",
  imported: "Behind the figure: make a KPI with it as target, and see which channels and pages are furthest off.",
};
const BETTER: Readonly<Record<Held["kind"], string>> = {
  own: "Better than usual: find out what was done, and keep it.",
  site: "Ahead of the other site: take there what works here.",
  imported: "Ahead of the figure: hold it, and aim at a higher target.",
};

/** The gap is as changes are: percent of the other figure, of percentages points. */
export function heldAgainst(value: number, { kind, value: other }: Held, { unit, better }: Omit<MetricTold, "label">) {
  const gap = changeOf(unit, value, other);
  const told: { gap: Shown; advice: string } = { gap: shownChange(gap, unit), advice: "" };
  if (gap === null) return { ...told, advice: "Nothing to reckon a gap from." };
  if (Math.abs(gap) <= (unit === "percent" ? ALIKE.points : ALIKE.percent))
    return { ...told, advice: "In line: nothing to do." };
  if (better === "neither") return { ...told, advice: "Different; whether that is good depends on the aim." };
  const isBetter = (better === "higher") === gap > 0;
  return { ...told, advice: isBetter ? BETTER[kind] : WORSE[kind] };
}
