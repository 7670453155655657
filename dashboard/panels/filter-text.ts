// A filter of the API in words; one that is nested stands as it is written, since it was written by hand.
import type { Filter } from "../../workers/domain/query.ts";
import { dimensionLabel, valueText } from "../state/dimensions.ts";
import { FILTER_OPERATORS } from "../state/view.ts";
import { OPERATOR_TEXT } from "./operator-text.ts";

export function filterText(filter: Filter): string {
  const [first, dimension, values] = filter;
  const operator = FILTER_OPERATORS.find((one) => one === first);
  if (!operator || typeof dimension !== "string" || !Array.isArray(values)) return JSON.stringify(filter);
  const named = values.map((value) => valueText(dimension, String(value)));
  return `${dimensionLabel(dimension)} ${OPERATOR_TEXT[operator]} ${named.join(" or ")}`;
}
