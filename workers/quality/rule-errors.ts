import { RE2JS } from "re2js";
import type { FieldError } from "../domain/errors.ts";
import type { QualityRule } from "../domain/quality-rule.ts";

/** What a rule's schema cannot tell: whether its pattern is one. */
export function ruleErrors(rule: QualityRule): FieldError[] {
  if (rule.on !== "events" || rule.condition.kind !== "pattern") return [];
  try {
    RE2JS.compile(rule.condition.pattern);
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ path: "condition.pattern", message: `use a pattern of RE2, without look-around: ${why}` }];
  }
}
