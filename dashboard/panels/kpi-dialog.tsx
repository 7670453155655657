// Makes a KPI: what is measured, by when, for whom, and what would be good.
import { useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import type { Failure } from "../state/api.ts";
import { localDay } from "../state/days.ts";
import { type KpiFields, makeKpi } from "../state/kpis.ts";
import { useMetrics } from "../state/metric-texts.ts";
import { Dialog } from "../ui/dialog.tsx";
import { errorAt, Field } from "../ui/field.tsx";
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
  failure: Failure | null;
}

function Measure({ site, draft, change, failure }: FormProps) {
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
        error={failure ? errorAt(failure.errors, "formula") : undefined}
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
      <Field label="Name" error={failure ? errorAt(failure.errors, "name") : undefined}>
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            required
            value={draft.name}
            onInput={(event) => change({ name: event.currentTarget.value })}
          />
        )}
      </Field>
    </>
  );
}

function Aim({ draft, change, failure }: FormProps) {
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
      <Field label="Target" error={failure ? errorAt(failure.errors, "targets") : undefined}>
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            type="number"
            step="any"
            required
            value={draft.target}
            onInput={(event) => change({ target: event.currentTarget.value })}
          />
        )}
      </Field>
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
  const text = (label: string, hint: string, key: "businessGoal" | "owner") => (
    <Field label={label} hint={hint}>
      {(attributes) => (
        <input
          {...attributes}
          class="input"
          value={draft[key]}
          onInput={(event) => change({ [key]: event.currentTarget.value })}
        />
      )}
    </Field>
  );
  return (
    <div class="form-grid">
      {text("Business goal", "What it serves, such as: grow sign-ups", "businessGoal")}
      {text("Owner", "Who answers for it", "owner")}
    </div>
  );
}

export function KpiDialog({ site, onClose, onMade }: { site: Site; onClose: () => void; onMade: () => void }) {
  const [draft, setDraft] = useState(BLANK);
  const [failure, setFailure] = useState<Failure | null>(null);
  const form = {
    site,
    draft,
    failure,
    change: (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })),
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const { target, ...fields } = draft;
    const since = localDay(Date.now(), site.timeZone);
    const reply = await makeKpi(site.id, { ...fields, targets: [{ since, target: Number(target) }] });
    if (!reply.ok) return setFailure(reply.failure);
    onMade();
    onClose();
  };
  return (
    <Dialog title="New KPI" onClose={onClose} wide>
      <form class="dialog-form" onSubmit={submit}>
        <Measure {...form} />
        <Aim {...form} />
        <Meaning {...form} />
        {failure && failure.errors.length === 0 && (
          <p class="field-error" role="alert">
            {failure.detail}
          </p>
        )}
        <button type="submit" class="button primary">
          Make KPI
        </button>
      </form>
    </Dialog>
  );
}
