// One event of the plan as a form.
import { useState } from "preact/hooks";
import { PLAN_MODES, type PlanMode, type TrackingPlan } from "../../workers/domain/tracking-plan.ts";
import type { Failure } from "../state/api.ts";
import { draftOf, type EventDraft, eventOf, namedTwice } from "../state/plan-draft.ts";
import { withEvent } from "../state/tracking-plan.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, Field, TextInput } from "../ui/field.tsx";
import { SelectInput } from "../ui/select-input.tsx";
import { PlanPropertyList } from "./plan-property-list.tsx";

interface PartProps {
  draft: EventDraft;
  change: (part: Partial<EventDraft>) => void;
  errors: Failure["errors"];
}

function About({ draft, change, errors }: PartProps) {
  const text = (label: string, key: "section" | "funnel" | "kpi" | "owner" | "trigger") => (
    <TextInput label={label} value={draft[key]} onValue={(value) => change({ [key]: value })} />
  );
  return (
    <>
      <div class="form-grid">
        <TextInput
          label="Name"
          mono
          required
          hint="As it is sent, such as order_completed"
          value={draft.name}
          onValue={(name) => change({ name })}
          error={errorAt(errors, `events.${draft.name}`)}
        />
        <SelectInput<PlanMode | "">
          label="When it does not fit"
          value={draft.mode}
          options={["", ...PLAN_MODES]}
          text={(mode) => mode || "as the plan has it"}
          onValue={(mode) => change({ mode })}
        />
        {text("Section", "section")}
        {text("Funnel", "funnel")}
        <TextInput label="Step" type="number" value={draft.step} onValue={(step) => change({ step })} />
        {text("KPI", "kpi")}
        {text("Owner", "owner")}
        {text("Trigger", "trigger")}
      </div>
      <Field label="Notes">
        {(attributes) => (
          <textarea
            {...attributes}
            class="input"
            rows={2}
            value={draft.notes}
            onInput={(event) => change({ notes: event.currentTarget.value })}
          />
        )}
      </Field>
    </>
  );
}

interface DialogProps {
  plan: TrackingPlan;
  /** "" for a new one. */
  name: string;
  onSave: (plan: TrackingPlan) => Promise<Failure | null>;
  onClose: () => void;
}

export function PlanEventDialog({ plan, name, onSave, onClose }: DialogProps) {
  const [draft, setDraft] = useState(() => draftOf(name, plan.events[name] ?? {}));
  const change = (part: Partial<EventDraft>) => setDraft((before) => ({ ...before, ...part }));
  const path = `events.${draft.name.trim()}`;
  const wrong = (): Failure["errors"] => {
    const isTaken = draft.name.trim() !== name && Object.hasOwn(plan.events, draft.name.trim());
    return [
      ...(isTaken ? [{ path, message: "the plan has such an event: edit that one" }] : []),
      ...namedTwice(path, draft.properties),
    ];
  };
  const submit = async () => {
    const errors = wrong();
    if (errors.length > 0) return { status: 0, title: "Named twice", detail: "two have one name", errors };
    return onSave(withEvent(plan, [draft.name.trim(), eventOf(draft)], name));
  };
  return (
    <DialogForm
      title={name === "" ? "New event" : `Event ${name}`}
      action="Save as a new version"
      wide
      onClose={onClose}
      onSubmit={submit}
      fields={(errors) => (
        <>
          <About
            {...{ draft, change }}
            errors={errors.filter((error) => !error.path.startsWith(`${path}.properties.`))}
          />
          <PlanPropertyList
            of=""
            path={path}
            depth={1}
            properties={draft.properties}
            errors={errors}
            onChange={(properties) => change({ properties })}
          />
        </>
      )}
    />
  );
}
