// A labelled form field with its hint and the API's complaint about it.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { FieldError } from "../../workers/domain/errors.ts";

interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  /** Draws the control with the id that the label points to. */
  children: (attributes: { id: string; "aria-describedby": string; "aria-invalid": boolean }) => ComponentChildren;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": `${id}-hint`, "aria-invalid": error !== undefined })}
      <p id={`${id}-hint`} class={error ? "field-error" : "field-hint"} role={error ? "alert" : undefined}>
        {error ?? hint}
      </p>
    </div>
  );
}

/** The first complaint about a field or anything below it. */
export function errorAt(errors: readonly FieldError[], path: string): string | undefined {
  return errors.find((error) => error.path === path || error.path.startsWith(`${path}.`))?.message;
}

interface SwitchProps {
  label: string;
  hint: ComponentChildren;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function Switch({ label, hint, checked, onChange }: SwitchProps) {
  return (
    <label class="switch">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span class="switch-track" aria-hidden="true" />
      <span>
        <span class="switch-label">{label}</span>
        <span class="field-hint">{hint}</span>
      </span>
    </label>
  );
}

interface TextInputProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  hint?: ComponentChildren;
  error?: string | undefined;
  type?: "text" | "password" | "number" | "date";
  required?: boolean;
  placeholder?: string;
  autocomplete?: string;
  mono?: boolean;
}

/** A field of one line. */
export function TextInput({
  label,
  value,
  onValue,
  hint,
  error,
  type = "text",
  required,
  placeholder,
  autocomplete,
  mono,
}: TextInputProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <input
          {...attributes}
          class={mono ? "input mono" : "input"}
          type={type as "text"} // each type is allowed by itself, a choice of them is not
          step={type === "number" ? "any" : undefined}
          required={required ?? false}
          placeholder={placeholder}
          autocomplete={autocomplete}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface LinesInputProps {
  label: string;
  /** One a line. */
  value: string;
  onValue: (value: string) => void;
  hint: ComponentChildren;
  error?: string | undefined;
  rows?: number;
}

export function LinesInput({ label, value, onValue, hint, error, rows = 3 }: LinesInputProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <textarea
          {...attributes}
          class="input mono"
          rows={rows}
          spellcheck={false}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
