// Requests as the API's own document describes them: valid, nearly so, and hostile.
import fc from "fast-check";

export interface Schema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  prefixItems?: Schema[];
  items?: Schema | false;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
}

export interface Generating {
  components: Record<string, Schema>;
  /** Values by the name of their field, which no schema knows: sites, metrics, dimensions. */
  known: Readonly<Record<string, fc.Arbitrary<unknown>>>;
}

const DEEPEST = 6;
const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  date: fc.constantFrom("2026-11-21", "2024-02-29"),
  "date-time": fc.constantFrom("2026-11-21T12:00:00Z", "2026-11-21T12:00:00+01:00"),
  email: fc.emailAddress(),
};

export const hostileText = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "\u0000",
    "'; drop table sites; --",
    "__proto__",
    "../..",
    "💥",
    "\ud800",
    "NaN",
    "1e999",
    "%",
  ),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constant("x".repeat(5000)),
);

const hostile: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(-1, 0, 1e308, Number.MAX_SAFE_INTEGER, 0.1, null, [], {}, [[]], true),
);

function text({ pattern, format, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<unknown> {
  if (format !== undefined && FORMATS[format]) return FORMATS[format];
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) });
}

function amount({ type, minimum = -1e6, maximum = 1e6, exclusiveMinimum }: Schema): fc.Arbitrary<unknown> {
  const least = Math.max(exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1, -1e15);
  const most = Math.min(Math.max(maximum, least), 1e15);
  if (type === "integer") return fc.integer({ min: Math.max(least, -(2 ** 31)), max: Math.min(most, 2 ** 31 - 1) });
  return fc.double({ min: least, max: most, noNaN: true });
}

function list(schema: Schema, from: Generating, depth: number): fc.Arbitrary<unknown> {
  const { prefixItems, items, minItems = 0, maxItems = 3 } = schema;
  if (prefixItems) return fc.tuple(...prefixItems.slice(0, maxItems).map((one) => validFor(one, from, depth + 1)));
  const of = items ? validFor(items, from, depth + 1) : fc.jsonValue({ maxDepth: 1 });
  return fc.array(of, { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 3)) });
}

function object(schema: Schema, from: Generating, depth: number): fc.Arbitrary<unknown> {
  const { properties, required = [], additionalProperties: more } = schema;
  if (!properties) {
    const value = typeof more === "object" ? validFor(more, from, depth + 1) : fc.jsonValue({ maxDepth: 1 });
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), value, { maxKeys: 3 });
  }
  const fields = Object.entries(properties).map(([name, one]) => [
    name,
    from.known[name] ?? validFor(one, from, depth + 1),
  ]);
  return fc.record<Record<string, unknown>>(Object.fromEntries(fields), { requiredKeys: required });
}

/** Values that the schema allows. What is nested deeper than people would is left out. */
export function validFor(schema: Schema, from: Generating, depth = 0): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return validFor(from.components[schema.$ref.split("/").at(-1) ?? ""]!, from, depth);
  const either = schema.anyOf ?? schema.oneOf;
  if (either) {
    // Of a schema within itself the first alternative is the plain one.
    const few = depth >= DEEPEST ? either.slice(0, 1) : either;
    return fc.oneof(...few.map((one) => validFor(one, from, depth + 1)));
  }
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case "string":
      return text(schema);
    case "number":
    case "integer":
      return amount(schema);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return list(schema, from, depth);
    case "object":
      return object(schema, from, depth);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

/** One field of it changed or gone. */
function bent(value: unknown, at: number, by: unknown): unknown {
  if (typeof value !== "object" || value === null) return by;
  const keys = Object.keys(value);
  const key = keys[at % Math.max(keys.length, 1)];
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === key ? bent(one, at >> 2, by) : one));
  if (at % 5 === 0) return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  const inner = Object.entries(value).find(([name]) => name === key)?.[1];
  return { ...value, [key]: at % 2 === 0 ? by : bent(inner, at >> 2, by) };
}

export function requestBody(schema: Schema, from: Generating): fc.Arbitrary<string> {
  const valid = validFor(schema, from);
  const near = fc.tuple(valid, fc.nat(1000), hostile).map(([value, at, by]) => bent(value, at, by));
  const json = fc.oneof(
    { weight: 5, arbitrary: valid },
    { weight: 4, arbitrary: near },
    { weight: 1, arbitrary: hostile },
  );
  return fc.oneof(
    { weight: 30, arbitrary: json.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: hostileText },
  );
}
