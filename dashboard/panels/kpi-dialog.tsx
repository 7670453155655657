// Makes a KPI: what is measured, by when, for whom, and what would be good.
import { useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import type { Failure } from "../state/api.ts";
import { localDay } from "../state/days.ts";
import { type KpiFields, makeKpi } from "../state/kpis.ts";
import { useMetrics } from "../state/metric-texts.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, Field, TextInput } from "../ui/field.tsx";
import { MetricMenu } from "./choose-menus.tsx";

const UNITS = [
  ["count", "a count"],
  ["ratio", "a ratio"],
  ["percent", "percent"],
  ["seconds", "seconds"],
  ["money", "money"],
] as const;

interface Draft extends Omit<KpiFields, "targets"> {
  target: string;
}

const BLANK: Draft = {
  name: "",
  formula: "",
  unit: "count",
  better: "higher",
  every: "month",
  owner: "",
  businessGoal: "",
  target: "",
};

const oneOf = <T extends string>(list: readonly T[], text: string): T => list.find((one) => one === text) ?? list[0]!;

interface FormProps {
  site: Site;
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  errors: Failure["errors"];
}

function Measure({ site, draft, change, errors }: FormProps) {
  const metrics = useMetrics(site.id);
  const add = (name: string) => {
    const chosen = metrics.find((metric) => metric.name === name);
    const unit = UNITS.find(([id]) => id === chosen?.unit)?.[0] ?? "count";
    const better = chosen?.better === "lower" ? "lower" : "higher";
    change(
      draft.formula === ""
        ? { formula: name, unit, better, name: draft.name || (chosen?.label ?? name) }
        : { formula: `${draft.formula} ${name}` },
    );
  };
  return (
    <>
      <Field
        label="Measured by"
        hint="A metric, or a formula over metrics such as 100 * visits / visitors"
        error={errorAt(errors, "formula")}
      >
        {(attributes) => (
          <span class="with-menu">
            <input
              {...attributes}
              class="input mono"
              required
              value={draft.formula}
              onInput={(event) => change({ formula: event.currentTarget.value })}
            />
            <MetricMenu siteId={site.id} without={[]} onChoose={add} />
          </span>
        )}
      </Field>
      <TextInput
        label="Name"
        required
        value={draft.name}
        onValue={(name) => change({ name })}
        error={errorAt(errors, "name")}
      />
    </>
  );
}

function Aim({ draft, change, errors }: FormProps) {
  const select = <T extends string>(
    label: string,
    chosen: T,
    options: readonly (readonly [T, string])[],
    set: (id: T) => void,
  ) => (
    <Field label={label}>
      {({ id }) => (
        <select
          id={id}
          class="input"
          value={chosen}
          onChange={(event) =>
            set(
              oneOf(
                options.map(([one]) => one),
                event.currentTarget.value,
              ),
            )
          }
        >
          {options.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <div class="form-grid">
      <TextInput
        label="Target"
        type="number"
        required
        value={draft.target}
        onValue={(target) => change({ target })}
        error={errorAt(errors, "targets")}
      />
      {select(
        "Each",
        draft.every,
        [
          ["month", "month"],
          ["week", "week"],
          ["day", "day"],
        ] as const,
        (every) => change({ every }),
      )}
      {select("It is", draft.unit, UNITS, (unit) => change({ unit }))}
      {select(
        "Better",
        draft.better,
        [
          ["higher", "when higher"],
          ["lower", "when lower"],
        ] as const,
        (better) => change({ better }),
      )}
    </div>
  );
}

function Meaning({ draft, change }: FormProps) {
  return (
    <div class="form-grid">
      <TextInput
        label="Business goal"
        hint="What it serves, such as: grow sign-ups"
        value={draft.businessGoal}
        onValue={(businessGoal) => change({ businessGoal })}
      />
      <TextInput label="Owner" hint="Who answers for it" value={draft.owner} onValue={(owner) => change({ owner })} />
    </div>
  );
}

export function KpiDialog({ site, onClose, onMade }: { site: Site; onClose: () => void; onMade: () => void }) {
  const [draft, setDraft] = useState(BLANK);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const make = async () => {
    const { target, ...fields } = draft;
    const since = localDay(Date.now(), site.timeZone);
    const reply = await makeKpi(site.id, { ...fields, targets: [{ since, target: Number(target) }] });
    if (!reply.ok) return reply.failure;
    onMade();
    return null;
  };
  return (
    <DialogForm
      title="New KPI"
      action="Make KPI"
      wide
      onClose={onClose}
      onSubmit={make}
      fields={(errors) => (
        <>
          <Measure {...{ site, draft, change, errors }} />
          <Aim {...{ site, draft, change, errors }} />
          <Meaning {...{ site, draft, change, errors }} />
        </>
      )}
    />
  );
}
