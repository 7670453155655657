// Makes or changes a rule, and tries it on the past before it is saved.
import { useState } from "preact/hooks";
import type { FieldError } from "../../workers/domain/errors.ts";
import {
  type AlertChannel,
  type AlertKinds,
  type AlertRule,
  type BackTest,
  type RuleFields,
  saveRule,
  tryRule,
} from "../state/alerts.ts";
import type { Failure } from "../state/api.ts";
import { draftOf, type FormDraft, valuesOf } from "../state/form-schema.ts";
import { formatClock, formatDate } from "../state/format.ts";
import { useMetrics } from "../state/metric-texts.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { SchemaFields } from "../ui/schema-fields.tsx";
import { SelectInput } from "../ui/select-input.tsx";
import { PolicyInput } from "./alert-policies.tsx";

const SEVERITIES = ["info", "warning", "critical"] as const;
const SEVERITY_TEXT = { info: "Info", warning: "Warning", critical: "Critical" } as const;
const MOST_CONDITIONS = 5;
const SHOWN = 5;
const DAY_MS = 24 * 3600_000;

interface ConditionDraft {
  kind: string;
  fields: FormDraft;
}

interface RuleDialogProps {
  siteId: string;
  kinds: AlertKinds;
  channels: readonly AlertChannel[];
  /** Undefined makes a new one. */
  rule: AlertRule | undefined;
  onSaved: () => void;
  onClose: () => void;
}

function schemaOf(kinds: AlertKinds, name: string) {
  return (kinds.conditions.find(({ kind }) => kind === name) ?? kinds.conditions[0]!).schema;
}

const newCondition = (kinds: AlertKinds, kind: string): ConditionDraft => ({
  kind,
  fields: { ...draftOf(schemaOf(kinds, kind)), metric: "pageviews" },
});

function useDraft({ kinds, rule }: Pick<RuleDialogProps, "kinds" | "rule">) {
  const [draft, setDraft] = useState({
    name: rule?.name ?? "",
    severity: rule?.severity ?? ("warning" as const),
    match: rule?.match ?? ("all" as const),
    forMinutes: String(rule?.forMinutes ?? 0),
    recoverMinutes: String(rule?.recoverMinutes ?? 5),
    channels: rule?.channels ?? [],
    policy: rule?.policy ?? null,
    conditions: rule?.conditions.map(
      (condition): ConditionDraft => ({
        kind: condition.kind,
        fields: draftOf(schemaOf(kinds, condition.kind), condition),
      }),
    ) ?? [newCondition(kinds, "threshold")],
  });
  const { id: _, version: __, createdAt: ___, ...kept } = rule ?? ({} as Partial<AlertRule>); // nothing of a new one is kept
  const fields: RuleFields = {
    ...kept,
    ...draft,
    forMinutes: Number(draft.forMinutes),
    recoverMinutes: Number(draft.recoverMinutes),
    conditions: draft.conditions.map(({ kind, fields: own }) => valuesOf(schemaOf(kinds, kind), own)),
  };
  return { draft, fields, change: (part: Partial<typeof draft>) => setDraft({ ...draft, ...part }) };
}

type Draft = ReturnType<typeof useDraft>;

function Conditions({
  siteId,
  kinds,
  errors,
  of: { draft, change },
}: Pick<RuleDialogProps, "siteId" | "kinds"> & { errors: readonly FieldError[]; of: Draft }) {
  const metrics = useMetrics(siteId).filter(({ needs = [] }) => needs.length === 0);
  const labels = new Map(metrics.map(({ name, label }) => [name, label]));
  const { conditions } = draft;
  const set = (index: number, condition: ConditionDraft) =>
    change({ conditions: conditions.map((one, place) => (place === index ? condition : one)) });
  return (
    <>
      {conditions.map((condition, index) => (
        <fieldset class="alert-condition" key={`${index} ${condition.kind}`}>
          <legend>{conditions.length > 1 ? `Condition ${index + 1}` : "Condition"}</legend>
          <SelectInput
            label="What to look for"
            value={condition.kind}
            options={kinds.conditions.map(({ kind }) => kind)}
            text={(kind) => kinds.conditions.find((one) => one.kind === kind)?.label ?? kind}
            onValue={(kind) => set(index, newCondition(kinds, kind))}
          />
          <p class="faint">{kinds.conditions.find(({ kind }) => kind === condition.kind)?.about}</p>
          <SchemaFields
            schema={schemaOf(kinds, condition.kind)}
            draft={condition.fields}
            onChange={(fields) => set(index, { ...condition, fields })}
            errors={errors}
            path={`conditions.${index}`}
            texts={{ metric: { options: [...labels.keys()], text: (name) => labels.get(name) ?? name } }}
          />
          {conditions.length > 1 && (
            <button
              type="button"
              class="button small"
              onClick={() => change({ conditions: conditions.filter((_, place) => place !== index) })}
            >
              Remove this condition
            </button>
          )}
        </fieldset>
      ))}
      <div class="actions">
        {conditions.length < MOST_CONDITIONS && (
          <button
            type="button"
            class="button small"
            onClick={() => change({ conditions: [...conditions, newCondition(kinds, "threshold")] })}
          >
            <Icon name="plus" />
            Another condition
          </button>
        )}
      </div>
      {conditions.length > 1 && (
        <SelectInput
          label="It holds when"
          value={draft.match}
          options={["all", "any"] as const}
          text={(match) => (match === "all" ? "all conditions hold" : "any condition holds")}
          onValue={(match) => change({ match })}
        />
      )}
    </>
  );
}

function Told({ channels, of: { draft, change } }: { channels: readonly AlertChannel[]; of: Draft }) {
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

function Tried({ tried }: { tried: BackTest }) {
  const days = Math.max(1, Math.round((tried.until - tried.from) / DAY_MS));
  const times = tried.woken.length === 1 ? "once" : `${tried.woken.length} times`;
  return (
    <div role="status">
      <p>
        {tried.woken.length === 0
          ? `With this rule nobody would have been woken in the last ${days} days.`
          : `With this rule you would have been woken ${times} in the last ${days} days.`}
      </p>
      <ul class="alert-woken">
        {tried.woken
          .slice(-SHOWN)
          .toReversed()
          .map(({ at, reason }) => (
            <li key={at}>
              {formatDate(at)} {formatClock(at)}: {reason}
            </li>
          ))}
      </ul>
    </div>
  );
}

export function AlertRuleDialog({ siteId, kinds, channels, rule, onSaved, onClose }: RuleDialogProps) {
  const of = useDraft({ kinds, rule });
  const [tried, setTried] = useState<BackTest | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  const { draft, change } = of;
  const named = { ...of.fields, name: draft.name.trim() || "New rule" };
  const attempt = async () => {
    const reply = await tryRule(siteId, named);
    setTried(reply.ok ? reply.value : null);
    setRefused(reply.ok ? null : reply.failure);
  };
  const submit = async () => {
    const reply = await saveRule(siteId, of.fields, rule?.id);
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
        return (
          <>
            <TextInput
              label="Name"
              required
              placeholder="The shop sells nothing"
              value={draft.name}
              onValue={(name) => change({ name })}
              error={errorAt(errors, "name")}
            />
            <Conditions siteId={siteId} kinds={kinds} errors={errors} of={of} />
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
            <Told channels={channels} of={of} />
            <PolicyInput siteId={siteId} value={draft.policy} onValue={(policy) => change({ policy })} />
            <div class="actions">
              <button type="button" class="button" onClick={attempt}>
                Try it on the past
              </button>
              {refused && <span class="field-error">{refused.errors[0]?.message ?? refused.detail}</span>}
            </div>
            {tried && <Tried tried={tried} />}
          </>
        );
      }}
    />
  );
}
