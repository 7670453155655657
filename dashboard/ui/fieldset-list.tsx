// A list of parts in a form, each a set of fields, of which some can be added and taken out while one is left.
import type { ComponentChildren } from "preact";
import { Icon } from "./icon.tsx";

interface FieldsetListProps<Part> {
  items: readonly Part[];
  /** What one is called, such as `step`. */
  of: string;
  legend: (index: number) => string;
  /** Told apart by it beside their place. */
  keyOf?: (item: Part) => string;
  fields: (item: Part, set: (part: Partial<Part>) => void, index: number) => ComponentChildren;
  fresh: () => Part;
  most?: number;
  onChange: (items: Part[]) => void;
}

export function FieldsetList<Part extends object>(props: FieldsetListProps<Part>) {
  const { items, of, legend, keyOf = () => "", fields, fresh, most = Number.POSITIVE_INFINITY, onChange } = props;
  const set = (index: number, part: Partial<Part>) =>
    onChange(items.map((one, place) => (place === index ? { ...one, ...part } : one)));
  return (
    <>
      {items.map((item, index) => (
        <fieldset class="alert-condition" key={`${index} ${keyOf(item)}`}>
          <legend>{legend(index)}</legend>
          {fields(item, (part) => set(index, part), index)}
          {items.length > 1 && (
            <button
              type="button"
              class="button small"
              onClick={() => onChange(items.filter((_, place) => place !== index))}
            >
              Remove {of} {index + 1}
            </button>
          )}
        </fieldset>
      ))}
      {items.length < most && (
        <div class="actions">
          <button type="button" class="button small" onClick={() => onChange([...items, fresh()])}>
            <Icon name="plus" />
            Another {of}
          </button>
        </div>
      )}
    </>
  );
}
