// What a rule's conditions say of a minute.
import type { AlertCondition, NewAlertRule } from "../domain/alert.ts";
import { stepOf } from "../domain/alert.ts";
import type { Detector, Evaluation } from "./detector.ts";
import { detectors } from "./detectors/index.ts";
import { HOUR_MS, MINUTE_MS, type Series } from "./series.ts";

/** Hours are looked at so long after their end, when what came late has mostly come. */
export const HOUR_SETTLES_MS = 5 * MINUTE_MS;

/** Whether an hour is looked at within these minutes. */
export const needsHours = ({ after, through }: { after: number; through: number }): boolean =>
  Math.floor((through - HOUR_SETTLES_MS) / HOUR_MS) > Math.floor((after - HOUR_SETTLES_MS) / HOUR_MS);

export interface Facts {
  /** The metric's series at the step that the condition needs; null where it is not at hand. */
  seriesFor(condition: AlertCondition): Series | null;
  offsetAt(at: number): number;
  /** Days known to be unlike others. */
  isExceptional(at: number): boolean;
}

export interface Judgement {
  holds: boolean;
  /** By condition. */
  bad: boolean[];
  value: number | null;
  expected: number | null;
  reason: string;
}

const STAYS: Evaluation = { state: "unknown", value: null, expected: null, reason: "" };

function evaluate(
  condition: AlertCondition,
  facts: Facts,
  { at, wasBad }: { at: number; wasBad: boolean },
): Evaluation {
  const isHourly = stepOf(condition) === "hour";
  // An hour's word holds until the next.
  if (isHourly && at % HOUR_MS !== HOUR_SETTLES_MS) return STAYS;
  const series = facts.seriesFor(condition);
  if (!series) return STAYS;
  // The registry's type says that each detector stands at its own kind.
  const detector = detectors[condition.kind] as Detector<AlertCondition>;
  return detector.evaluate(condition, {
    series,
    at,
    wasBad,
    offsetAt: facts.offsetAt,
    isExceptional: facts.isExceptional,
  });
}

/** `at`: the end of the minute, milliseconds; `before`: what its conditions were found to be the last time. */
export function judge(
  rule: NewAlertRule,
  facts: Facts,
  { at, before }: { at: number; before: readonly boolean[] },
): Judgement {
  const found = rule.conditions.map((condition, index) =>
    evaluate(condition, facts, { at, wasBad: before[index] ?? false }),
  );
  const bad = found.map(({ state }, index) => (state === "unknown" ? (before[index] ?? false) : state === "bad"));
  const holds = rule.match === "all" ? bad.every(Boolean) : bad.some(Boolean);
  const told = found.filter(({ reason }, index) => reason !== "" && (!holds || bad[index]));
  const { value = null, expected = null } = told[0] ?? {};
  return { holds, bad, value, expected, reason: told.map(({ reason }) => reason).join(" · ") };
}
