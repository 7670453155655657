// Makes a HEART sheet: a line for each side; those without a goal are left out.
import { useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { type HeartSide, makeSheet } from "../state/kpis.ts";
import { useMetrics } from "../state/metric-texts.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { TextInput } from "../ui/field.tsx";

interface Line {
  side: HeartSide;
  label: string;
  /** An example in the field. */
  goal: string;
  metric: string;
}

const SIDES: readonly Line[] = [
  { side: "happiness", label: "Happiness", goal: "People like what they find", metric: "bounce_rate" },
  { side: "engagement", label: "Engagement", goal: "People look around", metric: "views_per_visit" },
  { side: "adoption", label: "Adoption", goal: "New people start using it", metric: "visitors" },
  { side: "retention", label: "Retention", goal: "People come back", metric: "visits" },
  { side: "task_success", label: "Task success", goal: "People finish what they began", metric: "events" },
];

interface Draft {
  goal: string;
  signal: string;
  metric: string;
  target: string;
}

type Drafts = Record<HeartSide, Draft>;

const draftOf = ({ metric }: Line): Draft => ({ goal: "", signal: "", metric, target: "" });
const BLANK: Drafts = {
  happiness: draftOf(SIDES[0]!),
  engagement: draftOf(SIDES[1]!),
  adoption: draftOf(SIDES[2]!),
  retention: draftOf(SIDES[3]!),
  task_success: draftOf(SIDES[4]!),
};

interface SideFieldsProps {
  site: Site;
  line: Line;
  draft: Draft;
  change: (part: Partial<Draft>) => void;
}

function SideFields({ site, line, draft, change }: SideFieldsProps) {
  const metrics = useMetrics(site.id).filter(({ needs = [] }) => needs.length === 0);
  const better = metrics.find(({ name }) => name === draft.metric)?.better;
  const text = (label: string, key: "goal" | "signal" | "target", placeholder: string) => (
    <input
      class="input"
      aria-label={`${line.label}: ${label}`}
      placeholder={placeholder}
      inputMode={key === "target" ? "decimal" : undefined}
      value={draft[key]}
      onInput={(event) => change({ [key]: event.currentTarget.value })}
    />
  );
  return (
    <fieldset class="heart-line">
      <legend>{line.label}</legend>
      {text("goal", "goal", line.goal)}
      {text("signal", "signal", "What would show it")}
      <select
        class="input"
        aria-label={`${line.label}: metric`}
        value={draft.metric}
        onChange={(event) => change({ metric: event.currentTarget.value })}
      >
        {metrics.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
      {text("target", "target", better === "lower" ? "At most" : "At least")}
    </fieldset>
  );
}

export function HeartDialog({ site, onClose, onMade }: { site: Site; onClose: () => void; onMade: () => void }) {
  const [name, setName] = useState("");
  const [drafts, setDrafts] = useState(BLANK);
  const metrics = useMetrics(site.id);
  const filled = SIDES.filter(({ side }) => drafts[side].goal.trim() !== "");
  const make = async () => {
    const lines = filled.map(({ side }) => {
      const { target, ...draft } = drafts[side];
      const lower = metrics.find((metric) => metric.name === draft.metric)?.better === "lower";
      const better = lower ? ("lower" as const) : ("higher" as const);
      return { ...draft, side, target: target === "" ? null : Number(target), better };
    });
    const reply = await makeSheet(site.id, { name, lines });
    if (!reply.ok) return reply.failure;
    onMade();
    return null;
  };
  return (
    <DialogForm
      title="New HEART sheet"
      action="Make sheet"
      wide
      disabled={filled.length === 0}
      onClose={onClose}
      onSubmit={make}
      fields={(errors) => (
        <>
          <TextInput
            label="Name"
            hint="The product or feature that it is about"
            required
            value={name}
            onValue={setName}
            error={errors[0]?.message}
          />
          {SIDES.map((line) => (
            <SideFields
              key={line.side}
              site={site}
              line={line}
              draft={drafts[line.side]}
              change={(part) => setDrafts((before) => ({ ...before, [line.side]: { ...before[line.side], ...part } }))}
            />
          ))}
        </>
      )}
    />
  );
}
