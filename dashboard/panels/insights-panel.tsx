// What changed in the period and why, in sentences that lead to the view behind; one quiet line where nothing did.
import { useAnswer } from "../state/answers.ts";
import type { IconName } from "../state/icon-paths.ts";
import { type Insight, insightsPath, useInsights } from "../state/insights.ts";
import { totalsQuestion } from "../state/questions.ts";
import { useViewing } from "../state/viewing.ts";
import { Icon } from "../ui/icon.tsx";
import { Panel } from "./panel.tsx";

/** Of kinds that tell of no change. */
const ICONS: Readonly<Record<string, IconName>> = { kpi_at_risk: "target", anomalous_day: "pulse", first_seen: "plus" };

function iconOf({ kind, figures }: Insight): IconName {
  const change = figures.find(({ name }) => name === "change")?.value ?? 0;
  return ICONS[kind] ?? (change < 0 ? "down" : "up");
}

function Line({ insight }: { insight: Insight }) {
  const { text, tone, link } = insight;
  return (
    <li>
      <a href={link}>
        <span class={`insight-mark ${tone}`}>
          <Icon name={iconOf(insight)} size={14} />
        </span>
        <span>
          {tone !== "neither" && <span class="unseen">{tone === "better" ? "Better: " : "Worse: "}</span>}
          {text}
        </span>
      </a>
    </li>
  );
}

export function InsightList({ insights }: { insights: readonly Insight[] }) {
  return (
    <ol class="insights">
      {insights.map((insight) => (
        <Line key={insight.text} insight={insight} />
      ))}
    </ol>
  );
}

export function InsightsPanel() {
  const viewing = useViewing();
  const { result } = useAnswer(totalsQuestion(viewing));
  const path = insightsPath(viewing);
  // The figures come first: what explains them may read much more.
  const reply = useInsights(result ? path : null);
  if (path === null) return null;
  if (!reply?.ok || reply.value.insights.length === 0) {
    const note = reply?.ok ? reply.value.note : (reply?.failure.detail ?? "");
    return <p class="insights-note faint">{note}</p>;
  }
  return (
    <div class="panels">
      <Panel title="What changed" wide>
        <InsightList insights={reply.value.insights} />
      </Panel>
    </div>
  );
}
