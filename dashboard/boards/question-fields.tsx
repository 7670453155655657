// What a panel or a section asks, and as what it is drawn.
import type { Panel } from "../../workers/domain/board.ts";
import { type ChartName, charts, chartsOf } from "../charts/index.ts";
import { FigureLines } from "../panels/figure-lines.tsx";
import { shapeOf } from "../state/content.ts";
import { isTime } from "../state/dimensions.ts";
import { Field } from "../ui/field.tsx";

type Question = NonNullable<Panel["question"]>;
type Figures = Extract<Question, { metrics: string[] }>;

export function FigureFields({ question, onQuestion }: { question: Figures; onQuestion: (question: Figures) => void }) {
  // Time comes first, whatever order it was chosen in.
  const inOrder = (names: string[]) => names.toSorted((a, b) => Number(isTime(b)) - Number(isTime(a)));
  return (
    <FigureLines
      metrics={question.metrics}
      onMetrics={(metrics) => onQuestion({ ...question, metrics })}
      dimensions={question.dimensions}
      onDimensions={(dimensions) => onQuestion({ ...question, dimensions: inOrder(dimensions) })}
    />
  );
}

interface Drawn {
  chart: Panel["chart"];
  question: Panel["question"];
}

/** The chart where it draws the question, else the first that does. */
export function fittingChart(draft: Drawn, siteId: string): { chart: Panel["chart"]; names: ChartName[] } {
  if (!draft.question) return { chart: draft.chart, names: [] };
  const shape = shapeOf({ ...draft.question, site_id: siteId, date_range: "28d" } as Parameters<typeof shapeOf>[0]); // its range is that of what it stands in
  const names = chartsOf(shape);
  return { chart: names.find((name) => name === draft.chart) ?? names[0] ?? "table", names };
}

interface ChartSelectProps {
  names: readonly ChartName[];
  chart: Panel["chart"];
  onChart: (chart: ChartName) => void;
}

export function ChartSelect({ names, chart, onChart }: ChartSelectProps) {
  return (
    <Field label="Chart">
      {({ id }) => (
        <select
          id={id}
          class="input"
          value={chart}
          onChange={(event) => {
            const chosen = names.find((name) => name === event.currentTarget.value);
            if (chosen) onChart(chosen);
          }}
        >
          {names.map((name) => (
            <option key={name} value={name}>
              {charts[name].label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
