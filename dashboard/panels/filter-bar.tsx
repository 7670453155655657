// The filters in force as chips: a click on the operator turns it round, the cross removes it.
import { dimensionLabel, valueText } from "../state/dimensions.ts";
import { negated, type ViewFilter } from "../state/view.ts";
import { useViewing } from "../state/viewing.ts";
import { Icon } from "../ui/icon.tsx";
import { FilterDialog } from "./filter-dialog.tsx";
import { OPERATOR_TEXT } from "./operator-text.ts";

function Chip({ filter }: { filter: ViewFilter }) {
  const { view, change } = useViewing();
  const values = filter.values.map((value) => valueText(filter.dimension, value)).join(" or ");
  const label = dimensionLabel(filter.dimension);
  const others = view.filters.filter((one) => one !== filter);
  return (
    <li class="chip">
      <span class="chip-label">{label}</span>
      <button
        type="button"
        class="chip-operator"
        title="Turn this filter round"
        onClick={() => change({ filters: view.filters.map((one) => (one === filter ? negated(one) : one)) })}
      >
        {OPERATOR_TEXT[filter.operator]}
      </button>
      <span class="chip-value" title={values}>
        {values}
      </span>
      <button
        type="button"
        class="chip-remove"
        aria-label={`Remove filter ${label} ${values}`}
        onClick={() => change({ filters: others })}
      >
        <Icon name="close" size={12} />
      </button>
    </li>
  );
}

interface FilterBarProps {
  adding: boolean;
  onAdding: (adding: boolean) => void;
}

export function FilterBar({ adding, onAdding }: FilterBarProps) {
  const { view, change } = useViewing();
  return (
    <div class="filters">
      <button type="button" class="button quiet" onClick={() => onAdding(true)}>
        <Icon name="filter" />
        Filter
      </button>
      {view.filters.length > 0 && (
        <ul class="chips" aria-label="Filters">
          {view.filters.map((filter) => (
            <Chip key={JSON.stringify(filter)} filter={filter} />
          ))}
        </ul>
      )}
      {view.filters.length > 1 && (
        <button type="button" class="button quiet small" onClick={() => change({ filters: [] })}>
          Clear all
        </button>
      )}
      {adding && <FilterDialog onClose={() => onAdding(false)} />}
    </div>
  );
}
