// A board as its reader looks at it: the panels where the board has them, or where the reader has put them. Below a phone's
// width they stand one under another.
import type { Board, Layout, Panel } from "../../workers/domain/board.ts";
import { isChartName } from "../charts/index.ts";
import { AnswerPanel } from "../panels/answer-panel.tsx";
import { Panel as Card } from "../panels/panel.tsx";
import { panelQuestion } from "../state/board-questions.ts";
import { bucketPeriod } from "../state/periods.ts";
import { useViewing } from "../state/viewing.ts";
import { WhenNear } from "../ui/when-near.tsx";
import { plainPanel } from "./plain-panels/index.ts";

export const placeOf = (panel: Panel, layout: Layout): Panel["grid"] => layout[panel.id] ?? panel.grid;

/** As read: row by row. */
const inReadingOrder = (panels: readonly Panel[], layout: Layout): Panel[] =>
  panels.toSorted((a, b) => {
    const [one, other] = [placeOf(a, layout), placeOf(b, layout)];
    return one.y - other.y || one.x - other.x;
  });

/** A low card has one line for how its figure was counted. */
export const cellClass = (rows: number): string => (rows > 2 ? "board-cell" : "board-cell low");

interface PanelProps {
  panel: Panel;
  filters: Board["filters"];
}

export function PanelBody({ panel, filters }: PanelProps) {
  const plain = plainPanel(panel.chart);
  return plain ? <plain.Body panel={panel} filters={filters} /> : <Drawn panel={panel} filters={filters} />;
}

function Drawn({ panel, filters }: PanelProps) {
  const viewing = useViewing();
  const { site, toggle, change, calendar } = viewing;
  const asked = panelQuestion(viewing, panel, filters);
  if (!asked) return null;
  return (
    <AnswerPanel
      site={site}
      title={panel.title || "Untitled"}
      asked={asked}
      addable={false}
      chart={isChartName(panel.chart) ? panel.chart : undefined}
      onValue={(dimension, value) => toggle({ operator: "is", dimension, values: [value] })}
      onBucket={(label, grain) => {
        const period = bucketPeriod(label, grain, calendar);
        if (period) change({ period, grain: "auto" });
      }}
    />
  );
}

export function BoardGrid({ panels, layout, filters }: Pick<Board, "panels" | "layout" | "filters">) {
  return (
    <div class="board">
      {inReadingOrder(panels, layout).map((panel) => {
        const { x, y, w, h } = placeOf(panel, layout);
        return (
          <div
            key={panel.id}
            class={cellClass(h)}
            style={{ "--area": `${y + 1} / ${x + 1} / span ${h} / span ${w}`, "--rows": String(h) }}
          >
            <WhenNear waiting={<Card title={panel.title}>{null}</Card>}>
              <PanelBody panel={panel} filters={filters} />
            </WhenNear>
          </div>
        );
      })}
    </div>
  );
}
