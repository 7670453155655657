// Every operation of the document, asked as the document says and not quite so: no failure of ours, and no answer that the
// document does not describe. EDGEWISE_FUZZ_SECONDS asks for as long; EDGEWISE_SEED repeats the choices.

import { env } from "cloudflare:workers";
import { Validator } from "@cfworker/json-schema";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { metrics } from "../../workers/catalog/metrics/index.ts";
import { type Generating, hostileText, requestBody, type Schema, validFor } from "./openapi-requests.ts";
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
let from: Generating;
let ids: Record<string, fc.Arbitrary<string>>;
const validators = new Map<Schema, Validator>();

beforeAll(async () => {
  document = await ok<Document>("GET", "/api/v1/openapi.json");
  const site = await createSite();
  await send([aView(site), aView(site, { name: "signup", revenue: { amount: 3, currency: "EUR" } })]);
  const at = (path: string) => `/api/v1/sites/${site.id}${path}`;
  await ok("POST", at("/metrics"), { name: "signups", label: "Signups", definition: { kind: "count" } });
  const targets = [{ since: "2026-01-01", target: 1 }];
  const kpi = await ok<{ id: string }>("POST", at("/kpis"), { name: "Visitors", formula: "visitors", targets });
  const lines = [{ side: "adoption", goal: "more", metric: "signups" }];
  const sheet = await ok<{ id: string }>("POST", at("/heart-sheets"), { name: "Sheet", lines });
  const segment = await ok<{ id: number }>("POST", at("/segments"), {
    name: "Pages",
    filters: [["is", "event:page", ["/"]]],
  });
  const page = { event: "pageview" };
  const funnel = await ok<{ id: string }>("POST", at("/funnels"), { name: "Way", steps: [page, { event: "signup" }] });
  const note = await ok<{ id: string }>("POST", at("/annotations"), { at: "2026-11-21T12:00:00Z", text: "Began" });
  const board = await ok<{ id: string }>("POST", at("/boards"), { name: "Board" });
  const known = (...values: (string | number)[]) =>
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...values.map(String)) }, { weight: 1, arbitrary: hostileText });
  ids = {
    id: known(site.id),
    team: known("main"),
    kpiId: known(kpi.id),
    sheetId: known(sheet.id),
    segmentId: known(segment.id),
    boardId: known(board.id),
    funnelId: known(funnel.id),
    annotationId: known(note.id),
    name: known("signups"),
  };
  const metric = fc.constantFrom(...Object.keys(metrics), "signups");
  from = {
    components: document.components.schemas,
    known: {
      site: fc.constant(site.id),
      site_id: fc.constant(site.id),
      metrics: fc.uniqueArray(metric, { minLength: 1, maxLength: 3 }),
      metric,
      dimensions: fc.subarray(["event:page", "visit:country", "time:day", "event:props:plan"]),
      analysis: fc.constantFrom("funnel", "retention", "paths", "properties", "none"),
      formula: fc.constantFrom("visitors", "signups / visitors * 100", "1 +", "none"),
      timeZone: fc.constantFrom("UTC", "Asia/Kathmandu", "Nowhere"),
      currency: fc.constantFrom("EUR", "USD"),
      // More would move the site's history, which is slow and not asked for here.
      shards: fc.constant(1),
      from: fc.constantFrom("2026-11-01", "2020-01-01"),
      to: fc.constantFrom("2026-11-30", "2030-01-01"),
      token: fc.constantFrom("garbage"),
    },
  };
});

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

function askedFor(path: string, { parameters = [], requestBody: wanted }: Operation): fc.Arbitrary<Asked> {
  const chosen = ({ in: place, name, schema }: Parameter) => {
    if (place === "header") return fc.option(headerValue, { freq: 3 });
    if (place === "path") return (ids[name] ?? fc.oneof(validFor(schema, from), hostileText)).map(String);
    const value = fc.oneof(
      { weight: 3, arbitrary: (from.known[name] ?? validFor(schema, from)).map(String) },
      { weight: 1, arbitrary: hostileText },
    );
    return fc.option(value, { freq: 3 });
  };
  const values = fc.tuple(...parameters.map((one) => chosen(one).map((value) => ({ ...one, value }))));
  const schema = wanted?.content["application/json"]?.schema;
  return fc
    .record({
      values,
      body: schema ? requestBody(schema, from) : fc.constant(undefined),
      token: fc.oneof(
        { weight: 12, arbitrary: fc.constant(ADMIN_TOKEN) },
        { weight: 1, arbitrary: fc.constantFrom("", "x") },
      ),
    })
    .map(({ values: given, body, token }) => {
      const query = new URLSearchParams();
      const headers: Record<string, string> = {};
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
        token,
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
  let asked = 0;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const property = fc.asyncProperty(askedFor(path, operation), async ({ path: address, ...options }) => {
        asked++;
        const response = await fetchRaw(method.toUpperCase(), address, options);
        expect(await wrongWith(response, operation)).toEqual([]);
        if (response.ok) succeeded.add(operation.operationId);
      });
      await fc.assert(property, { numRuns: RUNS, seed, endOnFailure: false });
    }
  }
  return asked;
}

it("every operation answers as its document says, whatever it is asked", {
  timeout: 60_000 + 2000 * SECONDS,
}, async () => {
  const until = Date.now() + 1000 * SECONDS;
  let asked = await fuzz(SEED);
  for (let seed = SEED + 1; Date.now() < until; seed++) asked += await fuzz(seed);
  if (SECONDS > 0) console.log(`${asked} requests, ${succeeded.size} operations succeeded`);
  expect(asked).toBeGreaterThan(300);
  // Else the requests are too wild to say anything of the answers.
  expect(succeeded.size).toBeGreaterThan(35);
  expect((await call("GET", "/health/ready")).status).toBe(200);
});
