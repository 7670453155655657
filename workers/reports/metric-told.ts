// Metrics and their values as a report shows them.
import { type CustomMetric, customMetricNamed } from "../catalog/custom-metric.ts";
import { dimensionOf, dimensions } from "../catalog/dimensions/index.ts";
import type { Metric, Unit } from "../catalog/metric.ts";
import { isMetric, metrics } from "../catalog/metrics/index.ts";
import { packMetric } from "../catalog/packs/index.ts";
import { amountOf, type MetricValue } from "../domain/money.ts";
import type { Shown } from "../domain/report-document.ts";
import { askedMetric } from "../query/asked-metric.ts";
import { percentText, pointsText, valueText } from "./figure-text.ts";
import { toneOf } from "./told.ts";

export interface MetricTold {
  label: string;
  unit: Unit;
  better: Metric["better"];
}

export function metricTold(name: string, known: readonly CustomMetric[]): MetricTold {
  const found = isMetric(name) ? metrics[name] : (packMetric(name) ?? customMetricNamed(known, name));
  const { label = name, better = "neither" } = found ?? {};
  return { label, better, unit: askedMetric(name, known)?.unit ?? "count" };
}

export function shownValue(value: MetricValue | undefined, unit: Unit): Shown {
  return { value: amountOf(value), text: valueText(value ?? null, unit) };
}

export const shownText = (value: string): Shown => ({ value, text: value });
export const shownCount = (value: number | null): Shown => shownValue(value, "count");
export const NOTHING_SHOWN: Shown = { value: null, text: "–" };

const isNothing = (size: string | null): boolean => size === null || /^0 ?(%|points)$/.test(size);

/** `+12%`, `-1.4 points`; null where nothing can be said. */
export function changeText(change: number | null, unit: Unit): string | null {
  if (change === null) return null;
  const size = unit === "percent" ? pointsText(change) : percentText(change);
  if (isNothing(size)) return size;
  return `${change > 0 ? "+" : "-"}${size}`;
}

export function shownChange(change: number | null, unit: Unit): Shown {
  return { value: change, text: changeText(change, unit) ?? "–" };
}

/** What reads as no change is none. */
export const changeTone = (
  change: number | null,
  { unit, better }: Pick<MetricTold, "unit" | "better">,
): ReturnType<typeof toneOf> =>
  change === null || isNothing(changeText(change, unit)) ? "neither" : toneOf(better, change > 0);

export const dimensionLabel = (name: string): string => dimensionOf(name)?.label ?? name;

/** Countries by name; the value stays the code, by which filters go. */
export function shownDimension(name: string, value: string): Shown {
  const called = name === "visit:country" ? dimensions["visit:country_name"].called : undefined;
  return { value, text: called?.(value) ?? value };
}
