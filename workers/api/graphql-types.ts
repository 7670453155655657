// The API's schemas as GraphQL types. What GraphQL cannot say (unions of unlike values, tuples, maps) is of the scalar JSON.
import {
  GraphQLBoolean,
  GraphQLFloat,
  type GraphQLInputFieldConfig,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLScalarType,
  GraphQLString,
} from "graphql";
import * as z from "zod";
import { createSchemas } from "./openapi-schemas.ts";

const jsonScalar = new GraphQLScalarType({ name: "JSON", description: "Any value of JSON." });

/** As much of JSON Schema as the mapping reads; what else a schema says is checked by the door. */
interface Shape {
  $ref?: string | undefined;
  type?: string | string[] | undefined;
  items?: Shape | undefined;
  properties?: Record<string, Shape> | undefined;
  required?: string[] | undefined;
  anyOf?: Shape[] | undefined;
}

const shapeSchema: z.ZodType<Shape> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    items: shapeSchema.optional().catch(undefined),
    properties: z.record(z.string(), shapeSchema).optional(),
    required: z.array(z.string()).optional(),
    anyOf: z.array(shapeSchema).optional(),
  }),
);

// Integers are numbers here as they are in JSON: GraphQL's own end at 32 bits, and times are longer.
const SCALARS = new Map<string, GraphQLScalarType>([
  ["string", GraphQLString],
  ["boolean", GraphQLBoolean],
  ["number", GraphQLFloat],
  ["integer", GraphQLFloat],
]);

const scalarOf = (type: Shape["type"]): GraphQLScalarType => SCALARS.get(String(type)) ?? jsonScalar;

export type Arguments = Record<string, GraphQLInputFieldConfig>;

export interface Types {
  /** What a door answers with; `name` is for a type that has none of its own. */
  told(schema: z.ZodType, name: string): GraphQLOutputType;
  /** The fields of what a door takes. */
  taken(schema: z.ZodType, name: string): Arguments;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const isNull = ({ type }: Shape): boolean => type === "null";

/** Without the alternative of null, and whether there was one. */
function withoutNull(shape: Shape): { own: Shape; nullable: boolean } {
  if (Array.isArray(shape.type)) {
    return withoutNull({ ...shape, type: undefined, anyOf: shape.type.map((type) => ({ ...shape, type })) });
  }
  const others = shape.anyOf?.filter((one) => !isNull(one));
  if (!others || others.length === shape.anyOf?.length) return { own: shape, nullable: false };
  return { own: others.length === 1 ? others[0]! : { anyOf: others }, nullable: true };
}

export function createTypes(): Types {
  const schemas = createSchemas();
  const outputs = new Map<string, GraphQLObjectType>();
  const inputs = new Map<string, GraphQLInputObjectType>();

  const named = ({ $ref }: Shape, name: string): { shape: Shape | null; name: string } => {
    const own = $ref?.split("/").at(-1);
    return own === undefined
      ? { shape: null, name }
      : { shape: shapeSchema.parse(schemas.components()[own]), name: own };
  };

  const output = (shape: Shape, name: string): GraphQLOutputType => {
    const { own, nullable } = withoutNull(shape);
    const { shape: referred, name: typeName } = named(own, name);
    const type = outputOf(referred ?? own, typeName);
    return nullable || type === jsonScalar ? type : new GraphQLNonNull(type);
  };
  const outputOf = (shape: Shape, name: string): GraphQLOutputType => {
    const { type, items, properties = {}, required = [] } = shape;
    if (type === "array" && items) return new GraphQLList(output(items, name));
    if (type !== "object" || Object.keys(properties).length === 0) return scalarOf(type);
    const known = outputs.get(name);
    if (known) return known;
    const made = new GraphQLObjectType({
      name,
      fields: () =>
        Object.fromEntries(
          Object.entries(properties).map(([key, one]) => {
            const field = output(one, name + capital(key));
            const always = required.includes(key) || !(field instanceof GraphQLNonNull);
            return [key, { type: always ? field : field.ofType }];
          }),
        ),
    });
    outputs.set(name, made);
    return made;
  };

  const input = (shape: Shape, name: string): GraphQLInputType => {
    const { own } = withoutNull(shape);
    const { shape: referred, name: typeName } = named(own, name);
    const { type, items, properties = {}, required } = referred ?? own;
    if (type === "array" && items) return new GraphQLList(new GraphQLNonNull(input(items, name)));
    if (type !== "object" || Object.keys(properties).length === 0) return scalarOf(type);
    const inputName = `${typeName}Input`;
    const made =
      inputs.get(inputName) ??
      new GraphQLInputObjectType({ name: inputName, fields: fieldsOf({ properties, required }, typeName) });
    inputs.set(inputName, made);
    return made;
  };
  const fieldsOf = ({ properties = {}, required = [] }: Shape, name: string): Arguments =>
    Object.fromEntries(
      Object.entries(properties).map(([key, one]) => {
        const type = input(one, name + capital(key));
        const needed = required.includes(key) && !withoutNull(one).nullable;
        return [key, { type: needed ? new GraphQLNonNull(type) : type }];
      }),
    );

  return {
    told: (schema, name) => output(shapeSchema.parse(schemas.of(schema, "output")), name),
    taken(schema, name) {
      const shape = shapeSchema.parse(schemas.of(schema, "input"));
      return fieldsOf(named(shape, name).shape ?? shape, name);
    },
  };
}
