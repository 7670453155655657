// zod schemas as JSON Schemas of one document: what has an id stands once, under components.
import * as z from "zod";

export type Json = Record<string, unknown>;
type Io = "input" | "output";

export interface Schemas {
  /** `input` is what a client may send, `output` what it gets. All that is sent must be given before all that is told. */
  of(schema: z.ZodType, io: Io): Json;
  components(): Json;
}

const DEFS = "#/$defs/";

/** A schema that stands within itself says so by `within`, since zod unrolls it as deep as it is checked. */
function recur({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: Json }): void {
  const within = z.globalRegistry.get(zodSchema)?.within;
  if (typeof within !== "string") return;
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
  jsonSchema.$ref = DEFS + within;
}

/** The same value with its references led elsewhere. */
function led(value: unknown, to: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => led(one, to));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === "$ref" && typeof one === "string" && one.startsWith(DEFS)
        ? `#/components/schemas/${to(one.slice(DEFS.length))}`
        : led(one, to),
    ]),
  );
}

export function createSchemas(): Schemas {
  const found: Record<Io, Json> = { input: {}, output: {} };
  // What is both written and told has two shapes, since defaults may be left out of the one.
  const nameOf = (io: Io) => (name: string) => (io === "output" && name in found.input ? `${name}Reply` : name);
  return {
    of(schema, io) {
      const whole = z.toJSONSchema(schema, { io, unrepresentable: "any", override: recur });
      const { $schema: _, $defs = {}, ...own } = whole;
      for (const [name, one] of Object.entries($defs)) {
        const { id: _id, ...rest } = one;
        found[io][nameOf(io)(name)] = led(rest, nameOf(io));
      }
      return led(own, nameOf(io)) as Json; // an object goes in
    },
    components: () => ({ ...found.input, ...found.output }),
  };
}
