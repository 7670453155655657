// Makes or changes a rule, and tries it on the past before it is saved.
import { useState } from "preact/hooks";
import { type RuleDraft, ruleDraft, ruleFields } from "../state/alert-draft.ts";
import {
  type AlertChannel,
  type AlertKinds,
  type AlertRule,
  type BackTest,
  type RuleTemplate,
  saveRule,
  tryRule,
} from "../state/alerts.ts";
import type { Failure } from "../state/api.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, TextInput } from "../ui/field.tsx";
import { SelectInput } from "../ui/select-input.tsx";
import { AlertConditions } from "./alert-conditions.tsx";
import { PolicyInput } from "./alert-policies.tsx";
import { AlertCost, AlertDepends, AlertScope } from "./alert-scope.tsx";
import { AlertTried } from "./alert-tried.tsx";

const SEVERITIES = ["info", "warning", "critical"] as const;
const SEVERITY_TEXT = { info: "Info", warning: "Warning", critical: "Critical" } as const;
const OWN = "An empty rule";

interface RuleDialogProps {
  siteId: string;
  kinds: AlertKinds;
  channels: readonly AlertChannel[];
  /** All of the site. */
  rules: readonly AlertRule[];
  /** Undefined makes a new one. */
  rule: AlertRule | undefined;
  onSaved: () => void;
  onClose: () => void;
}

interface Editing {
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
}

/** Use this template: what it has is filled in, to be changed. */
function Templates({ kinds, onUse }: { kinds: AlertKinds; onUse: (draft: RuleDraft) => void }) {
  const [used, setUsed] = useState(OWN);
  const all = new Map<string, RuleTemplate>(
    kinds.templates.flatMap(({ label, rules }) => rules.map((rule) => [`${label}: ${rule.name}`, rule] as const)),
  );
  return (
    <SelectInput
      label="Begin with"
      value={used}
      options={[OWN, ...all.keys()]}
      onValue={(name) => {
        setUsed(name);
        onUse(ruleDraft(kinds, all.get(name)));
      }}
    />
  );
}

function Told({ channels, draft, change }: Editing & { channels: readonly AlertChannel[] }) {
  const toggle = (id: string) => {
    const has = draft.channels.includes(id);
    change({ channels: has ? draft.channels.filter((one) => one !== id) : [...draft.channels, id] });
  };
  return (
    <fieldset class="access-scopes">
      <legend>Who is told</legend>
      {channels.length === 0 && <span class="faint">There is no channel yet; incidents are listed all the same.</span>}
      {channels.map(({ id, label }) => (
        <label key={id}>
          <input type="checkbox" checked={draft.channels.includes(id)} onChange={() => toggle(id)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

function Times({ errors, draft, change }: Editing & { errors: Failure["errors"] }) {
  return (
    <div class="form-grid">
      <TextInput
        label="Minutes it must hold"
        type="number"
        value={draft.forMinutes}
        onValue={(forMinutes) => change({ forMinutes })}
        error={errorAt(errors, "forMinutes")}
      />
      <TextInput
        label="Minutes it must be well again"
        type="number"
        value={draft.recoverMinutes}
        onValue={(recoverMinutes) => change({ recoverMinutes })}
        error={errorAt(errors, "recoverMinutes")}
      />
      <SelectInput
        label="Severity"
        value={draft.severity}
        options={SEVERITIES}
        text={(severity) => SEVERITY_TEXT[severity]}
        onValue={(severity) => change({ severity })}
      />
    </div>
  );
}

export function AlertRuleDialog({ siteId, kinds, channels, rules, rule, onSaved, onClose }: RuleDialogProps) {
  const [draft, setDraft] = useState(() => ruleDraft(kinds, rule));
  const [tried, setTried] = useState<BackTest | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  const change = (part: Partial<RuleDraft>) => setDraft({ ...draft, ...part });
  const others = rules.filter(({ id }) => id !== rule?.id);
  const fields = ruleFields(kinds, draft, rule);
  const attempt = async () => {
    const reply = await tryRule(siteId, { ...fields, name: draft.name.trim() || "New rule" });
    setTried(reply.ok ? reply.value : null);
    setRefused(reply.ok ? null : reply.failure);
  };
  const submit = async () => {
    const reply = await saveRule(siteId, fields, rule?.id);
    if (!reply.ok) return reply.failure;
    onSaved();
    return null;
  };
  return (
    <DialogForm
      title={rule ? `Rule ${rule.name}` : "New rule"}
      action="Save"
      wide
      onClose={onClose}
      onSubmit={submit}
      fields={(found) => {
        const errors = [...(refused?.errors ?? []), ...found];
        const editing = { draft, change };
        return (
          <>
            {!rule && <Templates kinds={kinds} onUse={setDraft} />}
            <TextInput
              label="Name"
              required
              placeholder="The shop sells nothing"
              value={draft.name}
              onValue={(name) => change({ name })}
              error={errorAt(errors, "name")}
            />
            <AlertConditions siteId={siteId} kinds={kinds} others={others} errors={errors} {...editing} />
            <AlertScope siteId={siteId} kinds={kinds} errors={errors} {...editing} />
            <Times errors={errors} {...editing} />
            <AlertDepends others={others} {...editing} />
            <Told channels={channels} {...editing} />
            <PolicyInput siteId={siteId} value={draft.policy} onValue={(policy) => change({ policy })} />
            <AlertCost rule={fields} />
            <div class="actions">
              <button type="button" class="button" onClick={attempt}>
                Try it on the past
              </button>
              {refused && <span class="field-error">{refused.errors[0]?.message ?? refused.detail}</span>}
            </div>
            {tried && <AlertTried tried={tried} />}
          </>
        );
      }}
    />
  );
}
