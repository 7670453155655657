import type { Metric } from "../metric.ts";
import { averageRevenue } from "./average-revenue.ts";
import { bounceRate } from "./bounce-rate.ts";
import { bounces } from "./bounces.ts";
import { conversionRate } from "./conversion-rate.ts";
import { events } from "./events.ts";
import { groupConversionRate } from "./group-conversion-rate.ts";
import { pageviews } from "./pageviews.ts";
import { percentage } from "./percentage.ts";
import { scrollDepth } from "./scroll-depth.ts";
import { timeOnPage } from "./time-on-page.ts";
import { totalRevenue } from "./total-revenue.ts";
import { viewsPerVisit } from "./views-per-visit.ts";
import { visitDuration } from "./visit-duration.ts";
import { visitors } from "./visitors.ts";
import { visits } from "./visits.ts";

export const metrics = {
  visitors,
  visits,
  pageviews,
  events,
  views_per_visit: viewsPerVisit,
  bounces,
  bounce_rate: bounceRate,
  visit_duration: visitDuration,
  percentage,
  conversion_rate: conversionRate,
  group_conversion_rate: groupConversionRate,
  time_on_page: timeOnPage,
  scroll_depth: scrollDepth,
  total_revenue: totalRevenue,
  average_revenue: averageRevenue,
} satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

export function isMetric(name: string): name is MetricName {
  return Object.hasOwn(metrics, name);
}
