// The fields of a form that a JSON Schema tells.
import type { FieldError } from "../../workers/domain/errors.ts";
import {
  type FieldSchema,
  type FormDraft,
  type FormSchema,
  fieldsOf,
  generated,
  isNumeric,
} from "../state/form-schema.ts";
import { CopyButton } from "./copy-button.tsx";
import { errorAt, TextInput } from "./field.tsx";
import { SelectInput } from "./select-input.tsx";

interface SchemaFieldsProps {
  schema: FormSchema;
  draft: FormDraft;
  onChange: (draft: FormDraft) => void;
  errors: readonly FieldError[];
  /** Where the API names them: `config`, `conditions.0`. */
  path: string;
  /** Secrets may stay empty, and are then as they were. */
  keeps?: boolean;
  /** Words for what is chosen from; of a field that is text, what there is to choose from. */
  texts?: Readonly<Record<string, { options?: readonly string[]; text?: (option: string) => string }>>;
}

const words = (name: string): string => {
  const text = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** Beside what begins with a value: a way to copy it, or to have another. */
function Generated({ field, value, set }: { field: FieldSchema; value: string; set: (text: string) => void }) {
  if (value !== "") {
    return (
      <>
        {field.description} <CopyButton text={value} label="Copy" quiet />
      </>
    );
  }
  return (
    <button type="button" class="button small" onClick={() => set(generated())}>
      Make a new one
    </button>
  );
}

export function SchemaFields({ schema, draft, onChange, errors, path, keeps = false, texts = {} }: SchemaFieldsProps) {
  return (
    <div class="form-grid">
      {fieldsOf(schema).map(([name, field]) => {
        const label = field.title ?? words(name);
        const value = draft[name] ?? "";
        const set = (text: string) => onChange({ ...draft, [name]: text });
        const { options = field.enum, text = words } = texts[name] ?? {};
        if (options) {
          return <SelectInput key={name} label={label} value={value} options={options} text={text} onValue={set} />;
        }
        return (
          <TextInput
            key={name}
            label={label}
            type={isNumeric(field) ? "number" : "text"}
            required={(schema.required?.includes(name) ?? false) && !(keeps && field.writeOnly)}
            placeholder={keeps && field.writeOnly ? "Unchanged" : ""}
            autocomplete="off"
            mono={field.generate !== undefined}
            hint={field.generate === undefined ? field.description : <Generated {...{ field, value, set }} />}
            value={value}
            onValue={set}
            error={errorAt(errors, `${path}.${name}`)}
          />
        );
      })}
    </div>
  );
}
