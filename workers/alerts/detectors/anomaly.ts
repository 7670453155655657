import type { ConditionOf } from "../../domain/alert-condition.ts";
import { detectAnomalies, type JudgedPoint } from "../../stats/detect-anomalies.ts";
import { amountText, type Detector, type Looking, roundText, unknown } from "../detector.ts";
import { firstMeasured, lastEnd, type Series } from "../series.ts";

/** Scores from which a point is out of the ordinary. */
const SCORES = { low: 0.7, medium: 0.5, high: 0.3 } as const;
/** A first weekend looks like a fall. */
const QUIET_MS = 14 * 24 * 3600_000;
const UP = ["spike", "run_above"];

/** A point is judged by those before it alone, so one pass tells of every hour. */
const judged = new WeakMap<Series, Map<number, JudgedPoint[]>>();

type Days = Pick<Looking, "offsetAt" | "isExceptional">;

function judgedPoints(series: Series, threshold: number, days: Days): JudgedPoint[] {
  const known = judged.get(series) ?? new Map<number, JudgedPoint[]>();
  judged.set(series, known);
  const held = known.get(threshold);
  if (held) return held;
  const first = firstMeasured(series);
  const points = series.values.map((value, index) => ({
    at: series.start + index * series.step,
    // Nothing is to be learned of the time before there was anything.
    value: index < first ? null : value,
  }));
  const all = detectAnomalies(points, { threshold, ...days, intervalMs: series.step });
  known.set(threshold, all);
  return all;
}

export const anomaly: Detector<ConditionOf<"anomaly">> = {
  label: "Out of the ordinary",
  about:
    "Holds while the last full hour is not what the hours, days and weeks before let expect. Silent for two weeks.",
  evaluate(condition, { series, name, at, offsetAt, isExceptional }) {
    const threshold = SCORES[condition.sensitivity];
    const end = Math.round((lastEnd(series, at) - series.start) / series.step);
    const last = end > 0 ? judgedPoints(series, threshold, { offsetAt, isExceptional })[end - 1] : undefined;
    if (!last || last.value === null) return unknown("not yet measured for so long");
    const isUp = last.reason !== null && UP.includes(last.reason);
    const isWanted = condition.by === "either" || (condition.by === "more") === isUp;
    const isBad = (end - firstMeasured(series)) * series.step > QUIET_MS && last.score >= threshold && isWanted;
    const reason = `${amountText(last.value, { name, minutes: series.step / 60_000 })}, about ${roundText(last.expected ?? 0)} expected`;
    return { state: isBad ? "bad" : "well", value: last.value, expected: last.expected, reason };
  },
};
