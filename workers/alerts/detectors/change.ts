import type { ConditionOf } from "../../domain/alert-condition.ts";
import { amountText, type Detector, roundText, unknown } from "../detector.ts";
import { amountOver, HOUR_MS, lastEnd, MINUTE_MS } from "../series.ts";

const WEEK_MS = 7 * 24 * HOUR_MS;
const THEN = { before: "the time before", week: "a week ago" } as const;

export const change: Detector<ConditionOf<"change">> = {
  label: "A change",
  about:
    "Holds while the metric differs by so many percent from the time just before, or from the same time a week ago.",
  evaluate(condition, { series, name, at, offsetAt }) {
    const until = lastEnd(series, at);
    const length = condition.minutes * MINUTE_MS;
    // A week of local time: an hour more or less where the clocks were changed.
    const back = condition.against === "before" ? length : WEEK_MS + offsetAt(until) - offsetAt(until - WEEK_MS);
    const value = amountOver(series, until - length, until);
    const before = amountOver(series, until - back - length, until - back);
    if (value === null || before === null) return unknown("not yet measured for so long");
    const amount = amountText(value, { ...condition, name });
    if (Math.max(value, before) < condition.least || before === 0) {
      const state = before === 0 && value >= condition.least && condition.by !== "less" ? "bad" : "well";
      const reason = `${amount}, ${roundText(before)} ${THEN[condition.against]}`;
      return { state, value, expected: before, reason };
    }
    const percent = ((value - before) / before) * 100;
    const isBad =
      (condition.by !== "less" && percent >= condition.percent) ||
      (condition.by !== "more" && percent <= -condition.percent);
    const sign = percent > 0 ? "+" : "";
    const reason = `${amount}, ${sign}${roundText(percent)} % against ${roundText(before)} ${THEN[condition.against]}`;
    return { state: isBad ? "bad" : "well", value, expected: before, reason };
  },
};
