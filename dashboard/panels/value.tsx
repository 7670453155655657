import { DIMENSIONS } from "../state/dimensions.ts";
import { countryFlag, countryName } from "../state/places.ts";

/** A dimension's value as plain text. */
export function valueText(dimension: string, value: string): string {
  if (value === "") return DIMENSIONS[dimension]?.empty ?? "(none)";
  return dimension === "visit:country" ? countryName(value) : value;
}

/** A dimension's value as shown in a row: countries carry their flag. */
export function Value({ dimension, value }: { dimension: string; value: string }) {
  const text = valueText(dimension, value);
  const flag = dimension === "visit:country" ? countryFlag(value) : "";
  return (
    <span class={value === "" ? "value faint" : "value"} title={text}>
      {flag && (
        <span class="flag" aria-hidden="true">
          {flag}
        </span>
      )}
      {text}
    </span>
  );
}
