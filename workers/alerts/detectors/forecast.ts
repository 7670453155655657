import type { ConditionOf } from "../../domain/alert-condition.ts";
import { type Detector, roundText, unknown } from "../detector.ts";
import { forecastOf } from "../forecast-of.ts";
import { HOUR_MS, lastEnd } from "../series.ts";

export const forecast: Detector<ConditionOf<"forecast">> = {
  label: "A forecast beyond a value",
  about:
    "Holds while some hour ahead is expected beyond a value, by the hours, days and weeks before. Silent for two weeks.",
  evaluate({ hours, is, value: bound }, { series, name, at, offsetAt }) {
    const until = lastEnd(series, at);
    const expectedAt = forecastOf({ series, at: until, offsetAt });
    const ahead = Array.from({ length: hours }, (_, hour) => expectedAt(until + hour * HOUR_MS));
    const known = ahead.filter((value) => value !== null);
    if (known.length === 0) return unknown("not yet measured for so long");
    const value = is === "above" ? Math.max(...known) : Math.min(...known);
    const isBad = is === "above" ? value > bound : value < bound;
    const first = ahead.findIndex((one) => one !== null && (is === "above" ? one > bound : one < bound));
    const where = isBad ? `, ${is} ${roundText(bound)} in ${first + 1} h` : `, not ${is} ${roundText(bound)}`;
    const reason = `${roundText(value)} ${name} expected in an hour of the next ${hours}${where}`;
    return { state: isBad ? "bad" : "well", value, expected: bound, reason };
  },
};
