// What the engine counts for each group. Every measure is a sum over visitors, so shards merge by addition.

export const EVENT_MEASURES = ["visitors", "pageviews", "events", "payments"] as const;
export const SESSION_MEASURES = ["visits", "bounces", "duration", "visitPageviews"] as const;
export const ENGAGEMENT_MEASURES = ["engagement", "engagedVisits", "scrollDepth", "scrolledVisitors"] as const;

/**
 * visitors: distinct, with an event in the period · pageviews · events: all but `engagement` · payments: events with revenue ·
 * visits: sessions begun in the period · bounces: those with exactly one page view · duration: their milliseconds ·
 * visitPageviews: their page views · engagement: milliseconds of attention · engagedVisits: sessions that reported any ·
 * scrollDepth: each visitor's deepest point, hundredths of a percent, summed · scrolledVisitors: visitors with such a point ·
 * revenue: by currency, in ten-thousandths, since sums of fractions would depend on their order.
 */
export const MEASURES = [...EVENT_MEASURES, ...SESSION_MEASURES, ...ENGAGEMENT_MEASURES, "revenue"] as const;

export type Measure = (typeof MEASURES)[number];
export type CountMeasure = Exclude<Measure, "revenue">;

export const REVENUE_SCALE = 10_000;
export const SCROLL_SCALE = 100;

/** The measures of one group; those not asked for are zero. */
export type Measures = Record<CountMeasure, number> & { revenue: Record<string, number> };

const ZERO = Object.fromEntries(MEASURES.map((measure) => [measure, 0])) as Record<CountMeasure, number>; // keys are MEASURES

export function noMeasures(): Measures {
  return { ...ZERO, revenue: {} };
}
