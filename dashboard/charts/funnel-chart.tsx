// Steps from top to bottom, each bar as long as the share of those who began; between them, how many went on and how fast.
import type { Answers } from "../../workers/api/answers.ts";
import { type Asked, isAnalysis } from "../state/content.ts";
import { valueText } from "../state/dimensions.ts";
import { droppedHref } from "../state/dropped.ts";
import { formatCount, formatDuration, formatExact, formatPercent } from "../state/format.ts";
import { place } from "../state/router.ts";
import type { ChartProps } from "./definition.ts";

type Funnel = Answers["funnel"];
type Step = Funnel["steps"][number];

/** More groups than this cannot be told apart. */
const GROUPS = 5;

/** A value of the dimension that the funnel is broken down by, as people call it. */
function groupText(asked: Asked, value: string): string {
  const dimension = isAnalysis(asked) ? asked.params?.breakdown : undefined;
  return typeof dimension === "string" ? valueText(dimension, value) : value;
}

function Bars({ groups, at }: { groups: { value: string; steps: Step[] }[]; at: number }) {
  return (
    <div class="funnel-bars">
      {groups.map(({ value, steps }, i) => {
        const share = steps[at]?.from_first ?? 0;
        return (
          <div
            key={value}
            class="funnel-track"
            title={`${value ? `${value}: ` : ""}${formatExact(steps[at]?.count ?? 0)}`}
          >
            <div class="funnel-bar" style={{ width: `${share}%`, background: `var(--series-${(i % 8) + 1})` }} />
          </div>
        );
      })}
    </div>
  );
}

function Between({ step, who }: { step: Step; who: string | null }) {
  const time = step.since_previous?.median_ms;
  return (
    <p class="funnel-between">
      <b>{formatPercent(step.from_previous)}</b> went on
      <span class="funnel-dropped">
        {formatCount(step.dropped)} left ({formatPercent(step.from_previous === null ? null : 100 - step.from_previous)}
        )
      </span>
      {who && step.dropped > 0 && <a href={who}>who?</a>}
      {typeof time === "number" && <span>half of them within {formatDuration(time / 1000)}</span>}
    </p>
  );
}

export function FunnelChart({ content, asked }: ChartProps<"funnel">) {
  const { steps, breakdown } = content.answer;
  const groups = breakdown
    ? breakdown.slice(0, GROUPS).map((group) => ({ ...group, value: groupText(asked, group.value) }))
    : [{ value: "", steps }];
  const last = steps.at(-1);
  return (
    <div class="funnel">
      <p class="funnel-whole">
        <b>{formatPercent(last?.from_first ?? null)}</b> of {formatExact(steps[0]?.count ?? 0)} went all the way:{" "}
        {formatExact(last?.count ?? 0)}
      </p>
      {breakdown && (
        <ul class="legend">
          {groups.map(({ value, steps: own }, i) => (
            <li key={value}>
              <span class="legend-mark" style={{ background: `var(--series-${(i % 8) + 1})` }} />
              {value} <span class="faint">{formatPercent(own.at(-1)?.from_first ?? null)}</span>
            </li>
          ))}
          {breakdown.length > GROUPS && <li class="faint">{breakdown.length - GROUPS} more in the table</li>}
        </ul>
      )}
      <ol>
        {steps.map((step, at) => (
          <li key={`${at} ${step.name}`}>
            {at > 0 && (
              <Between step={step} who={isAnalysis(asked) ? droppedHref(asked, at, place.value.query) : null} />
            )}
            <div class="funnel-step">
              <span class="funnel-name" title={step.name}>
                <span class="funnel-number">{at + 1}</span>
                {step.name}
              </span>
              <span class="funnel-count">
                {formatExact(step.count)} <span class="faint">{formatPercent(step.from_first)}</span>
              </span>
            </div>
            <Bars groups={groups} at={at} />
          </li>
        ))}
      </ol>
    </div>
  );
}
