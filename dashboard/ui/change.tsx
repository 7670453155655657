import { describeChange } from "../state/format.ts";
import type { MetricText } from "../state/metrics.ts";
import { Icon } from "./icon.tsx";

interface ChangeProps {
  /** Against the period before, as the API gives it. */
  change: number | null | undefined;
  metric: Pick<MetricText, "unit" | "better">;
}

/** The change as an arrow, a size and a tone; direction never rests on colour alone. */
export function Change({ change, metric }: ChangeProps) {
  const described = describeChange(change, metric);
  if (!described) return null;
  const { text, tone, direction } = described;
  const spoken = direction === "none" ? "no change" : `${direction} ${text}, ${tone}`;
  return (
    <span class={`change ${tone}`}>
      {direction !== "none" && <Icon name={direction} size={12} />}
      <span aria-hidden="true">{text}</span>
      <span class="unseen">{spoken}</span>
    </span>
  );
}
