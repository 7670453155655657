// What a rule looks for: its conditions, each of a kind.
import { useEffect, useState } from "preact/hooks";
import type { FieldError } from "../../workers/domain/errors.ts";
import { isSystem, kpiMetric } from "../../workers/domain/watched-metrics.ts";
import { conditionSchemaOf, fittingMinutes, newCondition, type RuleDraft } from "../state/alert-draft.ts";
import type { AlertKinds, AlertRule } from "../state/alerts.ts";
import { loadKpis } from "../state/kpis.ts";
import { useMetrics } from "../state/metric-texts.ts";
import { maySeeSystem } from "../state/session.ts";
import { FieldsetList } from "../ui/fieldset-list.tsx";
import { SchemaFields } from "../ui/schema-fields.tsx";
import { SelectInput } from "../ui/select-input.tsx";

const MOST_CONDITIONS = 5;

/** What a rule can look at, by name: metrics, the site's KPIs, quality and the system. */
export function useWatchable(siteId: string, kinds: AlertKinds): ReadonlyMap<string, string> {
  const metrics = useMetrics(siteId).filter(({ needs = [] }) => needs.length === 0);
  const [kpis, setKpis] = useState<{ id: string; name: string }[]>([]);
  useEffect(() => {
    void loadKpis(siteId).then((reply) => reply.ok && setKpis(reply.value.kpis));
  }, [siteId]);
  const watched = kinds.watched_metrics.filter(({ name }) => !isSystem(name) || maySeeSystem());
  return new Map([
    ...metrics.map(({ name, label }) => [name, label] as const),
    ...kpis.map(({ id, name }) => [kpiMetric(id), `KPI: ${name}`] as const),
    ...watched.map(({ name, label }) => [name, label] as const),
  ]);
}

interface ConditionsProps {
  siteId: string;
  kinds: AlertKinds;
  /** The site's rules but for this one. */
  others: readonly AlertRule[];
  errors: readonly FieldError[];
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
}

export function AlertConditions({ siteId, kinds, others, errors, draft, change }: ConditionsProps) {
  const labels = useWatchable(siteId, kinds);
  const { conditions } = draft;
  const isNarrowed = draft.filters.length > 0 || draft.split !== null;
  const offered = kinds.conditions.map(({ kind }) => kind).filter((kind) => kind !== "rule" || others.length > 0);
  const nameOf = (id: string) => others.find((rule) => rule.id === id)?.name ?? "a removed rule";
  const texts = {
    metric: { options: [...labels.keys()], text: (name: string) => labels.get(name) ?? name },
    rule: { options: others.map(({ id }) => id), text: nameOf },
  };
  return (
    <>
      <FieldsetList
        items={conditions}
        of="condition"
        legend={(index) => (conditions.length > 1 ? `Condition ${index + 1}` : "Condition")}
        keyOf={({ kind }) => kind}
        fresh={() => newCondition(kinds, "threshold")}
        most={MOST_CONDITIONS}
        onChange={(all) => change({ conditions: all.map((one) => fittingMinutes(one, isNarrowed)) })}
        fields={(condition, set, index) => (
          <>
            <SelectInput
              label="What to look for"
              value={condition.kind}
              options={offered}
              text={(kind) => kinds.conditions.find((one) => one.kind === kind)?.label ?? kind}
              onValue={(kind) => set(newCondition(kinds, kind, others[0]?.id))}
            />
            <p class="faint">{kinds.conditions.find(({ kind }) => kind === condition.kind)?.about}</p>
            <SchemaFields
              schema={conditionSchemaOf(kinds, condition.kind)}
              draft={condition.fields}
              onChange={(fields) => set({ fields })}
              errors={errors}
              path={`conditions.${index}`}
              texts={texts}
            />
          </>
        )}
      />
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
