// How the dashboard names and colours the metrics it shows: label, unit, and which direction is better.

export interface MetricText {
  label: string;
  unit: "count" | "ratio" | "percent" | "seconds";
  better: "up" | "down";
}

export const METRICS = {
  visitors: { label: "Visitors", unit: "count", better: "up" },
  visits: { label: "Visits", unit: "count", better: "up" },
  pageviews: { label: "Page views", unit: "count", better: "up" },
  views_per_visit: { label: "Views per visit", unit: "ratio", better: "up" },
  bounce_rate: { label: "Bounce rate", unit: "percent", better: "down" },
  visit_duration: { label: "Visit duration", unit: "seconds", better: "up" },
} as const satisfies Record<string, MetricText>;

export type MetricName = keyof typeof METRICS;

export const METRIC_NAMES: readonly MetricName[] = [
  "visitors",
  "visits",
  "pageviews",
  "views_per_visit",
  "bounce_rate",
  "visit_duration",
];

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}
