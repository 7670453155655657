import type { LiveMinute } from "../domain/live.ts";
import { MINUTE_MS, type Series, seriesOf } from "./series.ts";

/** The shards' strip of minutes as a series of each metric that it knows. */
export function stripSeries(
  minutes: readonly LiveMinute[],
  window: { start: number; until: number },
): (metric: string) => Series | null {
  const of = (count: (minute: LiveMinute) => number) =>
    seriesOf(
      minutes.map((minute) => [minute.start, count(minute)] as const),
      { ...window, step: MINUTE_MS },
    );
  const known = new Map([
    ["pageviews", of(({ pageviews }) => pageviews)],
    ["events", of(({ events }) => events)],
  ]);
  return (metric) => known.get(metric) ?? null;
}
