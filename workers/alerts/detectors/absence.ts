import type { ConditionOf } from "../../domain/alert-condition.ts";
import { amountText, type Detector, NO_DATA, unknown } from "../detector.ts";
import { amountOver, lastEnd, MINUTE_MS } from "../series.ts";

export const absence: Detector<ConditionOf<"absence">> = {
  label: "Nothing comes in",
  about: "Holds while the metric was zero for so long: a broken snippet, a site that is down.",
  evaluate(condition, { series, name, at, since }) {
    const until = lastEnd(series, at);
    const from = until - condition.minutes * MINUTE_MS;
    if (from < since) return unknown(NO_DATA);
    const value = amountOver(series, from, until);
    if (value === null) return unknown("not yet measured for so long");
    const reason = amountText(value, { ...condition, name });
    return { state: value === 0 ? "bad" : "well", value, expected: null, reason };
  },
};
