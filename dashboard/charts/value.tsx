import { emptyText, valueText } from "../state/dimensions.ts";
import { Flag } from "../ui/flag.tsx";

/** A dimension's value as shown in a row: countries carry their flag. */
export function Value({ dimension, value }: { dimension: string; value: string }) {
  const text = valueText(dimension, value);
  return (
    <span class={text === emptyText(dimension) ? "value faint" : "value"} title={text}>
      {dimension === "visit:country" && <Flag code={value} />}
      {text}
    </span>
  );
}
