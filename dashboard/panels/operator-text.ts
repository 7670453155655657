import type { ViewOperator } from "../state/view.ts";

export const OPERATOR_TEXT: Record<ViewOperator, string> = {
  is: "is",
  is_not: "is not",
  contains: "contains",
  contains_not: "does not contain",
  matches: "matches the pattern",
  matches_not: "does not match",
  matches_wildcard: "is like",
  matches_wildcard_not: "is not like",
  has_done: "was in the visit",
  has_not_done: "was not in the visit",
  done_ever: "was ever done",
  done_never: "was never done",
};
