import { Field } from "./field.tsx";

interface SelectInputProps<T extends string> {
  label: string;
  value: T;
  options: readonly T[];
  /** Shown for an option; itself when left out. */
  text?: (option: T) => string;
  onValue: (value: T) => void;
}

/** A field with a few words to choose from. */
export function SelectInput<T extends string>({ label, value, options, text = String, onValue }: SelectInputProps<T>) {
  return (
    <Field label={label}>
      {(attributes) => (
        <select
          {...attributes}
          class="input"
          value={value}
          onChange={(event) => {
            const chosen = options.find((option) => option === event.currentTarget.value);
            if (chosen !== undefined) onValue(chosen);
          }}
        >
          {options.map((option) => (
            <option key={option} value={option}>
              {text(option)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
