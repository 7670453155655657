import { describeChange } from "../state/format.ts";
import { Icon } from "./icon.tsx";

interface ChangeProps {
  /** Percent against the period before. */
  change: number | null | undefined;
  better: "up" | "down";
}

/** The change as an arrow, a percentage and a tone; direction never rests on colour alone. */
export function Change({ change, better }: ChangeProps) {
  const described = describeChange(change, better);
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
