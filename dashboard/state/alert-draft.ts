// A rule as the form has it: what stands in its fields as text, and the rule that comes of it.
import { MINUTE_METRICS } from "../../workers/domain/condition-step.ts";
import { isSystem } from "../../workers/domain/watched-metrics.ts";
import type { AlertKinds, AlertRule, RuleFields, RuleTemplate } from "./alerts.ts";
import { draftOf, type FormDraft, valuesOf } from "./form-schema.ts";

export interface ConditionDraft {
  kind: string;
  fields: FormDraft;
}

type AsItIs = "name" | "severity" | "match" | "channels" | "policy" | "filters" | "split";

export interface RuleDraft extends Pick<AlertRule, AsItIs> {
  forMinutes: string;
  recoverMinutes: string;
  dependsOn: string[];
  conditions: ConditionDraft[];
}

const schemaOf = (kinds: AlertKinds, name: string) =>
  (kinds.conditions.find(({ kind }) => kind === name) ?? kinds.conditions[0]!).schema; // there are some

export { schemaOf as conditionSchemaOf };

export const newCondition = (kinds: AlertKinds, kind: string, rule = ""): ConditionDraft => ({
  kind,
  fields: { ...draftOf(schemaOf(kinds, kind)), ...(kind === "rule" ? { rule } : { metric: "pageviews" }) },
});

const EMPTY: Pick<RuleTemplate, AsItIs | "dependsOn"> = {
  name: "",
  severity: "warning",
  match: "all",
  channels: [],
  policy: null,
  filters: [],
  split: null,
  dependsOn: [],
};

/** Of a rule that is changed or of a template; of nothing it is a new one. */
export function ruleDraft(kinds: AlertKinds, known: AlertRule | RuleTemplate | undefined): RuleDraft {
  const { name, severity, match, channels, policy, filters, split, dependsOn } = known ?? EMPTY;
  return {
    ...{ name, severity, match, policy, filters, split },
    channels: [...channels],
    dependsOn: [...dependsOn],
    forMinutes: String(known?.forMinutes ?? 0),
    recoverMinutes: String(known?.recoverMinutes ?? 5),
    conditions: known?.conditions.map(
      (condition): ConditionDraft => ({
        kind: condition.kind,
        fields: draftOf(schemaOf(kinds, condition.kind), condition),
      }),
    ) ?? [newCondition(kinds, "threshold")],
  };
}

/** What has no field in the form stays as it is in the rule that is changed. */
export function ruleFields(kinds: AlertKinds, draft: RuleDraft, rule: AlertRule | undefined): RuleFields {
  const { id: _, version: __, createdAt: ___, ...kept } = rule ?? ({} as Partial<AlertRule>); // nothing of a new one is kept
  return {
    ...kept,
    ...draft,
    forMinutes: Number(draft.forMinutes),
    recoverMinutes: Number(draft.recoverMinutes),
    conditions: draft.conditions.map(({ kind, fields }) => valuesOf(schemaOf(kinds, kind), fields)),
  };
}

/** What is known by the hour alone is looked at by the hour. */
export function fittingMinutes(condition: ConditionDraft, isNarrowed: boolean): ConditionDraft {
  const { metric = "", minutes } = condition.fields;
  const byHour = isNarrowed || !(MINUTE_METRICS.includes(metric) || isSystem(metric));
  if (minutes === undefined || !byHour || Number(minutes) % 60 === 0) return condition;
  return { ...condition, fields: { ...condition.fields, minutes: "60" } };
}
