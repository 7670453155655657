// Which events a rule looks at, whether each value is judged by itself, and what that costs.
import { isMetric } from "../../workers/catalog/metrics/index.ts";
import { costOf, type RuleCost } from "../../workers/domain/condition-step.ts";
import type { FieldError } from "../../workers/domain/errors.ts";
import { fittingMinutes, type RuleDraft } from "../state/alert-draft.ts";
import type { AlertKinds, AlertRule, RuleFields } from "../state/alerts.ts";
import { dimensionLabel } from "../state/dimensions.ts";
import { errorAt, TextInput } from "../ui/field.tsx";
import { SelectInput } from "../ui/select-input.tsx";
import { FilterList } from "./filter-list.tsx";

const NO_SPLIT = "none";

interface ScopeProps {
  siteId: string;
  kinds: AlertKinds;
  errors: readonly FieldError[];
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
}

export function AlertScope({ siteId, kinds, errors, draft, change }: ScopeProps) {
  const { filters, split } = draft;
  const narrow = (part: Partial<Pick<RuleDraft, "filters" | "split">>) => {
    const now = { filters, split, ...part };
    const isNarrowed = now.filters.length > 0 || now.split !== null;
    change({ ...part, conditions: draft.conditions.map((one) => fittingMinutes(one, isNarrowed)) });
  };
  const wrong = errors.find(({ path }) => path.startsWith("filters") || path.startsWith("split"));
  return (
    <fieldset class="alert-condition">
      <legend>Which events</legend>
      <FilterList
        siteId={siteId}
        label="Filters of the rule"
        filters={filters}
        onFilters={(now) => narrow({ filters: now })}
      />
      <div class="form-grid">
        <SelectInput
          label="Each by itself"
          value={split?.dimension ?? NO_SPLIT}
          options={[NO_SPLIT, ...kinds.split_dimensions]}
          text={(dimension) => (dimension === NO_SPLIT ? "All together" : dimensionLabel(dimension))}
          onValue={(dimension) =>
            narrow({
              split:
                dimension === NO_SPLIT
                  ? null
                  : { dimension: dimension as NonNullable<typeof split>["dimension"], top: split?.top ?? 10 }, // one of the options
            })
          }
        />
        {split && (
          <TextInput
            label="Of the most used"
            type="number"
            value={String(split.top)}
            onValue={(top) => narrow({ split: { ...split, top: Number(top) } })}
            error={errorAt(errors, "split.top")}
          />
        )}
      </div>
      {wrong && <p class="field-error">{wrong.message}</p>}
    </fieldset>
  );
}

function costText({ minutes, hourly, days }: RuleCost): string {
  const parts = [
    minutes ? "each minute a look at the counts that the site's objects hold, shared by all its rules" : "",
    hourly === "rollups" ? `each hour the roll-ups of ${days} days` : "",
    hourly === "events" ? `each hour one scan over ${days} days of events, shared by all its rules` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "Costs nothing beside the other rules." : `Costs ${parts.join(" and ")}.`;
}

export function AlertCost({ rule }: { rule: RuleFields }) {
  // As the form makes them; what is not a number yet says nothing of the cost.
  const { conditions, filters, split } = rule as unknown as AlertRule;
  return <p class="faint">{costText(costOf({ conditions, filters, split }, isMetric))}</p>;
}

interface DependsProps {
  others: readonly AlertRule[];
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
}

export function AlertDepends({ others, draft, change }: DependsProps) {
  const { dependsOn } = draft;
  if (others.length === 0) return null;
  return (
    <fieldset class="access-scopes">
      <legend>Does not begin while another fires</legend>
      {others.map(({ id, name }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={dependsOn.includes(id)}
            onChange={() =>
              change({ dependsOn: dependsOn.includes(id) ? dependsOn.filter((one) => one !== id) : [...dependsOn, id] })
            }
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
