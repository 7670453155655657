// GET /api/v1/openapi.json: the doors as an OpenAPI 3.1 document, made of what the routes say of themselves.
import { Hono } from "hono";
import type { RouterRoute } from "hono/types";
import * as z from "zod";
import { ERROR_STATUS, type ErrorCode } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { collectOperation } from "./collect-operation.ts";
import { IDEMPOTENCY_KEY } from "./idempotent.ts";
import { createSchemas, type Json, type Schemas } from "./openapi-schemas.ts";
import {
  goesByVersion,
  isTagged,
  makesSomething,
  type Operation,
  operation,
  operationOf,
  type Reply,
} from "./operation.ts";
import { ERROR_TITLES } from "./problem.ts";

export interface Door {
  method: string;
  /** `/api/v1/sites/:id` */
  path: string;
  operation: Operation;
}

/** Routes that say nothing of themselves are left out; a test finds them. */
export function doorsOf(routes: readonly RouterRoute[]): Door[] {
  const described = routes.flatMap(({ method, path, handler }) => {
    const own = operationOf(handler);
    return own ? [{ method, path: path.replace(/(?<=.)\/$/, ""), operation: own }] : [];
  });
  // Collect does without a router.
  return [...described, { method: "POST", path: "/api/event", operation: collectOperation }];
}

const PARAMETERS: Readonly<Record<string, string>> = {
  id: "The site.",
  team: "The team; `main` is the one that every deployment has.",
  token: "The code at the end of the link.",
  file: "The script's name.",
};

const namesIn = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);

/** The part that names the resource: `kpis` of `/api/v1/sites/:id/kpis/:kpiId`. */
function tagOf(path: string): string {
  const [first = "", second] = path.replace(/^\/(?:api\/)?(?:v\d\/)?/, "").split("/:id/");
  return (second ?? first).split("/")[0] ?? first;
}

/** `getSitesKpisByKpiId` */
function idOf({ method, path }: Door): string {
  const words = path.replace(/^\/(?:api\/)?(?:v\d\/)?/, "").replaceAll("/:id/", "/");
  const named = words.replaceAll("/:", "/by-").replace(/(?:^|[/.-])(\w)/g, (_, letter: string) => letter.toUpperCase());
  return method.toLowerCase() + named;
}

function errorsOf({ path, operation: own }: Door): ErrorCode[] {
  const hasNames = namesIn(path).length > 0;
  return [
    ...(own.query || own.path || own.body || own.file || goesByVersion(own) ? (["invalid"] as const) : []),
    ...(makesSomething(own) ? (["invalid", "key_reused", "conflict", "too_large"] as const) : []),
    ...(own.body || own.file ? (["malformed", "too_large"] as const) : []),
    ...(own.needs === "nothing" ? [] : (["unauthorized", "forbidden"] as const)),
    ...(hasNames ? (["not_found"] as const) : []),
    "too_many_requests",
    ...(own.errors ?? []),
  ];
}

const codesOf = (status: number): ErrorCode[] =>
  (Object.keys(ERROR_STATUS) as ErrorCode[]).filter((code) => ERROR_STATUS[code] === status); // its own keys

function errorResponses(schemas: Schemas): Json {
  const content = { "application/problem+json": { schema: schemas.of(problemSchema, "output") } };
  const wait = { "Retry-After": { description: "Seconds.", schema: { type: "integer" } } };
  const told = [...new Set(Object.values(ERROR_STATUS))].map((status) => {
    const description = codesOf(status)
      .map((code) => `\`${code}\`: ${ERROR_TITLES[code]}`)
      .join(" · ");
    return [`Error${status}`, { description, content, ...((status === 429 || status === 503) && { headers: wait }) }];
  });
  return Object.fromEntries(told);
}

const errorCodes = z.enum(Object.keys(ERROR_STATUS) as ErrorCode[]); // its own keys
const problemSchema = z
  .strictObject({
    code: errorCodes,
    title: z.string(),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
    current: z.unknown().optional(),
  })
  .meta({ id: "Problem" });

const filesOf = (types: readonly string[]): Json =>
  Object.fromEntries(types.map((type) => [type, { schema: { type: "string", contentMediaType: type } }]));

function successOf(status: string, reply: Reply, { schemas, isTagged }: { schemas: Schemas; isTagged: boolean }): Json {
  const description = { "101": "WebSocket.", "201": "Made.", "202": "Taken.", "204": "Done." }[status] ?? "The answer.";
  if (reply === null) return { description };
  const files = "files" in reply ? reply.files : [];
  const json = "files" in reply ? reply.json : reply;
  const content: Json = json ? { "application/json": { schema: schemas.of(json, "output") } } : {};
  Object.assign(content, filesOf(files));
  const headers = { ETag: { description: "Of this answer.", schema: { type: "string" } } };
  return { description, content, ...(isTagged && { headers }) };
}

function parametersOf({ path, operation: { path: typed = {}, query } }: Door, schemas: Schemas): Json[] {
  const inPath = namesIn(path).map((name) => {
    const schema = typed[name] ? schemas.of(typed[name], "input") : { type: "string", minLength: 1 };
    return { name, in: "path", required: true, description: PARAMETERS[name] ?? "Which one.", schema };
  });
  const { properties = {}, required } = query ? schemas.of(query, "input") : {};
  const inQuery = Object.entries(properties ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    required: Array.isArray(required) && required.includes(name),
    schema,
  }));
  return [...inPath, ...inQuery];
}

/** What all operations of a kind take, in one place since one middleware of each reads it. */
function headersOf({ method, operation: own }: Door): Json[] {
  const header = (name: string, description: string, required = false) => ({
    name,
    in: "header",
    required,
    description,
    schema: { type: "string", minLength: 1, maxLength: 255 },
  });
  const { errors = [] } = own;
  return [
    ...(makesSomething(own)
      ? [header(IDEMPOTENCY_KEY, "Sent again within a day with the same body, the request is answered as before.")]
      : []),
    ...(goesByVersion(own)
      ? [header("If-Match", "The ETag of what is changed, or *.", errors.includes("no_version"))]
      : []),
    ...(method === "GET" && isTagged(method, own) ? [header("If-None-Match", "The ETag of what is at hand.")] : []),
  ];
}

function operationJson(door: Door, schemas: Schemas): Json {
  const { summary, about, needs, body, file, replies } = door.operation;
  const parameters = [...parametersOf(door, schemas), ...headersOf(door)];
  const isRead = door.method === "GET" && isTagged(door.method, door.operation);
  const successes = Object.entries(replies).map(([status, reply]) => [
    status,
    successOf(status, reply, { schemas, isTagged: isTagged(door.method, door.operation) }),
  ]);
  const statuses = [...errorsOf(door), "internal", "unavailable"] as const;
  const refusals = statuses.map((code) => [
    ERROR_STATUS[code],
    { $ref: `#/components/responses/Error${ERROR_STATUS[code]}` },
  ]);
  return {
    operationId: idOf(door),
    tags: [tagOf(door.path)],
    summary,
    ...(about && { description: about }),
    "x-needs": needs,
    ...(needs === "nothing" && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    // What is removed is named by the path; a body only says more.
    ...(body && { requestBody: { required: door.method !== "DELETE", content: jsonOf(schemas.of(body, "input")) } }),
    ...(file && { requestBody: { required: true, content: filesOf(file) } }),
    responses: {
      ...Object.fromEntries([...successes, ...refusals]),
      ...(isRead && { 304: { description: "As it is at hand." } }),
    },
  };
}

const jsonOf = (schema: Json): Json => ({ "application/json": { schema } });

export function openApiDocument(doors: readonly Door[]): Json {
  const schemas = createSchemas();
  for (const { operation: own } of doors) if (own.body) schemas.of(own.body, "input");
  const paths: Record<string, Json> = {};
  for (const door of doors) {
    const path = door.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [door.method.toLowerCase()]: operationJson(door, schemas) };
  }
  const responses = errorResponses(schemas);
  return {
    openapi: "3.1.0",
    info: {
      title: "Edgewise",
      version: "1",
      summary: "Web, product and AI-agent analytics.",
      description:
        "x-needs names the action that an operation takes. Times are milliseconds since 1970. A refusal is a problem with a stable code.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/", description: "This deployment." }],
    security: [{ key: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        key: {
          type: "http",
          scheme: "bearer",
          description: "An API key, a share link's id or the deployment's token.",
        },
        session: { type: "apiKey", in: "cookie", name: "edgewise_session", description: "Given at sign-in." },
      },
      schemas: schemas.components(),
      responses,
    },
  };
}

/** `routes` is asked at the first request, when all are there. */
export function openApi(routes: () => readonly RouterRoute[]): Hono<{ Bindings: Env }> {
  let written: string | undefined;
  const told = operation({
    summary: "Read this document",
    needs: "nothing",
    replies: { 200: z.record(z.string(), z.unknown()) },
  });
  return new Hono<{ Bindings: Env }>().get("/", told, (c) => {
    written ??= JSON.stringify(openApiDocument(doorsOf(routes())));
    c.header("cache-control", "public, max-age=300");
    return c.body(written, 200, { "content-type": "application/json" });
  });
}
