// Answers a GraphQL document. The library comes with this file, which is loaded at the first question and not for beacons.
import { execute, type GraphQLSchema, getOperationAST, OperationTypeNode, parse, validate } from "graphql";
import { checkLimits, TOKENS } from "./graphql-limits.ts";
import { type AskDoor, createGraphQLSchema } from "./graphql-schema.ts";
import type { Door } from "./openapi.ts";
import { invalidField, invalidFields } from "./problem.ts";

export interface GraphQLAsked {
  query: string;
  variables?: Record<string, unknown> | null | undefined;
  operationName?: string | null | undefined;
}

let made: GraphQLSchema | null = null;

function parsed(query: string) {
  try {
    return parse(query, { maxTokens: TOKENS });
  } catch (error) {
    throw invalidField("query", error instanceof Error ? error.message : "is not GraphQL");
  }
}

/** Throws for a document that cannot be run; what a door refuses is told among the answer's errors. */
export async function answerGraphQL(asked: GraphQLAsked, options: { doors: () => Door[]; ask: AskDoor }) {
  made ??= createGraphQLSchema(options.doors());
  const document = parsed(asked.query);
  checkLimits(made, document);
  const errors = validate(made, document, undefined, { maxErrors: 10 });
  if (errors.length > 0) throw invalidFields(errors.map(({ message }) => ({ path: "query", message })));
  const operation = getOperationAST(document, asked.operationName);
  if (!operation) throw invalidField("operationName", "name one of the document's operations");
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw invalidField("query", "ask by query or mutation");
  return execute({
    schema: made,
    document,
    contextValue: options.ask,
    variableValues: asked.variables,
    operationName: asked.operationName,
  });
}
