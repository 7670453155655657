// What the engine counts for each group. Every measure is a sum over visitors, so shards merge by addition.

export const EVENT_MEASURES = ["visitors", "pageviews", "events", "payments"] as const;
export const SESSION_MEASURES = ["visits", "bounces", "duration", "visitPageviews"] as const;
export const ENGAGEMENT_MEASURES = ["engagement", "engagedVisits", "scrollDepth", "scrolledVisitors"] as const;

export const MEASURES = [...EVENT_MEASURES, ...SESSION_MEASURES, ...ENGAGEMENT_MEASURES, "revenue"] as const;

export type Measure = (typeof MEASURES)[number];
export type CountMeasure = Exclude<Measure, "revenue">;

/** What each counts, for people, and in what. */
export const MEASURE_TEXTS: Readonly<Record<Measure, { about: string; unit: string }>> = {
  visitors: { about: "Distinct visitors with an event in the period.", unit: "count" },
  pageviews: { about: "Page views.", unit: "count" },
  events: { about: "Events of every name but engagement.", unit: "count" },
  payments: { about: "Events with revenue.", unit: "count" },
  visits: { about: "Sessions begun in the period.", unit: "count" },
  bounces: { about: "Those of them with exactly one page view.", unit: "count" },
  duration: { about: "Their length, summed.", unit: "milliseconds" },
  visitPageviews: { about: "Their page views.", unit: "count" },
  engagement: { about: "Attention, summed.", unit: "milliseconds" },
  engagedVisits: { about: "Sessions that reported any attention.", unit: "count" },
  scrollDepth: { about: "Each visitor's deepest point, summed.", unit: "hundredths of a percent" },
  scrolledVisitors: { about: "Visitors with such a point.", unit: "count" },
  // Sums of fractions would depend on their order.
  revenue: { about: "Amounts by currency.", unit: "ten-thousandths of the currency" },
};

export const REVENUE_SCALE = 10_000;
export const SCROLL_SCALE = 100;

/** The measures of one group; those not asked for are zero. */
export type Measures = Record<CountMeasure, number> & { revenue: Record<string, number> };

const ZERO = Object.fromEntries(MEASURES.map((measure) => [measure, 0])) as Record<CountMeasure, number>; // keys are MEASURES

export function noMeasures(): Measures {
  return { ...ZERO, revenue: {} };
}
