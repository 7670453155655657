// The switch that lays what was expected over a chart along time, and what there is to say of it in words.
import type { Expected } from "../../workers/api/answers.ts";
import type { Reply } from "../state/api.ts";
import type { Asked } from "../state/content.ts";
import { type ExpectedPoint, expectedPath, SWITCH, useExpected } from "../state/expected.ts";
import { formatBucket } from "../state/format.ts";
import { useViewing } from "../state/viewing.ts";
import { Icon } from "../ui/icon.tsx";

const MOST_NAMED = 3;

/** In words, so that it is also told to whoever does not see the drawing. */
function noteOf({ grain, history, points }: Expected): string {
  if (history.missing > 0 && points.every(({ low }) => low === null)) {
    return `Too little history: ${history.buckets} whole ${grain}s of ${history.needed}. In ${history.missing} more ${grain}s there is an expected range.`;
  }
  const found = points.filter(({ anomalous }) => anomalous).map(({ time }) => formatBucket(time, grain, "full"));
  if (found.length === 0) return "The grey band holds 99 of 100 usual values. Nothing is out of the ordinary.";
  const more = found.length > MOST_NAMED ? ` and ${found.length - MOST_NAMED} more` : "";
  return `Out of the ordinary: ${found.slice(-MOST_NAMED).join(", ")}${more}.`;
}

interface Shown {
  /** Of the question, once it is there and switched on. */
  points: readonly ExpectedPoint[] | undefined;
  /** Whether anything can be expected of this question. */
  can: boolean;
  reply: Reply<Expected> | null;
  on: boolean;
}

export function useExpectedRange(asked: Asked): Shown {
  const { view } = useViewing();
  const path = expectedPath(asked);
  const on = view.own[SWITCH] === "1" && path !== null;
  const reply = useExpected(on ? path : null);
  return { points: reply?.ok ? reply.value.points : undefined, can: path !== null, reply, on };
}

export function ExpectedSwitch({ can, on }: Pick<Shown, "can" | "on">) {
  const { set } = useViewing();
  if (!can) return null;
  return (
    <button
      type="button"
      class="button quiet small"
      aria-pressed={on}
      onClick={() => set({ [SWITCH]: on ? null : "1" }, { replace: true })}
    >
      <Icon name="pulse" size={14} />
      {on ? "Hide expected range" : "Show expected range"}
    </button>
  );
}

export function ExpectedNote({ reply, on }: Pick<Shown, "reply" | "on">) {
  if (!on) return null;
  const text = reply && (reply.ok ? noteOf(reply.value) : reply.failure.detail);
  return (
    <p class="chart-note" role="status">
      {text ?? "Reading the weeks before …"}
    </p>
  );
}
