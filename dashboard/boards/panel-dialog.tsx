// The settings of a panel: its title, its chart, what it asks. Analyses keep the question that they were added with.
import { useState } from "preact/hooks";
import type { Panel } from "../../workers/domain/board.ts";
import { type ChartName, charts, chartsOf } from "../charts/index.ts";
import { DimensionMenu, MetricMenu } from "../panels/choose-menus.tsx";
import { isTime } from "../state/board-questions.ts";
import { shapeOf } from "../state/content.ts";
import { dimensionLabel } from "../state/dimensions.ts";
import { useMetricText } from "../state/metric-texts.ts";
import { useViewing } from "../state/viewing.ts";
import { Chosen } from "../ui/chosen.tsx";
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
  const { site } = useViewing();
  const textOf = useMetricText(site.id);
  const { metrics, dimensions } = question;
  // Time comes first, whatever order it was chosen in.
  const withDimension = (name: string) => (name === "time" ? [name, ...dimensions] : [...dimensions, name]);
  return (
    <div class="builder">
      <div class="builder-line">
        <span class="builder-label">Show</span>
        {metrics.map((name) => (
          <Chosen
            key={name}
            label={textOf(name).label}
            onRemove={
              metrics.length > 1
                ? () => onQuestion({ ...question, metrics: metrics.filter((one) => one !== name) })
                : undefined
            }
          />
        ))}
        <MetricMenu
          siteId={site.id}
          without={metrics}
          onChoose={(name) => onQuestion({ ...question, metrics: [...metrics, name] })}
        />
      </div>
      <div class="builder-line">
        <span class="builder-label">By</span>
        {dimensions.map((name) => (
          <Chosen
            key={name}
            label={isTime(name) ? "Time" : dimensionLabel(name)}
            onRemove={() => onQuestion({ ...question, dimensions: dimensions.filter((one) => one !== name) })}
          />
        ))}
        {dimensions.length < 2 && (
          <DimensionMenu
            without={dimensions.map((name) => (isTime(name) ? "time" : name))}
            onChoose={(name) => onQuestion({ ...question, dimensions: withDimension(name) })}
          />
        )}
      </div>
    </div>
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
