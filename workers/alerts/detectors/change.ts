import type { ConditionOf } from "../../domain/alert.ts";
import { amountText, type Detector, roundText, unknown } from "../detector.ts";
import { HOUR_MS, lastEnd, MINUTE_MS, sumOver } from "../series.ts";

const WEEK_MS = 7 * 24 * HOUR_MS;
const THEN = { before: "the time before", week: "a week ago" } as const;

export const change: Detector<ConditionOf<"change">> = {
  label: "A change",
  about:
    "Holds while the metric differs by so many percent from the time just before, or from the same time a week ago.",
  evaluate(condition, { series, at, offsetAt }) {
    const until = lastEnd(series, at);
    const length = condition.minutes * MINUTE_MS;
    // A week of local time: an hour more or less where the clocks were changed.
    const back = condition.against === "before" ? length : WEEK_MS + offsetAt(until) - offsetAt(until - WEEK_MS);
    const value = sumOver(series, until - length, until);
    const before = sumOver(series, until - back - length, until - back);
    if (value === null || before === null) return unknown("not yet measured for so long");
    if (Math.max(value, before) < condition.least || before === 0) {
      const state = before === 0 && value >= condition.least && condition.by !== "less" ? "bad" : "well";
      const reason = `${amountText(value, condition)}, ${roundText(before)} ${THEN[condition.against]}`;
      return { state, value, expected: before, reason };
    }
    const percent = ((value - before) / before) * 100;
    const isBad =
      (condition.by !== "less" && percent >= condition.percent) ||
      (condition.by !== "more" && percent <= -condition.percent);
    const sign = percent > 0 ? "+" : "";
    const reason = `${amountText(value, condition)}, ${sign}${roundText(percent)} % against ${roundText(before)} ${THEN[condition.against]}`;
    return { state: isBad ? "bad" : "well", value, expected: before, reason };
  },
};
