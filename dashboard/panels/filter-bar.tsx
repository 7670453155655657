// The filters in force as chips: a click on the operator turns it round, the cross removes it.
import { dimensionLabel, valueText } from "../state/dimensions.ts";
import { segmentName } from "../state/segments.ts";
import { negated, SEGMENT, type ViewFilter } from "../state/view.ts";
import { useViewing } from "../state/viewing.ts";
import { Icon } from "../ui/icon.tsx";
import { FilterDialog } from "./filter-dialog.tsx";
import { OPERATOR_TEXT } from "./operator-text.ts";
import { SegmentMenu } from "./segment-menu.tsx";

function Chip({ filter }: { filter: ViewFilter }) {
  const { site, view, change } = useViewing();
  const isSegment = filter.dimension === SEGMENT;
  const textOf = (value: string) => (isSegment ? segmentName(site.id, value) : valueText(filter.dimension, value));
  const values = filter.values.map(textOf).join(" or ");
  const label = isSegment ? "Segment" : dimensionLabel(filter.dimension);
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
      <SegmentMenu />
      {adding && <FilterDialog onClose={() => onAdding(false)} />}
    </div>
  );
}
