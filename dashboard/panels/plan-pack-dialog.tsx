// What a pack would bring to the plan, to choose from. What is planned already stays as it is.
import { useState } from "preact/hooks";
import type { Pack } from "../../workers/catalog/pack.ts";
import { packs } from "../../workers/catalog/packs/index.ts";
import type { TrackingPlan } from "../../workers/domain/tracking-plan.ts";
import type { Failure } from "../state/api.ts";
import { withEntries } from "../state/tracking-plan.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { Switch } from "../ui/field.tsx";
import { SelectInput } from "../ui/select-input.tsx";

const all: Readonly<Record<string, Pack>> = packs;
const names = Object.keys(all);

interface PackDialogProps {
  plan: TrackingPlan;
  onSave: (plan: TrackingPlan) => Promise<Failure | null>;
  onClose: () => void;
}

export function PlanPackDialog({ plan, onSave, onClose }: PackDialogProps) {
  const [name, setName] = useState(names[0]!);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const { about, events } = all[name]!;
  const isPlanned = (event: string) => Object.hasOwn(plan.events, event);
  const chosen = Object.entries(events).filter(([event]) => !isPlanned(event) && !left.has(event));
  const choose = (event: string, isChosen: boolean) => {
    const others = [...left].filter((other) => other !== event);
    setLeft(new Set(isChosen ? others : [...others, event]));
  };
  return (
    <DialogForm
      title="Add a pack"
      action={chosen.length === 1 ? "Add 1 event" : `Add ${chosen.length} events`}
      disabled={chosen.length === 0}
      wide
      onClose={onClose}
      onSubmit={() => onSave(withEntries(plan, Object.fromEntries(chosen)))}
      fields={() => (
        <>
          <SelectInput
            label="Pack"
            value={name}
            options={names}
            text={(one) => all[one]!.label}
            onValue={(one) => {
              setName(one);
              setLeft(new Set());
            }}
          />
          <p>{about}</p>
          <ul class="plan-pack">
            {Object.entries(events).map(([event, { trigger }]) => (
              <li key={event}>
                {isPlanned(event) ? (
                  <>
                    {event} <span class="field-hint">is planned already and stays as it is</span>
                  </>
                ) : (
                  <Switch
                    label={event}
                    hint={trigger}
                    checked={!left.has(event)}
                    onChange={(isChosen) => choose(event, isChosen)}
                  />
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    />
  );
}
