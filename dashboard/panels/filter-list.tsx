// The filters that something saved keeps: added by a small form, taken away by their cross.
import { useEffect, useState } from "preact/hooks";
import type { Filter } from "../../workers/domain/query.ts";
import { dimensionLabel, FILTERABLE } from "../state/dimensions.ts";
import { toFilter } from "../state/questions.ts";
import { loadSegments, segmentName, segments } from "../state/segments.ts";
import { FILTER_OPERATORS, SEGMENT, type ViewFilter } from "../state/view.ts";
import { TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { SelectInput } from "../ui/select-input.tsx";
import { filterText } from "./filter-text.ts";
import { OPERATOR_TEXT } from "./operator-text.ts";

const MOST_FILTERS = 10;
const labelOf = (dimension: string): string => (dimension === SEGMENT ? "Segment" : dimensionLabel(dimension));

function textOf(filter: Filter, siteId: string): string {
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

interface FilterListProps {
  siteId: string;
  /** Spoken for the list. */
  label: string;
  filters: readonly Filter[];
  onFilters: (filters: Filter[]) => void;
}

export function FilterList({ siteId, label, filters, onFilters }: FilterListProps) {
  useEffect(() => void loadSegments(siteId), [siteId]);
  return (
    <>
      {filters.length > 0 && (
        <ul class="chips" aria-label={label}>
          {filters.map((filter) => (
            <li class="chip" key={JSON.stringify(filter)}>
              <span class="chip-value">{textOf(filter, siteId)}</span>
              <button
                type="button"
                class="chip-remove"
                aria-label={`Remove filter ${textOf(filter, siteId)}`}
                onClick={() => onFilters(filters.filter((one) => one !== filter))}
              >
                <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {filters.length < MOST_FILTERS && (
        <NewFilter siteId={siteId} onAdd={(added) => onFilters([...filters, toFilter(added)])} />
      )}
    </>
  );
}
