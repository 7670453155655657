// What a rule asks for that no series could tell.
import { MINUTE_METRICS, type NewAlertRule, stepOf } from "../domain/alert.ts";
import type { FieldError } from "../domain/errors.ts";

export function ruleErrors({ conditions }: Pick<NewAlertRule, "conditions">): FieldError[] {
  return conditions.flatMap((condition, index) => {
    if (!("minutes" in condition) || stepOf(condition) === "minute") return [];
    const path = `conditions.${index}.minutes`;
    if (!MINUTE_METRICS.includes(condition.metric) && condition.minutes !== 60) {
      return [{ path, message: `${condition.metric} is known by the hour, not by the minute: use 60` }];
    }
    return condition.minutes % 60 === 0
      ? []
      : [{ path, message: "a week ago is known by the hour: use 60, 120 or so" }];
  });
}
