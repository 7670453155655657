// One event of the plan as a form.
import { useState } from "preact/hooks";
import {
  PLAN_MODES,
  type PlanMode,
  PROPERTY_TYPES,
  scalarOf,
  type TrackingPlan,
} from "../../workers/domain/tracking-plan.ts";
import type { Failure } from "../state/api.ts";
import { blankProperty, draftOf, type EventDraft, eventOf, type PropertyDraft } from "../state/plan-draft.ts";
import { withEvent } from "../state/tracking-plan.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, Field, Switch, TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { SelectInput } from "../ui/select-input.tsx";

interface PropertyProps {
  property: PropertyDraft;
  number: number;
  error: string | undefined;
  onChange: (property: PropertyDraft) => void;
  onRemove: () => void;
}

function PropertyFields({ property, number, error, onChange, onRemove }: PropertyProps) {
  const change = (part: Partial<PropertyDraft>) => onChange({ ...property, ...part });
  const scalar = scalarOf(property.type);
  const isNumeric = scalar === "number" || scalar === "integer";
  return (
    <fieldset class="plan-property-form">
      <legend>{property.name || `Property ${number}`}</legend>
      <div class="form-grid">
        <TextInput
          label="Name"
          mono
          required
          value={property.name}
          onValue={(name) => change({ name })}
          error={error}
        />
        <SelectInput
          label="Type"
          value={property.type}
          options={PROPERTY_TYPES}
          onValue={(type) => change({ type, min: "", max: "", pattern: "", values: "" })}
        />
        {scalar !== "object" && scalar !== "date-time" && (
          <TextInput
            label="Allowed values"
            hint="With commas between; none for any"
            value={property.values}
            onValue={(values) => change({ values })}
          />
        )}
        {isNumeric && (
          <>
            <TextInput label="At least" type="number" value={property.min} onValue={(min) => change({ min })} />
            <TextInput label="At most" type="number" value={property.max} onValue={(max) => change({ max })} />
          </>
        )}
        {scalar === "string" && (
          <TextInput
            label="Pattern"
            mono
            hint="RE2, for the whole text"
            value={property.pattern}
            onValue={(pattern) => change({ pattern })}
          />
        )}
        <TextInput
          label="What it means"
          value={property.description}
          onValue={(description) => change({ description })}
        />
      </div>
      <div class="plan-property-end">
        <Switch label="Required" hint="" checked={property.required} onChange={(required) => change({ required })} />
        <button
          type="button"
          class="icon-button"
          aria-label={`Remove property ${property.name || number}`}
          onClick={onRemove}
        >
          <Icon name="trash" />
        </button>
      </div>
    </fieldset>
  );
}

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
  const { properties } = draft;
  const submit = () => onSave(withEvent(plan, [draft.name.trim(), eventOf(draft)], name));
  return (
    <DialogForm
      title={name === "" ? "New event" : `Event ${name}`}
      action="Save as a new version"
      wide
      onClose={onClose}
      onSubmit={submit}
      fields={(errors) => (
        <>
          <About {...{ draft, change, errors }} />
          {properties.map((property, i) => (
            <PropertyFields
              key={i}
              property={property}
              number={i + 1}
              error={errorAt(errors, `events.${draft.name.trim()}.properties.${property.name.trim()}`)}
              onChange={(changed) => change({ properties: properties.with(i, changed) })}
              onRemove={() => change({ properties: properties.toSpliced(i, 1) })}
            />
          ))}
          <button
            type="button"
            class="button small"
            onClick={() => change({ properties: [...properties, blankProperty()] })}
          >
            <Icon name="plus" />
            Property
          </button>
        </>
      )}
    />
  );
}
