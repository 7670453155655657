// The settings of a panel: its title, its chart, what it asks. Analyses keep the question that they were added with.
import { useState } from "preact/hooks";
import type { Panel } from "../../workers/domain/board.ts";
import { type ChartName, charts, chartsOf } from "../charts/index.ts";
import { FigureLines } from "../panels/figure-lines.tsx";
import { shapeOf } from "../state/content.ts";
import { isTime } from "../state/dimensions.ts";
import { useViewing } from "../state/viewing.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";

export type PanelDraft = Pick<Panel, "title" | "chart" | "question" | "text">;

export const NEW_PANEL: PanelDraft = {
  title: "",
  chart: "line",
  question: {
    metrics: ["visitors"],
    dimensions: ["time"],
    filters: [],
    include: {},
    pagination: { limit: 100, offset: 0 },
  },
};

export const NEW_TEXT: PanelDraft = { title: "", chart: "text", question: null, text: "" };

type Figures = Extract<NonNullable<Panel["question"]>, { metrics: string[] }>;

function FigureFields({ question, onQuestion }: { question: Figures; onQuestion: (question: Figures) => void }) {
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

/** The chart where it draws the question, else the first that does. */
function fittingChart(draft: PanelDraft, siteId: string): { chart: PanelDraft["chart"]; names: ChartName[] } {
  if (!draft.question) return { chart: "text", names: [] };
  const shape = shapeOf({ ...draft.question, site_id: siteId, date_range: "28d" } as Parameters<typeof shapeOf>[0]); // its range is the board's
  const names = chartsOf(shape);
  return { chart: names.find((name) => name === draft.chart) ?? names[0] ?? "table", names };
}

interface PanelDialogProps {
  title: string;
  draft: PanelDraft;
  onClose: () => void;
  onKeep: (draft: PanelDraft) => void;
}

export function PanelDialog({ title, draft: given, onClose, onKeep }: PanelDialogProps) {
  const { site } = useViewing();
  const [draft, setDraft] = useState(given);
  const { question } = draft;
  const { chart, names } = fittingChart(draft, site.id);
  const keep = (event: Event) => {
    event.preventDefault();
    onKeep({ ...draft, chart });
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose} wide>
      <form class="dialog-form" onSubmit={keep}>
        <Field label="Title">
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              value={draft.title}
              onInput={(event) => setDraft({ ...draft, title: event.currentTarget.value })}
            />
          )}
        </Field>
        {question && "metrics" in question && (
          <FigureFields question={question} onQuestion={(asked) => setDraft({ ...draft, question: asked })} />
        )}
        {question && "analysis" in question && (
          <p class="faint">
            A {question.analysis}. To change what it asks, build it anew on its own page and add it from there.
          </p>
        )}
        {names.length > 0 && (
          <Field label="Chart">
            {({ id }) => (
              <select
                id={id}
                class="input"
                value={chart}
                onChange={(event) => {
                  const chosen = names.find((name) => name === event.currentTarget.value);
                  if (chosen) setDraft({ ...draft, chart: chosen });
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
        )}
        {!question && (
          <Field label="Text" hint="An empty line begins a paragraph, # a heading.">
            {(attributes) => (
              <textarea
                {...attributes}
                class="input"
                rows={6}
                value={draft.text}
                onInput={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
              />
            )}
          </Field>
        )}
        <button type="submit" class="button primary">
          Keep
        </button>
      </form>
    </Dialog>
  );
}
