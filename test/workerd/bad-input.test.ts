import fc from "fast-check";
import { expect, it } from "vitest";
import type { Problem } from "../../workers/domain/errors.ts";
import { aView, type CallOptions, call, createSite, fetchRaw, HOUR_MS, rows, send } from "./worker.ts";

const MEGABYTE = 1024 * 1024;

/** A body of that size in parts, whose length nobody declares. */
function streamOf(bytes: number): ReadableStream<Uint8Array> {
  const part = new Uint8Array(64 * 1024).fill(32);
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      left -= part.length;
      controller.enqueue(part.slice());
    },
  });
}

function expectProblem(answer: { status: number; headers: Headers; body: unknown }, status: number, code: string) {
  expect(answer).toMatchObject({ status, body: { code, requestId: expect.any(String), title: expect.any(String) } });
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect((answer.body as Problem).detail.length).toBeGreaterThan(10);
}

it.each<[what: string, body: unknown, status: number, code: string, headers?: Record<string, string>]>([
  ["no JSON", "{ name: 1", 400, "malformed"],
  ["nothing", "", 400, "malformed"],
  ["no body at all", undefined, 400, "malformed"],
  ["no UTF-8", new Uint8Array([0x22, 0xc3, 0x28, 0xff, 0x22]), 400, "malformed"],
  ["a text", '"text"', 400, "invalid"],
  ["null", "null", 400, "invalid"],
  ["a number", "12", 400, "invalid"],
  ["events that are no list", '{"events":{}}', 400, "invalid"],
  ["501 events", JSON.stringify(Array.from({ length: 501 }, () => ({}))), 400, "invalid"],
  ["10 MB, declared", "", 413, "too_large", { "content-length": String(10 * MEGABYTE) }],
  ["10 MB of undeclared length", streamOf(10 * MEGABYTE), 413, "too_large"],
  ["600 KB", `"${"x".repeat(600_000)}"`, 413, "too_large"],
  ["100,000 open brackets", "[".repeat(100_000), 400, "malformed"],
  ["50,000 nested lists", "[".repeat(50_000) + "]".repeat(50_000), 202, ""],
])("the public door answers %s", async (_, body, status, code, headers) => {
  const answer = await call("POST", "/api/event", { body, token: "", ...(headers && { headers }) } as CallOptions);
  if (code) expectProblem(answer, status, code);
  else expect(answer.status).toBe(status);
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
});

it.each<[what: string, fields: Record<string, unknown>, path: string]>([
  ["a name that is a number", { name: 7 }, "name"],
  ["a name that is too long", { name: "n".repeat(121) }, "name"],
  ["no name", { name: undefined }, "name"],
  ["an address without a host", { url: "/pricing" }, "url"],
  ["an address that is too long", { url: `https://e.com/${"x".repeat(4096)}` }, "url"],
  ["a title that is too long", { title: "t".repeat(501) }, "title"],
  ["an id that is too long", { id: "i".repeat(65) }, "id"],
  ["an id that is a number", { id: 1 }, "id"],
  ["a time in words", { at: "yesterday" }, "at"],
  ["a list as properties", { props: [1] }, "props"],
  ["65 properties", { props: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`p${i}`, i])) }, "props"],
  ["a property that is too long", { props: { text: "x".repeat(2001) } }, "props.text"],
  ["a currency that is none", { revenue: { amount: 1, currency: "euros" } }, "revenue.currency"],
  ["an amount that is none", { revenue: { amount: "a lot", currency: "EUR" } }, "revenue.amount"],
  ["a scroll depth over 100", { scroll: 101 }, "scroll"],
  ["consent that is no yes or no", { consent: { analytics: "yes" } }, "consent.analytics"],
  ["a key named constructor", { props: { constructor: 1 } }, "props.constructor"],
])("an event with %s is refused with the field's path", async (_, fields, path) => {
  const site = await createSite();
  const answer = await send(aView(site, fields));
  expectProblem(answer, 400, "invalid");
  const paths = answer.body.errors?.map((error) => error.path);
  expect(paths?.some((found) => found === path || found.startsWith(`${path}.`))).toBe(true);
});

it("an own __proto__ key is refused wherever it stands, and changes no object", async () => {
  const site = await createSite();
  const event = JSON.stringify(aView(site)).slice(0, -1);
  for (const [added, path] of [
    ['"__proto__":{"polluted":1}', "__proto__"],
    ['"props":{"__proto__":{"polluted":1}}', "props.__proto__"],
    ['"props":{"a":[{"__proto__":null}]}', "props.a.0.__proto__"],
    ['"revenue":{"amount":1,"currency":"EUR","prototype":1}', "revenue.prototype"],
  ]) {
    const answer = await send(`${event},${added}}`);
    expectProblem(answer, 400, "invalid");
    expect(answer.body.errors?.[0]?.path).toBe(path);
  }
  expect("polluted" in {}).toBe(false);
});

it("an event over 32 KB is refused, and one just below is kept", async () => {
  const site = await createSite();
  const props = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`p${i}`, "x".repeat(2000)]));
  expectProblem(await send(aView(site, { props: props(17) })), 400, "invalid");
  expect((await send(aView(site, { props: props(15) }))).status).toBe(202);
});

it("a site that does not exist is named as such", async () => {
  for (const site of ["no-such-site", "../etc"]) {
    const answer = await send({ site, name: "pageview", url: "https://example.com/" });
    expectProblem(answer, 404, "not_found");
    expect(answer.body.errors?.[0]?.path).toBe("site");
  }
});

it("an event that names no site, or is no object, is told so", async () => {
  for (const site of ["", 7, null, undefined]) {
    const answer = await send({ site, name: "pageview", url: "https://example.com/" });
    expectProblem(answer, 400, "invalid");
    expect(answer.body.errors?.[0]).toMatchObject({ path: "site", message: expect.stringMatching(/names its site/) });
  }
  const site = await createSite();
  const { body } = await send([aView(site), 5, null]);
  expect(body).toMatchObject({ accepted: 1, invalid: 2 });
  expect(body.events[0]?.errors?.[0]).toMatchObject({ path: "events.1.site" });
});

it("a site is the same in any case of its letters", async () => {
  const site = await createSite();
  expect((await send({ ...aView(site), site: site.id.toUpperCase() })).body).toMatchObject({ accepted: 1 });
});

it("times too far back or ahead are dropped with a reason, the others kept", async () => {
  const site = await createSite();
  const now = Date.now();
  const at = (ms: number) => aView(site, { at: now + ms });
  const { body } = await send([at(-73 * HOUR_MS), at(-71 * HOUR_MS), at(0), at(4 * 60_000), at(6 * 60_000)]);
  expect(body).toMatchObject({ accepted: 3, dropped: 2, reasons: { too_old: 1, in_future: 1 } });
  for (const when of [0, -1e15, 1e300, -0]) {
    expect((await send(aView(site, { at: when }))).body).toMatchObject({ dropped: 1 });
  }
});

it("text that storage would stumble over is kept without doing harm", async () => {
  const site = await createSite();
  const hostile = [
    "\u0000nul",
    "'; drop table sites; --",
    "<script>",
    "\ud800lone",
    "𝒳𝒴",
    "﷽".repeat(200),
    "%00%E0%A4%A",
  ];
  for (const text of hostile) {
    const url = `https://example.com/${encodeURIComponent(text.toWellFormed())}`;
    const answer = await send(aView(site, { name: `n ${text.slice(0, 100)}`, url, title: text, props: { text } }));
    expect(answer.status).toBe(202);
  }
  expect(await rows(site, { metrics: ["events"] })).toEqual([[hostile.length]]);
  expect(await rows(site, { metrics: ["events"], dimensions: ["event:name"] })).toHaveLength(hostile.length);
});

it("a request may name 20 sites and no more, whose events are refused", async () => {
  const site = await createSite();
  const strangers = Array.from({ length: 19 }, (_, i) => aView(site, { site: `stranger-${i}` }));
  const { body } = await send([aView(site), ...strangers, aView(site, { site: "one-more" }), aView(site)]);
  expect(body).toMatchObject({ accepted: 2, invalid: 20 });
  expect(body.events.at(-1)?.errors?.[0]?.message).toContain("at most 20 sites");
});

it("the list of events has no address of its own to read", async () => {
  for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
    expectProblem(await call(method, "/api/event", { token: "" }), 404, "not_found");
  }
});

it("a nested question is refused or answered, and never costs more than its length", async () => {
  const site = await createSite();
  for (const [depth, statuses] of [
    [10, [200]],
    [60, [200, 400]],
    [20_000, [400]],
  ] as const) {
    const filter = `${'["not",'.repeat(depth)}["is","visit:country",["DE"]]${"]".repeat(depth)}`;
    const body = `{"site_id":"${site.id}","metrics":["visitors"],"date_range":"day","filters":[${filter}]}`;
    const { status } = await call("POST", "/api/v2/query", { body });
    expect(statuses).toContain(status);
  }
});

const DOORS = [
  "/api/event",
  "/api/v2/query",
  "/api/v1/session",
  "/api/v1/sites",
  "/api/v1/sites/SITE",
  "/api/v1/sites/SITE/status",
  "/api/v1/sites/SITE/goals",
  "/api/v1/sites/SITE/goals/x",
  "/api/v1/sites/SITE/keys",
  "/api/v1/sites/SITE/flush",
  "/api/v1/sites/SITE/live",
  "/api/v1/sites/SITE/import",
  "/api/v1/sites/SITE/import/x",
  "/api/v1/sites/SITE/import/x/finish",
  "/health",
  "/health/ready",
  "/api/v1/nothing",
];
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"];

const FIELDS = [
  "site",
  "site_id",
  "name",
  "url",
  "events",
  "id",
  "import",
  "metrics",
  "date_range",
  "filters",
  "token",
];
const jsonBody = fc
  .oneof(fc.jsonValue({ maxDepth: 4 }), fc.dictionary(fc.constantFrom(...FIELDS), fc.jsonValue({ maxDepth: 3 })))
  .map((value) => JSON.stringify(value));
const bytesBody = fc.uint8Array({ maxLength: 300 });
const header = fc.string({
  unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});
const headers = fc.dictionary(
  fc.constantFrom("cookie", "content-type", "origin", "upgrade", "accept", "user-agent", "x-forwarded-for", "dnt"),
  header,
  { maxKeys: 4 },
);
const path = fc.oneof(
  fc.constantFrom(...DOORS),
  fc.tuple(fc.constantFrom(...DOORS), fc.webQueryParameters()).map(([door, query]) => `${door}?${query}`),
  fc.webPath().map((rest) => `/api/v1/sites${rest}`),
  fc
    .array(fc.constantFrom("%", "%00", "%E0%A4", "..", "//", "sites", "💥", "import"), { maxLength: 5 })
    .map((parts) => `/api/v1/${parts.join("/")}`),
);

it("garbage at any door is never a fault of ours, and what is refused is a problem", async () => {
  const site = await createSite();
  const garbage = fc.record({
    method: fc.constantFrom(...METHODS),
    path,
    headers,
    token: fc.constantFrom("", "garbage", "test-admin-token"),
    body: fc.oneof(jsonBody, bytesBody, fc.constant(undefined)),
  });
  const property = fc.asyncProperty(garbage, async ({ method, path: wild, body, ...options }) => {
    const bodiless = method === "GET" || method === "HEAD";
    const response = await fetchRaw(method, wild.replace("SITE", site.id), {
      ...options,
      ...(!bodiless && body !== undefined && { body }),
    });
    expect(response.status).toBeLessThan(500);
    const text = await response.text();
    response.webSocket?.accept();
    response.webSocket?.close();
    if (response.status < 400 || method === "HEAD") return;
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(JSON.parse(text)).toMatchObject({ code: expect.any(String), requestId: expect.any(String) });
  });
  await fc.assert(property, { numRuns: 400 });
});

it("a beacon of random fields is taken or refused by name, and the shard can always be asked", async () => {
  const site = await createSite();
  const beacon = fc.record(
    {
      site: fc.constant(site.id),
      name: fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.constant("pageview")),
      url: fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string()),
      title: fc.string({ unit: "binary" }),
      referrer: fc.oneof(fc.webUrl(), fc.string()),
      id: fc.string({ maxLength: 70 }),
      at: fc.oneof(
        fc.double(),
        fc.integer({ min: -4, max: 3 }).map((hours) => Date.now() + hours * 60_000),
        fc.string(),
      ),
      props: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })),
      revenue: fc.record({ amount: fc.double(), currency: fc.constantFrom("EUR", "x") }),
      engagement: fc.double(),
      scroll: fc.double(),
      width: fc.integer(),
      language: fc.string(),
      userId: fc.string(),
      persistentId: fc.string(),
      consent: fc.record({ analytics: fc.boolean() }),
      retry: fc.boolean(),
    },
    { requiredKeys: ["site", "name", "url"] },
  );
  let accepted = 0;
  const property = fc.asyncProperty(fc.array(beacon, { maxLength: 12 }), async (events) => {
    const { status, body } = await send(events);
    expect(status).toBe(202);
    expect(body.accepted + body.duplicate + body.dropped + body.invalid).toBe(events.length);
    expect(body.retry).toBe(0);
    accepted += body.accepted;
  });
  await fc.assert(property, { numRuns: 60 });
  const { events } = (await call<{ events: number }>("GET", `/api/v1/sites/${site.id}/status`)).body;
  expect(events).toBe(accepted);
  await rows(site, { dimensions: ["event:name", "event:page"] });
});
