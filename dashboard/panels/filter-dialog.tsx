// Builds a filter: a dimension, an operator and values, with the period's own values to choose from.

import { useState } from "preact/hooks";
import { amountOf } from "../../workers/domain/money.ts";
import { Value } from "../charts/value.tsx";
import { useAnswer } from "../state/answers.ts";
import { contentOf } from "../state/content.ts";
import { dimensionLabel, FILTERABLE, valueText } from "../state/dimensions.ts";
import { formatCount } from "../state/format.ts";
import { METRICS } from "../state/metrics.ts";
import { breakdownQuestion, scopeQuestion } from "../state/questions.ts";
import { FILTER_OPERATORS, toggleFilter, type ViewOperator } from "../state/view.ts";
import { useViewing } from "../state/viewing.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { OPERATOR_TEXT } from "./operator-text.ts";

interface SuggestionsProps {
  dimension: string;
  search: string;
  chosen: string[];
  onToggle: (value: string) => void;
}

function Suggestions({ dimension, search, chosen, onToggle }: SuggestionsProps) {
  const viewing = useViewing();
  // Countries are searched by the name that is shown, which only the browser knows.
  const local = dimension === "visit:country";
  const { result, loading } = useAnswer(
    breakdownQuestion(viewing, {
      dimension,
      metrics: ["visitors"],
      limit: local ? 250 : 12,
      search: local ? "" : search,
    }),
  );
  const rows = (result?.query.dimensions[0] === dimension ? result.results : []).filter(
    (row) =>
      !local ||
      valueText(dimension, row.dimensions[0] ?? "")
        .toLowerCase()
        .includes(search.toLowerCase()),
  );
  return (
    <ul class={loading ? "suggestions faded" : "suggestions"} aria-label={`Values of ${dimensionLabel(dimension)}`}>
      {rows.slice(0, 12).map((row) => {
        const value = row.dimensions[0] ?? "";
        return (
          <li key={value}>
            <button
              type="button"
              class="suggestion"
              aria-pressed={chosen.includes(value)}
              onClick={() => onToggle(value)}
            >
              <span class="tick">{chosen.includes(value) && <Icon name="check" size={12} />}</span>
              <Value dimension={dimension} value={value} />
              <span class="row-figure">{formatCount(amountOf(row.metrics[0]))}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

const isDone = (operator: ViewOperator): boolean => /^(has|done)_/.test(operator);

/** Names of the properties that the period's events carry. */
function useProperties(): string[] {
  const viewing = useViewing();
  const { filters: _, ...scope } = scopeQuestion(viewing);
  const { result } = useAnswer({ ...scope, analysis: "properties", params: {} });
  if (!result) return [];
  const content = contentOf(result, () => METRICS.visitors);
  return content.shape === "properties" ? content.answer.properties.map(({ name }) => name) : [];
}

function DimensionSelect(props: { dimension: string; onDimension: (dimension: string) => void }) {
  const properties = useProperties();
  return (
    <select
      class="input"
      aria-label="Dimension"
      value={props.dimension}
      onChange={(event) => props.onDimension(event.currentTarget.value)}
    >
      {FILTERABLE.map((name) => (
        <option key={name} value={name}>
          {dimensionLabel(name)}
        </option>
      ))}
      {properties.length > 0 && (
        <optgroup label="Properties">
          {properties.map((name) => (
            <option key={name} value={`event:props:${name}`}>
              {name}
            </option>
          ))}
        </optgroup>
      )}
    </select>
  );
}

const HINT: Partial<Record<ViewOperator, string>> = {
  matches: "A regular expression such as ^/blog/",
  matches_not: "A regular expression such as ^/blog/",
  matches_wildcard: "* stands for anything: /blog/*",
  matches_wildcard_not: "* stands for anything: /blog/*",
};

export function FilterDialog({ onClose }: { onClose: () => void }) {
  const { view, change } = useViewing();
  const [dimension, setDimension] = useState("event:page");
  const [operator, setOperator] = useState<ViewOperator>("is");
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const typed = search.trim();
  const values = chosen.length > 0 ? chosen : typed === "" ? [] : [typed];
  const toggle = (value: string) =>
    setChosen(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  const submit = (event: Event) => {
    event.preventDefault();
    if (values.length === 0) return;
    onClose();
    change({ filters: toggleFilter(view.filters, { operator, dimension, values }) });
  };
  return (
    <Dialog title="Add a filter" onClose={onClose}>
      <form class="filter-form" onSubmit={submit}>
        <div class="filter-what">
          <DimensionSelect
            dimension={dimension}
            onDimension={(chosen) => {
              setDimension(chosen);
              setChosen([]);
              if (isDone(operator)) setOperator("is");
            }}
          />
          <select
            class="input"
            aria-label="Operator"
            value={operator}
            onChange={(event) => setOperator(FILTER_OPERATORS.find((one) => one === event.currentTarget.value) ?? "is")}
          >
            {FILTER_OPERATORS.filter((one) => !isDone(one) || dimension.startsWith("event:")).map((one) => (
              <option key={one} value={one}>
                {OPERATOR_TEXT[one]}
              </option>
            ))}
          </select>
        </div>
        <label class="search">
          <Icon name="search" />
          <span class="unseen">Value</span>
          <input
            class="input"
            type="search"
            placeholder={HINT[operator] ?? "Type or choose a value"}
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        </label>
        <Suggestions
          dimension={dimension}
          search={operator.startsWith("matches") ? "" : typed}
          chosen={chosen}
          onToggle={toggle}
        />
        <button type="submit" class="button primary" disabled={values.length === 0}>
          Add filter
        </button>
      </form>
    </Dialog>
  );
}
