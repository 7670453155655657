// Every operation of the document, asked as the document says and not quite so: no failure of ours, and no answer that the
// document does not describe. EDGEWISE_FUZZ_SECONDS asks for as long; EDGEWISE_SEED repeats the choices.

import { env } from "cloudflare:workers";
import { Validator } from "@cfworker/json-schema";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import type { Site } from "../../workers/domain/site.ts";
import { knownValues } from "./openapi-known.ts";
import { type Generating, hostileText, requestBody, type Schema, validFor } from "./openapi-requests.ts";
import { join } from "./people.ts";
import { ADMIN_TOKEN, aView, call, createSite, fetchRaw, ok, send } from "./worker.ts";

interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  schema: Schema;
}

interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: Schema }> }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; responses: Operation["responses"] };
}

/** For the choices of one operation. */
const RUNS = 8;
const SECONDS = Number(env.FUZZ_SECONDS ?? 0);
const SEED = Number(env.FUZZ_SEED ?? 1);

let document: Document;
let site: Site;
let ids: Record<string, fc.Arbitrary<string>>;
/** Of somebody who owns the team: for what a token cannot ask. */
let cookie: string;
let from: Generating;
const validators = new Map<Schema, Validator>();

const at = (path: string) => `/api/v1/sites/${site.id}${path}`;

beforeAll(async () => {
  document = await ok<Document>("GET", "/api/v1/openapi.json");
  site = await createSite();
  const agent = { agent_id: "agent-1", conversation_id: "c-1" };
  await send([
    aView(site),
    aView(site, { name: "signup", revenue: { amount: 3, currency: "EUR" } }),
    aView(site, { name: "message_sent", props: { ...agent, response_time_ms: 900 } }),
  ]);
  from = { components: document.components.schemas, known: knownValues(site, document.components.schemas) };
});

const FIGURES = "metric,value,source,date\nbounce_rate,45,A study,2026-01-01";

/** One of each, since the requests before have removed them. */
async function makeAnew(): Promise<void> {
  const make = async (path: string, body: object) => (await ok<{ id: string | number }>("POST", at(path), body)).id;
  const known = (...values: (string | number)[]) =>
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...values.map(String)) }, { weight: 1, arbitrary: hostileText });
  const filters = [["is", "event:page", ["/"]]];
  const annotationId = await make("/annotations", { at: "2026-11-21T12:00:00Z", text: "Began" });
  const reportId = await make("/reports", { name: "Report" });
  const targets = [{ since: "2026-01-01", target: 1 }];
  const lines = [{ side: "adoption", goal: "more", metric: "signups" }];
  const importId = crypto.randomUUID();
  await ok("POST", at("/import"), { import: { id: importId, label: "log" }, events: [] });
  const metric = { name: "signups", label: "Signups", definition: { kind: "count" } };
  expect([201, 409]).toContain((await call("POST", at("/metrics"), { body: metric })).status);
  ids = {
    id: known(site.id),
    team: known("main"),
    kpiId: known(await make("/kpis", { name: "Visitors", formula: "visitors", targets })),
    sheetId: known(await make("/heart-sheets", { name: "Sheet", lines })),
    segmentId: known(await make("/segments", { name: "Pages", filters })),
    boardId: known(await make("/boards", { name: "Board" })),
    reportId: known(reportId),
    benchmarkId: known(await make("/benchmarks", { name: "A study", csv: FIGURES })),
    ruleId: known(await make("/quality-rules", { on: "metric", name: "Some", metric: "visitors", min: 1 })),
    funnelId: known(await make("/funnels", { name: "Way", steps: [{ event: "pageview" }, { event: "signup" }] })),
    annotationId: known(annotationId),
    commentId: known(await make(`/annotations/${annotationId}/comments`, { text: "So" })),
    goalId: known(await make("/goals", { name: "Signup", kind: "event", match: "signup" })),
    importId: known(importId),
    key: known(await make("/keys", { label: "k", scopes: ["query"] })),
    share: known(await make("/shares", { label: "s" }), await make("/shares", { label: "r", reportId, files: true })),
    agentId: known("agent-1"),
    name: known("signups"),
  };
  cookie = (await join("main", "owner")).headers.cookie;
}

const headerValue = fc.oneof(
  fc.constantFrom("*", '"1"', '"1.abc"', 'W/"2"', "1", '""', "garbage", "x".repeat(300)),
  fc.stringMatching(/^[!-~]{1,20}$/),
);

interface Asked {
  path: string;
  body?: string;
  token: string;
  headers: Record<string, string>;
}

/** Null where it is left out. Of tame requests none is hostile, and few are given that need not be. */
function parameterValue({ in: place, name, schema, required }: Parameter, isTame: boolean) {
  const valid = (from.known[name] ?? validFor(schema, from)).map(String);
  if (place === "path") return (ids[name] ?? fc.oneof(validFor(schema, from), hostileText)).map(String);
  if (place === "header" && isTame) return required ? fc.constant("*") : fc.constant(null);
  if (place === "header") return fc.option(headerValue, { freq: 3 });
  if (isTame) return required ? valid : fc.oneof(valid, fc.constant(null), fc.constant(null), fc.constant(null));
  return fc.option(fc.oneof({ weight: 3, arbitrary: valid }, { weight: 1, arbitrary: hostileText }), { freq: 3 });
}

function askedFor(path: string, { parameters = [], requestBody: wanted }: Operation): fc.Arbitrary<Asked> {
  const valuesOf = (isTame: boolean) =>
    fc.tuple(...parameters.map((one) => parameterValue(one, isTame).map((value) => ({ ...one, value }))));
  const schema = wanted?.content["application/json"]?.schema;
  return fc
    .record({
      values: fc.boolean().chain(valuesOf),
      body: schema ? requestBody(schema, from) : fc.constant(undefined),
      token: fc.oneof(
        { weight: 9, arbitrary: fc.constant(ADMIN_TOKEN) },
        { weight: 4, arbitrary: fc.constant("person") },
        { weight: 1, arbitrary: fc.constantFrom("", "x") },
      ),
    })
    .map(({ values: given, body, token }) => {
      const query = new URLSearchParams();
      const headers: Record<string, string> = token === "person" ? { cookie } : {};
      let address = path;
      for (const { in: place, name, value } of given) {
        if (value === null) continue;
        // An empty name, or one of dots alone, is another address.
        if (place === "path")
          address = address.replace(`{${name}}`, encodeURIComponent(value.toWellFormed().replace(/^\.*$/, "-")));
        else if (place === "query") query.set(name, value);
        else headers[name] = value;
      }
      return {
        path: query.size > 0 ? `${address}?${query}` : address,
        token: token === "person" ? "" : token,
        headers,
        ...(body !== undefined && { body }),
      };
    });
}

function validatorOf(schema: Schema): Validator {
  const held = validators.get(schema);
  if (held) return held;
  const whole = { ...schema, components: { schemas: document.components.schemas } };
  const made = new Validator(whole as ConstructorParameters<typeof Validator>[0], "2020-12"); // our document is one
  validators.set(schema, made);
  return made;
}

/** What is wrong with the answer, by the document; empty when nothing is. */
async function wrongWith(response: Response, { responses }: Operation): Promise<unknown[]> {
  const body = new TextDecoder().decode(await response.arrayBuffer());
  response.webSocket?.accept();
  response.webSocket?.close();
  const { status } = response;
  const given = responses[status];
  const described =
    given?.$ref === undefined ? given : document.components.responses[given.$ref.split("/").at(-1) ?? ""];
  if (status >= 500 || !described) return [`${status} is not described`, body.slice(0, 500)];
  if (!described.content) return body === "" ? [] : ["a body that is not described", body.slice(0, 200)];
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  const schema = described.content[type]?.schema;
  if (!schema) return [`the type ${type} is not described`];
  if (!/[/+]json$/.test(type)) return [];
  const { valid, errors } = validatorOf(schema).validate(JSON.parse(body));
  return valid ? [] : [errors.slice(-3), body.slice(0, 500)];
}

/** Operations that did what they were asked. */
const succeeded = new Set<string>();

async function fuzz(seed: number): Promise<number> {
  await makeAnew();
  let asked = 0;
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  // What takes away what others ask for comes last.
  const inOrder = all.toSorted((a, b) => Number(a.method === "delete") - Number(b.method === "delete"));
  for (const { path, method, operation } of inOrder) {
    const property = fc.asyncProperty(askedFor(path, operation), async ({ path: address, ...options }) => {
      asked++;
      const response = await fetchRaw(method.toUpperCase(), address, options);
      expect(await wrongWith(response, operation)).toEqual([]);
      if (response.ok) succeeded.add(operation.operationId);
    });
    await fc.assert(property, { numRuns: RUNS, seed, endOnFailure: false });
  }
  return asked;
}

it("every operation answers as its document says, whatever it is asked", {
  timeout: 180_000 + 2000 * SECONDS,
}, async () => {
  const until = Date.now() + 1000 * SECONDS;
  let asked = await fuzz(SEED);
  for (let seed = SEED + 1; Date.now() < until; seed++) asked += await fuzz(seed);
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const never = operations.map(({ operationId }) => operationId).filter((id) => !succeeded.has(id));
  if (SECONDS > 0) console.log(`${asked} requests, ${succeeded.size} operations succeeded; never: ${never.join(", ")}`);
  expect(asked).toBeGreaterThan(300);
  // Else the requests are too wild to say anything of the answers.
  expect(succeeded.size).toBeGreaterThan(65);
  expect((await call("GET", "/health/ready")).status).toBe(200);
});
