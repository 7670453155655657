// Whether a target is met: a word and a mark, so that it never rests on colour alone.
import { Icon } from "./icon.tsx";

const STATUS = {
  met: { text: "On target", tone: "better", icon: "check" },
  near: { text: "Near", tone: "near", icon: "pulse" },
  missed: { text: "Off target", tone: "worse", icon: "down" },
  unknown: { text: "No figure yet", tone: "same", icon: "more" },
} as const;

export function Status({ status }: { status: keyof typeof STATUS }) {
  const { text, tone, icon } = STATUS[status];
  return (
    <span class={`status ${tone}`}>
      <Icon name={icon} size={12} />
      {text}
    </span>
  );
}
