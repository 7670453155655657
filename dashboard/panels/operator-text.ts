import type { ViewOperator } from "../state/view.ts";

export const OPERATOR_TEXT: Record<ViewOperator, string> = {
  is: "is",
  is_not: "is not",
  contains: "contains",
  contains_not: "does not contain",
};
