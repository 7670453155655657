// Which events a rule looks at, whether each value is judged by itself, and what that costs.
import { useEffect, useState } from "preact/hooks";
import { isMetric } from "../../workers/catalog/metrics/index.ts";
import { costOf, type RuleCost } from "../../workers/domain/condition-step.ts";
import type { FieldError } from "../../workers/domain/errors.ts";
import { fittingMinutes, type RuleDraft } from "../state/alert-draft.ts";
import type { AlertKinds, AlertRule, RuleFields } from "../state/alerts.ts";
import { dimensionLabel, FILTERABLE } from "../state/dimensions.ts";
import { toFilter } from "../state/questions.ts";
import { loadSegments, segmentName, segments } from "../state/segments.ts";
import { FILTER_OPERATORS, SEGMENT, type ViewFilter } from "../state/view.ts";
import { errorAt, TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { SelectInput } from "../ui/select-input.tsx";
import { filterText } from "./filter-text.ts";
import { OPERATOR_TEXT } from "./operator-text.ts";

type Filters = RuleDraft["filters"];

const NO_SPLIT = "none";
const MOST_FILTERS = 10;
const labelOf = (dimension: string): string => (dimension === SEGMENT ? "Segment" : dimensionLabel(dimension));

function textOf(filter: Filters[number], siteId: string): string {
  const [, dimension, values] = filter;
  if (dimension !== SEGMENT || !Array.isArray(values)) return filterText(filter);
  return `Segment is ${values.map((id) => segmentName(siteId, String(id))).join(" or ")}`;
}

function NewFilter({ siteId, onAdd }: { siteId: string; onAdd: (filter: ViewFilter) => void }) {
  const own = segments.value[siteId] ?? [];
  const [filter, setFilter] = useState<ViewFilter>({ dimension: "visit:country", operator: "is", values: [] });
  const [text, setText] = useState("");
  const isSegment = filter.dimension === SEGMENT;
  const values = isSegment
    ? [text || String(own[0]?.id ?? "")]
    : text
        .split(",")
        .map((value) => value.trim())
        .filter((value) => value !== "");
  const choose = (dimension: string) => {
    setFilter({ dimension, operator: "is", values: [] });
    setText("");
  };
  return (
    <div class="alert-filter">
      <SelectInput
        label="Only where"
        value={filter.dimension}
        options={[...FILTERABLE, ...(own.length > 0 ? [SEGMENT] : [])]}
        text={labelOf}
        onValue={choose}
      />
      {isSegment ? (
        <SelectInput
          label="Is"
          value={values[0] ?? ""}
          options={own.map(({ id }) => String(id))}
          text={(id) => segmentName(siteId, id)}
          onValue={setText}
        />
      ) : (
        <>
          <SelectInput
            label="Operator"
            value={filter.operator}
            options={FILTER_OPERATORS}
            text={(operator) => OPERATOR_TEXT[operator]}
            onValue={(operator) => setFilter({ ...filter, operator })}
          />
          <TextInput label="Values" placeholder="DE, FR" autocomplete="off" value={text} onValue={setText} />
        </>
      )}
      <button
        type="button"
        class="button"
        disabled={values.every((value) => value === "")}
        onClick={() => {
          onAdd({ ...filter, values });
          setText("");
        }}
      >
        Add
      </button>
    </div>
  );
}

interface ScopeProps {
  siteId: string;
  kinds: AlertKinds;
  errors: readonly FieldError[];
  draft: RuleDraft;
  change: (part: Partial<RuleDraft>) => void;
}

export function AlertScope({ siteId, kinds, errors, draft, change }: ScopeProps) {
  useEffect(() => void loadSegments(siteId), [siteId]);
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
      {filters.length > 0 && (
        <ul class="chips" aria-label="Filters of the rule">
          {filters.map((filter) => (
            <li class="chip" key={JSON.stringify(filter)}>
              <span class="chip-value">{textOf(filter, siteId)}</span>
              <button
                type="button"
                class="chip-remove"
                aria-label={`Remove filter ${textOf(filter, siteId)}`}
                onClick={() => narrow({ filters: filters.filter((one) => one !== filter) })}
              >
                <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {filters.length < MOST_FILTERS && (
        <NewFilter siteId={siteId} onAdd={(added) => narrow({ filters: [...filters, toFilter(added)] })} />
      )}
      <div class="form-grid">
        <SelectInput
          label="Each by itself"
          value={split?.dimension ?? NO_SPLIT}
          options={[NO_SPLIT, ...kinds.split_dimensions]}
          text={(dimension) => (dimension === NO_SPLIT ? "All together" : labelOf(dimension))}
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
