// What changed in the board's period and why, or that nothing notable did.
import { InsightList } from "../../panels/insights-panel.tsx";
import { Panel as Card } from "../../panels/panel.tsx";
import { refresh } from "../../state/answers.ts";
import { insightsPath, useInsights } from "../../state/insights.ts";
import { useViewing } from "../../state/viewing.ts";
import { Failed, Skeleton } from "../../ui/notice.tsx";
import type { PlainPanel, PlainPanelProps } from "./definition.ts";

function Told({ filters }: Pick<PlainPanelProps, "filters">) {
  const path = insightsPath(useViewing(), filters);
  const reply = useInsights(path);
  if (path === null) return <p class="faint">Choose a period and what to compare it with.</p>;
  if (!reply) return <Skeleton lines={4} />;
  if (!reply.ok) return <Failed failure={reply.failure} onRetry={refresh} />;
  const { insights: found, note } = reply.value;
  return found.length > 0 ? <InsightList insights={found} /> : <p class="faint">{note}</p>;
}

function Body({ panel, filters }: PlainPanelProps) {
  return (
    <Card title={panel.title || "What changed"}>
      <div class="board-insights">
        <Told filters={filters} />
      </div>
    </Card>
  );
}

export const insights: PlainPanel = { label: "Insights", size: { w: 12, h: 4 }, Body };
