import { localOffset } from "../domain/local-offset.ts";
import { median } from "../stats/median.ts";
import { DAY_MS, HOUR_MS, type HourCount } from "./stream-finding.ts";

const WEEKS = 4;
const DAYS = 7;
const LEAST = 2;

/** An hour with this share of what is usual is silent. */
export const STILL = 0.02;

/** Counts by hour, hours without events included. */
export type Hours = ReadonlyMap<number, number>;

/** What the checks look back on. */
export interface Memory {
  hours: Hours;
  /** The same time by the site's clock so many days before: people keep to it, whatever is done to it. */
  before: (at: number, days: number) => number;
}

export function memoryOf(hours: Hours, timeZone: string): Memory {
  const offsetAt = localOffset(timeZone);
  return {
    hours,
    before(at, days) {
      const then = at - days * DAY_MS;
      return then + HOUR_MS * Math.round((offsetAt(at) - offsetAt(then)) / HOUR_MS);
    },
  };
}

export function hoursOf(counts: readonly HourCount[]): Hours {
  return new Map(counts.map(({ at, count }) => [at, count]));
}

/** What an hour should bring: the median of the same hour of four weeks, else of seven days; null without two of them. */
export function usualHour({ hours, before }: Memory, at: number): number | null {
  for (const [period, times] of [
    [7, WEEKS],
    [1, DAYS],
  ] as const) {
    const same = Array.from({ length: times }, (_, back) => hours.get(before(at, (back + 1) * period)));
    const known = same.filter((count) => count !== undefined);
    if (known.length >= LEAST) return median(known);
  }
  return null;
}

/** Events of the `length` hours that end with `end`; null where one of them is unknown. */
export function hoursTotal(hours: Hours, end: number, length: number): number | null {
  let total = 0;
  for (let at = end - length * HOUR_MS; at < end; at += HOUR_MS) {
    const count = hours.get(at);
    if (count === undefined) return null;
    total += count;
  }
  return total;
}
