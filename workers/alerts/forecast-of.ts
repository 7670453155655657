import { SeasonalForecast } from "../stats/seasonal-forecast.ts";
import type { Looking } from "./detector.ts";
import { firstMeasured, type Series } from "./series.ts";

/** Seasons are learned for so long before anything is foretold. */
const LEARNS_MS = 14 * 24 * 3600_000;

interface Learning {
  forecast: SeasonalForecast;
  /** Steps that it knows. */
  known: number;
}

/** Hours are judged in their order, so that each is learned once. */
const learned = new WeakMap<Series, Learning>();

/** What steps that begin at a moment will bring, by those that were over before `at`; null while too little is known. */
export function forecastOf({ series, at, offsetAt }: Pick<Looking, "series" | "at" | "offsetAt">) {
  const end = Math.floor((at - series.start) / series.step);
  const first = firstMeasured(series);
  const before = learned.get(series);
  const learning: Learning =
    before && before.known <= end
      ? before
      : { forecast: new SeasonalForecast({ intervalMs: series.step, offsetAt }), known: first };
  learned.set(series, learning);
  for (; learning.known < end; learning.known++) {
    const value = series.values[learning.known] ?? null;
    if (value !== null) learning.forecast.learn(series.start + learning.known * series.step, value);
  }
  const isKnown = (end - first) * series.step >= LEARNS_MS;
  return (moment: number): number | null => (isKnown ? learning.forecast.at(moment) : null);
}
