// The metrics that the Overview shows, in order; what they are called and mean is the catalogue's to say.
import { type MetricName as CatalogMetric, metrics } from "../../workers/catalog/metrics/index.ts";

export const METRIC_NAMES = [
  "visitors",
  "visits",
  "pageviews",
  "views_per_visit",
  "bounce_rate",
  "visit_duration",
] as const satisfies readonly CatalogMetric[];

export type MetricName = (typeof METRIC_NAMES)[number];
export type MetricText = Pick<(typeof metrics)[CatalogMetric], "label" | "about" | "unit" | "better">;
/** What a figure must tell to be written: an amount's currency is the answer's to say, not the catalogue's. */
export type Written = Pick<MetricText, "unit"> & { currency?: string | undefined };

export const METRICS: Readonly<Record<MetricName, MetricText>> = metrics;

export function isMetricName(name: string): name is MetricName {
  return METRIC_NAMES.some((one) => one === name);
}
