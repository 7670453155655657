import type { ConditionOf } from "../../domain/alert-condition.ts";
import { amountText, type Detector, roundText, unknown } from "../detector.ts";
import { amountOver, lastEnd, MINUTE_MS } from "../series.ts";

export const threshold: Detector<ConditionOf<"threshold">> = {
  label: "Above or below a value",
  about: "Holds while the metric is beyond a value, and once it holds until the value to clear at is reached.",
  evaluate(condition, { series, name, at, wasBad }) {
    const until = lastEnd(series, at);
    const value = amountOver(series, until - condition.minutes * MINUTE_MS, until);
    if (value === null) return unknown("not yet measured for so long");
    const bound = wasBad ? (condition.clear ?? condition.value) : condition.value;
    const isBad = condition.is === "above" ? value > bound : value < bound;
    const reason = `${amountText(value, { ...condition, name })}, ${isBad ? condition.is : `no longer ${condition.is}`} ${roundText(bound)}`;
    return { state: isBad ? "bad" : "well", value, expected: bound, reason };
  },
};
