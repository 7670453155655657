// Forms made of a JSON Schema: which fields there are, what stands in them at first, and what they come to.

export interface FieldSchema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: string[];
  /** A nullable field. */
  anyOf?: FieldSchema[];
  /** What a new one begins with: `whsec`, a signing secret; `push`, what the browser gives for notifications. */
  generate?: string;
  /** A secret, which is not told again. */
  writeOnly?: boolean;
  /** Kept by the server. */
  readOnly?: boolean;
}

export interface FormSchema {
  properties?: Record<string, FieldSchema>;
  required?: string[];
}

/** What stands in the fields, as text. */
export type FormDraft = Readonly<Record<string, string>>;

const SECRET_BYTES = 32;

const typesOf = ({ type = [], anyOf = [] }: FieldSchema): string[] => [type, ...anyOf.map(typesOf)].flat();

export const isNumeric = (field: FieldSchema): boolean =>
  typesOf(field).some((type) => type === "number" || type === "integer");

const isNullable = (field: FieldSchema): boolean => typesOf(field).includes("null");

/** Those that somebody fills in. */
export const fieldsOf = ({ properties = {} }: FormSchema): [name: string, field: FieldSchema][] =>
  Object.entries(properties).filter(
    ([, field]) => field.const === undefined && !field.readOnly && field.generate !== "push",
  );

/** Whether the browser fills it in. */
export const isOfBrowser = ({ properties = {} }: FormSchema): boolean =>
  Object.values(properties).some(({ generate }) => generate === "push");

/** Another value for a field that begins with one. */
export function generated(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}

function firstText({ default: value, enum: options, generate }: FieldSchema): string {
  if (generate === "whsec") return generated();
  return value === undefined || value === null ? (options?.[0] ?? "") : String(value);
}

/** `known`: what there is already. */
export function draftOf(schema: FormSchema, known: Readonly<Record<string, unknown>> = {}): FormDraft {
  const texts = fieldsOf(schema).map(([name, field]) => {
    const value = known[name];
    return [name, value === undefined || value === null ? (name in known ? "" : firstText(field)) : String(value)];
  });
  return Object.fromEntries(texts);
}

/** What is there already, with secrets empty: they stay as they are. */
export function draftOfKept(schema: FormSchema, known: Readonly<Record<string, unknown>>): FormDraft {
  const secrets = fieldsOf(schema).filter(([, field]) => field.writeOnly);
  return draftOf(schema, { ...known, ...Object.fromEntries(secrets.map(([name]) => [name, ""])) });
}

/** Empty numbers are null where that is allowed, and else left out. */
export function valuesOf(schema: FormSchema, draft: FormDraft): Record<string, unknown> {
  const fields = Object.entries(schema.properties ?? {}).filter(([, field]) => !field.readOnly);
  const values = fields.map(([name, field]) => {
    if (field.const !== undefined) return [name, field.const];
    const text = (draft[name] ?? "").trim();
    if (!isNumeric(field)) return [name, text];
    if (text === "") return [name, isNullable(field) ? null : undefined];
    return [name, Number(text)];
  });
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}
