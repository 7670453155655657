import type { ConditionOf } from "../../domain/alert-condition.ts";
import { amountText, type Detector, NO_DATA, roundText, unknown } from "../detector.ts";
import { amountOver, lastEnd, MINUTE_MS } from "../series.ts";

/** What is said of a value is said of the rule's own, be it already on its way back. */
function saidOf(
  { is, value: bound, clear }: ConditionOf<"threshold">,
  { isBad, isBeyond }: Record<"isBad" | "isBeyond", boolean>,
) {
  if (!isBad) return `no longer ${is} ${roundText(bound)}`;
  return isBeyond
    ? `${is} ${roundText(bound)}`
    : `was ${is} ${roundText(bound)}, and is not back to ${roundText(clear ?? bound)}`;
}

export const threshold: Detector<ConditionOf<"threshold">> = {
  label: "Above or below a value",
  about: "Holds while the metric is beyond a value, and once it holds until the value to clear at is reached.",
  evaluate(condition, { series, name, at, wasBad, since }) {
    const until = lastEnd(series, at);
    const from = until - condition.minutes * MINUTE_MS;
    if (condition.is === "below" && from < since) return unknown(NO_DATA);
    const value = amountOver(series, from, until);
    if (value === null) return unknown("not yet measured for so long");
    const isPast = (bound: number) => (condition.is === "above" ? value > bound : value < bound);
    const isBeyond = isPast(condition.value);
    const isBad = isBeyond || (wasBad && isPast(condition.clear ?? condition.value));
    const reason = `${amountText(value, { ...condition, name })}, ${saidOf(condition, { isBad, isBeyond })}`;
    return { state: isBad ? "bad" : "well", value, expected: condition.value, reason };
  },
};
