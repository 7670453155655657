// One filter condition as a test of one value.

import { RE2JS } from "re2js";
import { matchesWildcard } from "../domain/goal.ts";
import type { FilterOperator } from "../domain/query.ts";

export interface Condition {
  operator: FilterOperator;
  clauses: readonly string[];
  caseSensitive: boolean;
  /** Accepted for the empty value. */
  empty: string;
}

/** Why a pattern cannot be used, or null. Patterns are RE2: they run in linear time, without look-around and back-references. */
export function patternProblem(pattern: string): string | null {
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function anyPattern(clauses: readonly string[], caseSensitive: boolean): (value: string) => boolean {
  const patterns = clauses.map((clause) => RE2JS.compile(clause, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE));
  return (value) => patterns.some((pattern) => pattern.test(value));
}

function positive({ operator, clauses, caseSensitive, empty }: Condition): (value: string) => boolean {
  if (operator === "matches" || operator === "matches_not") return anyPattern(clauses, caseSensitive);
  const fold = (text: string) => (caseSensitive ? text : text.toLowerCase());
  const folded = clauses.map(fold);
  if (operator === "matches_wildcard" || operator === "matches_wildcard_not") {
    return (value) => folded.some((clause) => matchesWildcard(clause, fold(value)));
  }
  if (operator === "contains" || operator === "contains_not") {
    return (value) => folded.some((clause) => fold(value).includes(clause));
  }
  const wanted = new Set(folded);
  const wantsEmpty = wanted.has("") || wanted.has(fold(empty));
  return (value) => (value === "" ? wantsEmpty : wanted.has(fold(value)));
}

/** An operator holds when it does for any clause; its negation when it does for none. */
export function valueTest(condition: Condition): (value: string) => boolean {
  const holds = positive(condition);
  return condition.operator.endsWith("_not") ? (value) => !holds(value) : holds;
}
