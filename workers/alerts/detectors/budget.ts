import type { ConditionOf } from "../../domain/alert-condition.ts";
import { type Detector, type Looking, roundText, unknown } from "../detector.ts";
import { forecastOf } from "../forecast-of.ts";
import { amountOver, lastEnd } from "../series.ts";

const DAY_MS = 24 * 3600_000;
/** Before a tenth of the period is over a straight line says little. */
const ENOUGH = 0.1;

type Period = ConditionOf<"budget">["period"];

/** Of local time, in milliseconds of it. */
function periodOf(local: number, period: Period): { start: number; end: number } {
  const date = new Date(local);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (period === "month") return { start: Date.UTC(year, month, 1), end: Date.UTC(year, month + 1, 1) };
  const start = Date.UTC(year, month, period === "week" ? day - ((date.getUTCDay() + 6) % 7) : day);
  return { start, end: start + (period === "week" ? 7 : 1) * DAY_MS };
}

/** What will have come at the end: by the seasons where they are known, else in a straight line. Null while neither says. */
function projected(
  spent: number,
  { start, end, until }: { start: number; end: number; until: number },
  { series, offsetAt }: Looking,
): number | null {
  const expectedAt = forecastOf({ series, at: until, offsetAt });
  let sum = spent;
  for (let at = until; at < end; at += series.step) {
    const value = expectedAt(at);
    if (value === null) {
      const share = (until - start) / (end - start);
      return share >= ENOUGH ? spent / share : null;
    }
    sum += value;
  }
  return sum;
}

export const budget: Detector<ConditionOf<"budget">> = {
  label: "A budget",
  about:
    "Holds while what came since the day, week or month began, or what will have come at its end, is above a part of a limit.",
  evaluate(condition, looking) {
    const { series, name, at, offsetAt } = looking;
    const { limit, period, by, percent } = condition;
    const until = lastEnd(series, at);
    const toUtc = (local: number) => local - offsetAt(local - offsetAt(local));
    // An hour that ends with the period belongs to it.
    const local = periodOf(until - 1 + offsetAt(until - 1), period);
    const [start, end] = [toUtc(local.start), toUtc(local.end)];
    const spent = amountOver(series, start, until);
    if (spent === null) return unknown("not yet measured for so long");
    const value = by === "spent" ? spent : projected(spent, { start, end, until }, looking);
    if (value === null) return unknown("too early for a projection");
    const bound = (limit * percent) / 100;
    const isBad = value > bound;
    const what = by === "spent" ? "so far" : `at the end, ${roundText(spent)} so far`;
    const reason = `${roundText(value)} ${name} this ${period} ${what}, ${isBad ? "above" : "not above"} ${roundText(bound)}`;
    return { state: isBad ? "bad" : "well", value, expected: bound, reason };
  },
};
