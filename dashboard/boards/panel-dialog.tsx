// The settings of a panel: its title, its chart, what it asks. Analyses keep the question that they were added with.
import { useState } from "preact/hooks";
import type { Panel } from "../../workers/domain/board.ts";
import type { PlainChart } from "../../workers/domain/chart.ts";
import { useViewing } from "../state/viewing.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { plainPanel, plainPanels } from "./plain-panels/index.ts";
import { ChartSelect, FigureFields, fittingChart } from "./question-fields.tsx";

export type PanelDraft = Pick<Panel, "title" | "chart" | "question" | "text"> & {
  size?: Pick<Panel["grid"], "w" | "h">;
};

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

export const newPlain = (chart: PlainChart): PanelDraft => {
  const { size, Fields } = plainPanels[chart];
  return { title: "", chart, question: null, size, ...(Fields ? { text: "" } : {}) };
};

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
  const Fields = plainPanel(chart)?.Fields;
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
          <ChartSelect names={names} chart={chart} onChart={(name) => setDraft({ ...draft, chart: name })} />
        )}
        {Fields && <Fields text={draft.text ?? ""} onText={(text) => setDraft({ ...draft, text })} />}
        <button type="submit" class="button primary">
          Keep
        </button>
      </form>
    </Dialog>
  );
}
