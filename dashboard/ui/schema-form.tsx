// The fields of a form, made from the schema by which the API checks what is sent: labels are its titles, hints its descriptions.
import type { Failure } from "../state/api.ts";
import { Choice } from "./choice.tsx";
import { errorAt, Field, TextInput } from "./field.tsx";
import { SelectInput } from "./select-input.tsx";

export interface FormSchema {
  type?: string;
  title?: string;
  description?: string;
  const?: string;
  enum?: string[];
  default?: unknown;
  properties?: Record<string, FormSchema>;
  oneOf?: FormSchema[];
  anyOf?: FormSchema[];
  items?: FormSchema;
  required?: string[];
}

export type FormValue = Readonly<Record<string, unknown>>;

const objectOf = (value: unknown): FormValue =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as FormValue) : {}; // any object is one

/** One that may be null is a field that may be left empty. */
function plainOf({ anyOf, ...schema }: FormSchema): FormSchema {
  const some = anyOf?.find(({ type }) => type !== "null");
  return some ? { ...some, ...schema } : schema;
}

/** Of the kinds that a value may be, the one that it is: told by the words that are given. */
function kindOf(kinds: readonly FormSchema[], value: unknown): FormSchema {
  const own = objectOf(value);
  const fits = ({ properties = {} }: FormSchema) =>
    Object.entries(properties).every(([name, one]) => one.const === undefined || own[name] === one.const);
  return kinds.find(fits) ?? kinds[0] ?? {};
}

/** What the form begins with; of another value, what the schema has too stays. */
export function blankOf(schema: FormSchema, before: unknown = undefined): unknown {
  if (schema.oneOf) return blankOf(kindOf(schema.oneOf, before), before);
  if (schema.const !== undefined) return schema.const;
  if (schema.properties) {
    const own = objectOf(before);
    const fields = Object.entries(schema.properties).map(([name, one]) => [name, blankOf(plainOf(one), own[name])]);
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }
  if (before !== undefined) return before;
  return schema.default ?? schema.enum?.[0];
}

interface FieldsProps {
  schema: FormSchema;
  /** Where the value is in what is sent; "" for all of it. */
  path: string;
  value: unknown;
  errors: Failure["errors"];
  onValue: (value: unknown) => void;
}

const below = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);
const nameOf = (path: string): string => path.split(".").at(-1) ?? "";

/** Lines that are typed; blank ones are left out when they are sent. */
function LinesInput({ schema, path, value, errors, onValue }: FieldsProps) {
  const lines = Array.isArray(value) ? value : [];
  return (
    <Field label={schema.title ?? nameOf(path)} hint={schema.description ?? "One a line"} error={errorAt(errors, path)}>
      {(attributes) => (
        <textarea
          {...attributes}
          class="input"
          rows={3}
          value={lines.join("\n")}
          onInput={(event) => onValue(event.currentTarget.value.split("\n"))}
        />
      )}
    </Field>
  );
}

function Kinds({ schema, path, value, errors, onValue }: FieldsProps) {
  const kinds = schema.oneOf ?? [];
  const kind = kindOf(kinds, value);
  const choose = (title: string) => {
    const chosen = kinds.find((one) => one.title === title);
    if (chosen) onValue(blankOf(chosen, value));
  };
  return (
    <>
      <Choice
        label={schema.title ?? nameOf(path)}
        chosen={kind.title ?? ""}
        options={kinds.map(({ title = "" }) => ({ id: title, label: title }))}
        onChoose={choose}
      />
      <SchemaFields {...{ schema: kind, path, value, errors, onValue }} />
    </>
  );
}

function ValueInput({ schema, path, value, errors, onValue }: FieldsProps) {
  const label = schema.title ?? nameOf(path);
  if (schema.enum) {
    const chosen = schema.enum.find((one) => one === value) ?? schema.enum[0] ?? "";
    return <SelectInput label={label} value={chosen} options={schema.enum} onValue={onValue} />;
  }
  const isNumber = schema.type === "number" || schema.type === "integer";
  const given = (text: string) => (text === "" ? (schema.default ?? undefined) : isNumber ? Number(text) : text);
  return (
    <TextInput
      label={label}
      hint={schema.description}
      type={isNumber ? "number" : "text"}
      value={value === undefined || value === null ? "" : String(value)}
      onValue={(text) => onValue(given(text))}
      error={errorAt(errors, path)}
    />
  );
}

export function SchemaFields(props: FieldsProps) {
  const { path, value, errors, onValue } = props;
  const schema = plainOf(props.schema);
  if (schema.const !== undefined) return null;
  if (schema.oneOf) return <Kinds {...props} schema={schema} />;
  if (schema.type === "array") return <LinesInput {...props} schema={schema} />;
  if (!schema.properties) return <ValueInput {...props} schema={schema} />;
  const own = objectOf(value);
  const change = (name: string, next: unknown) => {
    const { [name]: _, ...others } = own;
    onValue(next === undefined ? others : { ...others, [name]: next });
  };
  return (
    <>
      {Object.entries(schema.properties).map(([name, one]) => (
        <SchemaFields
          key={name}
          schema={one}
          path={below(path, name)}
          value={own[name]}
          errors={errors}
          onValue={(next) => change(name, next)}
        />
      ))}
    </>
  );
}

/** As it is sent: without lines that are blank. */
export function sentOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => typeof one !== "string" || one.trim() !== "");
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, sentOf(one)]));
}
