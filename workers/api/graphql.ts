// POST /graphql: the API's own doors, several in one document. Whatever it asks goes through them, as the one who asks.
import { Hono } from "hono";
import type { RouterRoute } from "hono/types";
import * as z from "zod";
import type { Env } from "../env.ts";
import { type AppContext, knownAskers } from "./access.ts";
import { doorsOf } from "./openapi.ts";
import { operation } from "./operation.ts";
import { readValid } from "./read-json.ts";

const BODY_BYTES = 64 * 1024;

const askedSchema = z
  .strictObject({
    query: z.string().min(1),
    variables: z.record(z.string(), z.unknown()).nullish(),
    operationName: z.string().nullish(),
    extensions: z.record(z.string(), z.unknown()).nullish(),
  })
  .meta({ id: "GraphQLRequest" });

const answerSchema = z
  .strictObject({
    data: z.record(z.string(), z.unknown()).nullable().optional(),
    errors: z.array(z.looseObject({ message: z.string() })).optional(),
  })
  .meta({ id: "GraphQLAnswer" });

interface Doors {
  routes: RouterRoute[];
  fetch: (request: Request, env: Env, context: AppContext["executionCtx"]) => Response | Promise<Response>;
}

/** What is about this request or its answer, and not about those of the doors. */
const OWN_HEADERS = ["content-length", "content-encoding", "transfer-encoding", "accept", "if-none-match"];

/** A request of the API with what this one shows of who asks. */
function doorRequest(c: AppContext, [method, path, body]: [string, string, unknown?]): Request {
  const headers = new Headers(c.req.raw.headers);
  for (const name of OWN_HEADERS) headers.delete(name);
  const init: RequestInit = { method, headers };
  if (body !== undefined) init.body = JSON.stringify(body);
  return new Request(new URL(path, c.req.url), init);
}

export const graphql = (doors: () => Doors) =>
  new Hono<{ Bindings: Env }>().post(
    "/",
    operation({
      summary: "Ask by GraphQL",
      needs: "anybody",
      about: "What a document asks for is asked of the endpoints of this API, each with its own needs and limits.",
      body: askedSchema,
      replies: { 200: answerSchema },
      audit: { why: "what a document changes it changes by the doors of this API, which are told" },
    }),
    async (c) => {
      await knownAskers(c);
      const asked = await readValid(c.req.raw, askedSchema, BODY_BYTES);
      const { answerGraphQL } = await import("./graphql-answer.ts");
      const { routes, fetch } = doors();
      const answer = await answerGraphQL(asked, {
        doors: () => doorsOf(routes),
        ask: async (...request) => fetch(doorRequest(c, request), c.env, c.executionCtx),
      });
      return c.json(answer);
    },
  );
