// Metrics hour by hour up to the last full one, as a question and as series of its answer.
import type { CustomMetric } from "../catalog/custom-metric.ts";
import { bucketsOf, localDate, startOfDate } from "../domain/buckets.ts";
import { amountOf } from "../domain/money.ts";
import type { Filter, Query, QueryResult } from "../domain/query.ts";
import type { Site } from "../domain/site.ts";
import { askedMetric } from "./asked-metric.ts";

const HOUR_MS = 3600_000;
/** Of an answer. */
export const MOST_ROWS = 10_000;

interface Asking {
  site: Pick<Site, "id" | "timeZone">;
  now: number;
  /** Local days before today. */
  days: number;
}

const firstDate = ({ site, now, days }: Asking) => localDate(now, site.timeZone).subtract({ days });

export interface Narrowing {
  filters?: readonly Filter[];
  /** By this too, of these values alone. */
  by?: { dimension: string; values: string[] } | null;
}

export function hourlyQuestion(metrics: string[], asking: Asking, { filters = [], by = null }: Narrowing = {}): Query {
  const { site, now } = asking;
  return {
    site_id: site.id,
    metrics,
    date_range: [firstDate(asking).toString(), localDate(now, site.timeZone).toString()],
    dimensions: ["time:hour", ...(by ? [by.dimension] : [])],
    filters: [...filters, ...(by ? [["is", by.dimension, by.values] satisfies Filter] : [])],
    include: {},
    pagination: { limit: MOST_ROWS, offset: 0 },
  };
}

export interface HourlySeries {
  start: number;
  step: number;
  values: (number | null)[];
}

/** By metric. Where nothing happened counts are zero, and all else is unknown. */
export function hourlySeries(
  { results }: Pick<QueryResult, "results">,
  { metrics, known, ...asking }: Asking & { metrics: readonly string[]; known: readonly CustomMetric[] },
): Map<string, HourlySeries> {
  const { site, now } = asking;
  const rows = new Map(results.map((row) => [row.dimensions[0] ?? "", row.metrics]));
  const hours = bucketsOf(startOfDate(firstDate(asking), site.timeZone), now, "hour", site.timeZone);
  const over = hours.filter(({ start }) => start + HOUR_MS <= now);
  return new Map(
    metrics.map((name, index) => {
      const empty = askedMetric(name, known)?.unit === "count" ? 0 : null;
      const values = over.map(({ label }) => {
        const row = rows.get(label);
        return row ? amountOf(row[index]) : empty;
      });
      return [name, { start: over[0]?.start ?? now, step: HOUR_MS, values }];
    }),
  );
}
