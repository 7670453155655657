// How much a GraphQL document may ask for. Counted before it is checked against the schema, so that a large one is refused at once.
import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from "graphql";
import { invalidField } from "./problem.ts";

export const TOKENS = 2000;
/** A fragment is a level too; introspection as clients ask it goes 18 deep. */
const DEPTH = 20;
const FIELDS = 500;
/** As many as a list of questions may hold. */
const DOORS = 20;

type Counted = { fields: number; doors: number };

/** Throws for a document that is too deep, too wide, or asks more doors than a request may. A field counts as often as it is spread. */
export function checkLimits(schema: GraphQLSchema, { definitions }: DocumentNode): void {
  const fragments = new Map(
    definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  );
  const counted: Counted = { fields: 0, doors: 0 };

  const walk = (set: SelectionSetNode | undefined, typeName: string, depth: number): void => {
    if (!set) return;
    if (depth > DEPTH) throw invalidField("query", `is more than ${DEPTH} deep; ask for less at once`);
    for (const one of set.selections) {
      if (++counted.fields > FIELDS)
        throw invalidField("query", `has more than ${FIELDS} fields; ask for less at once`);
      if (one.kind === Kind.INLINE_FRAGMENT) walk(one.selectionSet, typeName, depth + 1);
      if (one.kind === Kind.FRAGMENT_SPREAD) walk(fragments.get(one.name.value)?.selectionSet, typeName, depth + 1);
      if (one.kind !== Kind.FIELD) continue;
      const type = schema.getType(typeName);
      const field = isObjectType(type) ? type.getFields()[one.name.value] : undefined;
      if (field?.extensions.door && ++counted.doors > DOORS) {
        throw invalidField("query", `asks more than ${DOORS} times, aliases included; send several requests`);
      }
      walk(one.selectionSet, field ? getNamedType(field.type).name : "", depth + 1);
    }
  };
  for (const one of definitions) {
    if (one.kind !== Kind.OPERATION_DEFINITION) continue;
    walk(one.selectionSet, schema.getRootType(one.operation)?.name ?? "", 1);
  }
}
