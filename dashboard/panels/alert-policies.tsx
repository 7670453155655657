// Escalation policies: who is told after whom while nobody acknowledges; and which one a rule follows.
import { useState } from "preact/hooks";
import type { FieldError } from "../../workers/domain/errors.ts";
import type { AlertChannel } from "../state/alerts.ts";
import { type Listed, mapReply, useListed } from "../state/listed.ts";
import {
  type EscalationPolicy,
  loadPolicies,
  type NewEscalationPolicy,
  type Rotation,
  removePolicy,
  savePolicy,
} from "../state/on-call.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, TextInput } from "../ui/field.tsx";
import { FieldsetList } from "../ui/fieldset-list.tsx";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { SelectInput } from "../ui/select-input.tsx";
import { ChannelChecks } from "./channel-checks.tsx";

interface PoliciesProps {
  siteId: string;
  list: Listed<EscalationPolicy>;
  channels: readonly AlertChannel[];
  rotations: readonly Rotation[];
}

type Step = NewEscalationPolicy["steps"][number];
type Draft = Omit<NewEscalationPolicy, "steps" | "repeats" | "repeatAfterMinutes"> & {
  steps: (Omit<Step, "afterMinutes"> & { afterMinutes: string })[];
  repeats: string;
  repeatAfterMinutes: string;
};

const nextStep = (minutes: string): Draft["steps"][number] => ({ afterMinutes: minutes, channels: [], rotations: [] });

function draftOf(policy: EscalationPolicy | undefined): Draft {
  if (!policy) return { name: "", steps: [nextStep("0")], repeats: "0", repeatAfterMinutes: "15" };
  const { name, steps, repeats, repeatAfterMinutes } = policy;
  return {
    name,
    steps: steps.map((step) => ({ ...step, afterMinutes: String(step.afterMinutes) })),
    repeats: String(repeats),
    repeatAfterMinutes: String(repeatAfterMinutes),
  };
}

const policyOf = ({ name, steps, repeats, repeatAfterMinutes }: Draft): NewEscalationPolicy => ({
  name,
  steps: steps.map((step) => ({ ...step, afterMinutes: Number(step.afterMinutes) })),
  repeats: Number(repeats),
  repeatAfterMinutes: Number(repeatAfterMinutes),
});

interface StepsProps extends Pick<PoliciesProps, "channels" | "rotations"> {
  steps: Draft["steps"];
  errors: readonly FieldError[];
  onChange: (steps: Draft["steps"]) => void;
}

function Steps({ steps, channels, rotations, errors, onChange }: StepsProps) {
  const labelled = rotations.map(({ id, name }) => ({ id, label: name }));
  return (
    <FieldsetList
      items={steps}
      of="step"
      legend={(index) => `Step ${index + 1}`}
      fresh={() => nextStep("10")}
      onChange={onChange}
      fields={(step, set, index) => (
        <>
          <TextInput
            label={index === 0 ? "Minutes after it fired" : `Minutes after step ${index}`}
            type="number"
            required
            value={step.afterMinutes}
            onValue={(afterMinutes) => set({ afterMinutes })}
            error={errorAt(errors, `steps.${index}`)}
          />
          <ChannelChecks
            legend="Whoever is on call in"
            options={labelled}
            chosen={step.rotations}
            onChange={(ids) => set({ rotations: ids })}
            none="There is no rotation yet."
          />
          <ChannelChecks
            legend="And these channels"
            options={channels}
            chosen={step.channels}
            onChange={(ids) => set({ channels: ids })}
            none="There is no channel yet."
          />
        </>
      )}
    />
  );
}

interface DialogProps extends PoliciesProps {
  policy: EscalationPolicy | undefined;
  onClose: () => void;
}

function PolicyDialog({ siteId, list, channels, rotations, policy, onClose }: DialogProps) {
  const [draft, setDraft] = useState(draftOf(policy));
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const submit = async () => {
    const reply = await savePolicy(siteId, policyOf(draft), policy?.id);
    if (!reply.ok) return reply.failure;
    await list.load();
    return null;
  };
  return (
    <DialogForm
      title={policy ? `Policy ${policy.name}` : "New escalation policy"}
      action="Save"
      wide
      onClose={onClose}
      onSubmit={submit}
      fields={(errors) => (
        <>
          <TextInput
            label="Name"
            required
            value={draft.name}
            onValue={(name) => change({ name })}
            error={errorAt(errors, "name")}
          />
          <Steps
            steps={draft.steps}
            channels={channels}
            rotations={rotations}
            errors={errors}
            onChange={(steps) => change({ steps })}
          />
          <div class="form-grid">
            <TextInput
              label="Times all is repeated"
              type="number"
              required
              value={draft.repeats}
              onValue={(repeats) => change({ repeats })}
              error={errorAt(errors, "repeats")}
            />
            <TextInput
              label="Minutes before it is repeated"
              type="number"
              required
              value={draft.repeatAfterMinutes}
              onValue={(repeatAfterMinutes) => change({ repeatAfterMinutes })}
              error={errorAt(errors, "repeatAfterMinutes")}
            />
          </div>
        </>
      )}
    />
  );
}

function policyText({ steps, repeats }: EscalationPolicy, names: ReadonlyMap<string, string>): string {
  const parts = steps.map(({ afterMinutes, channels, rotations }) => {
    const who = [...rotations, ...channels].map((id) => names.get(id) ?? "removed").join(", ");
    return `${afterMinutes === 0 ? "at once" : `after ${afterMinutes} min`} ${who}`;
  });
  return `${parts.join("; ")}${repeats > 0 ? `; ${repeats} times more` : ""}`;
}

export function AlertPolicies(props: PoliciesProps) {
  const { siteId, list, channels, rotations } = props;
  const [open, setOpen] = useState<EscalationPolicy | "new" | null>(null);
  const names = new Map([
    ...channels.map(({ id, label }) => [id, label] as const),
    ...rotations.map(({ id, name }) => [id, name] as const),
  ]);
  const { items, failure, load } = list;
  return (
    <section class="panel form">
      <div class="section-head">
        <h2>Escalation</h2>
        <button type="button" class="button" onClick={() => setOpen("new")}>
          <Icon name="plus" />
          New policy
        </button>
      </div>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!items && !failure && <Skeleton lines={2} />}
      {items?.length === 0 && <p>There is no policy yet. One says who is told next when nobody acknowledges.</p>}
      {items && items.length > 0 && (
        <ul class="access-list">
          {items.map((policy) => (
            <li key={policy.id}>
              <span class="access-who">
                <b>{policy.name}</b>
                <span class="faint" title={policyText(policy, names)}>
                  {policyText(policy, names)}
                </span>
              </span>
              <button
                type="button"
                class="icon-button"
                aria-label={`Edit the policy ${policy.name}`}
                onClick={() => setOpen(policy)}
              >
                <Icon name="edit" />
              </button>
              <button
                type="button"
                class="icon-button"
                aria-label={`Remove the policy ${policy.name}`}
                onClick={() =>
                  confirm(`Remove the policy “${policy.name}”?`) && void list.change(removePolicy(siteId, policy.id))
                }
              >
                <Icon name="trash" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {open && <PolicyDialog {...props} policy={open === "new" ? undefined : open} onClose={() => setOpen(null)} />}
    </section>
  );
}

/** A field of a rule's form. Nothing where the site has no policy. */
export function PolicyInput(props: { siteId: string; value: string | null; onValue: (id: string | null) => void }) {
  const { siteId, value, onValue } = props;
  const { items } = useListed(siteId, async () => mapReply(await loadPolicies(siteId), (reply) => reply.policies));
  if (!items || items.length === 0) return null;
  const names = new Map(items.map(({ id, name }) => [id, name]));
  return (
    <SelectInput
      label="Escalation when nobody acknowledges"
      value={value ?? ""}
      options={["", ...names.keys()]}
      text={(id) => names.get(id) ?? "None"}
      onValue={(id) => onValue(id === "" ? null : id)}
    />
  );
}
