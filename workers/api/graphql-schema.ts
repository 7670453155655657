// The GraphQL schema, made of the doors: their schemas are its types, and every field is answered by a request to its door.
import {
  GraphQLBoolean,
  GraphQLError,
  type GraphQLFieldConfig,
  GraphQLID,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  getNullableType,
} from "graphql";
import * as z from "zod";
import { CHANGES, type FieldDoor, ROOT_FIELDS, SITE_FIELDS } from "./graphql-fields.ts";
import { type Arguments, createTypes, type Types } from "./graphql-types.ts";
import type { Door } from "./openapi.ts";

/** Sends a request to the API, as the one who asks. */
export type AskDoor = (method: string, path: string, body?: unknown) => Promise<Response>;

type Field = GraphQLFieldConfig<unknown, AskDoor, Record<string, unknown>>;

const siteSchema = z.object({ id: z.string() });
const problemSchema = z.object({ code: z.string(), detail: z.string() }).loose();
const ID_GIVEN = { type: new GraphQLNonNull(GraphQLID) };

/** The door's answer; its problem becomes an error with the same code and fields. */
async function read(response: Response): Promise<unknown> {
  if (response.status === 204) return true;
  const body: unknown = await response.json();
  if (response.ok) return body;
  const { code, detail, title: _, ...more } = problemSchema.parse(body);
  const wait = response.headers.get("retry-after");
  throw new GraphQLError(detail, { extensions: { code, ...more, ...(wait && { retryAfter: Number(wait) }) } });
}

function queryText(values: Record<string, unknown>): string {
  const given = Object.entries(values).flatMap(([name, value]) => (value == null ? [] : [[name, String(value)]]));
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
}

/** Nothing is called by dots alone, which as part of a path would lead to another door. */
function segment(value: unknown): string {
  const text = String(value).toWellFormed();
  if (!/^\.{0,2}$/.test(text)) return encodeURIComponent(text);
  throw new GraphQLError(`there is nothing called "${text}"`, { extensions: { code: "not_found" } });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function createField(name: string, from: FieldDoor, { doors, types }: { doors: Door[]; types: Types }): Field {
  const door = doors.find(({ method, path }) => `${method} ${path}` === from.door);
  if (!door) throw new Error(`there is no door ${from.door}`);
  const { method, path, operation } = door;
  const typeName = capital(name);
  const taken = from.body ?? operation.body ?? operation.query;
  const { site_id: namesSite, ...fields }: Arguments = taken ? types.taken(taken, typeName) : {};
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, key = ""]) => key).filter((key) => key !== "id");
  const [reply] = Object.values(operation.replies);
  const schema = from.reply ?? (reply && !("files" in reply) ? reply : null);
  return {
    // May be null, so that one refusal leaves the other answers standing.
    type: schema ? getNullableType(types.told(schema, `${typeName}Reply`)) : GraphQLBoolean,
    description: operation.summary,
    args: { ...fields, ...Object.fromEntries(inPath.map((key) => [key, ID_GIVEN])) },
    extensions: { door: from.door },
    async resolve(parent, args, ask) {
      const { site = siteSchema.safeParse(parent).data?.id, ...own } = args;
      const address = path.replace(/:(\w+)/g, (_, key: string) => segment(key === "id" ? site : own[key]));
      for (const key of inPath) delete own[key];
      if (method === "GET") return read(await ask(method, address + queryText(own)));
      return read(await ask(method, address, operation.body && { ...own, ...(namesSite && { site_id: site }) }));
    },
  };
}

export function createGraphQLSchema(doors: Door[]): GraphQLSchema {
  const types = createTypes();
  const fieldsOf = (all: Readonly<Record<string, FieldDoor>>) =>
    Object.entries(all).map(([name, from]): [string, Field] => [name, createField(name, from, { doors, types })]);
  const site = new GraphQLObjectType<unknown, AskDoor>({
    name: "AskedSite",
    fields: { id: ID_GIVEN, ...Object.fromEntries(fieldsOf(SITE_FIELDS)) },
  });
  const query = new GraphQLObjectType<unknown, AskDoor>({
    name: "Query",
    fields: {
      ...Object.fromEntries(fieldsOf(ROOT_FIELDS)),
      site: { type: new GraphQLNonNull(site), args: { id: ID_GIVEN }, resolve: (_, { id }) => ({ id }) },
    },
  });
  const changes = fieldsOf(CHANGES).map(([name, field]) => [
    name,
    { ...field, args: { site: ID_GIVEN, ...field.args } },
  ]);
  const mutation = new GraphQLObjectType({ name: "Mutation", fields: Object.fromEntries(changes) });
  return new GraphQLSchema({ query, mutation });
}
