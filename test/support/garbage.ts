// Requests as nobody should send them, to every door: wrong shapes, wrong types, hostile strings, broken bytes.

import fc from "fast-check";

export interface Garbage {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | null;
}

const hostileText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "",
    "\0",
    "\ud800",
    "__proto__",
    "constructor",
    "%",
    "%00",
    "..%2f..%2f",
    "' or 1=1 --",
    "<script>",
    "1e999",
    "9".repeat(400),
    "a".repeat(70_000),
    "ﷺ".repeat(500),
  ),
);
const hostileNumber = fc.oneof(
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(-1, 0, 1e308, Number.MAX_SAFE_INTEGER, 8.64e15 + 1),
);
const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { depthSize: "small" },
  hostileText,
  hostileNumber,
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 4 }),
  fc.constant(JSON.parse(`${"[".repeat(200)}${"]".repeat(200)}`)),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{}}}')),
);

/** A good example in which some fields were replaced, taken away or added. */
function spoiled(example: Record<string, unknown>): fc.Arbitrary<unknown> {
  const fields = Object.keys(example);
  const change = fc.tuple(fc.constantFrom(...fields, "extra"), fc.option(hostileValue, { freq: 6 }));
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const spoilt: Record<string, unknown> = { ...example };
    for (const [field, value] of changes) {
      if (value === null) delete spoilt[field];
      else spoilt[field] = value;
    }
    return spoilt;
  });
}

const beacon = {
  site: "SITE",
  name: "pageview",
  url: "https://example.com/",
  id: "1",
  at: Date.now(),
  props: { a: 1 },
};
const line = { line: 0, at: Date.now(), name: "pageview", url: "https://example.com/", visitor: "v" };
const query = {
  site_id: "SITE",
  metrics: ["visitors", "bounce_rate"],
  date_range: "7d",
  dimensions: ["event:page"],
  filters: [["is", "visit:country", ["DE"]]],
  order_by: [["visitors", "desc"]],
  include: { time_labels: false },
  pagination: { limit: 10 },
};
const importOptions = { id: "garbage-1", label: "garbage", visitors: "given", bots: "keep" };

const bodies: fc.Arbitrary<unknown> = fc.oneof(
  spoiled(beacon),
  fc.array(fc.oneof(spoiled(beacon), hostileValue), { maxLength: 30 }),
  fc.record({ site: fc.constantFrom("SITE", "nobody"), events: fc.array(spoiled(beacon), { maxLength: 30 }) }),
  fc.record({
    import: fc.oneof(fc.constant(importOptions), spoiled(importOptions)),
    events: fc.array(spoiled(line), { maxLength: 30 }),
  }),
  spoiled(query),
  fc.array(spoiled(query), { maxLength: 4 }),
  spoiled({ id: "garbage", name: "Garbage", timeZone: "UTC", hostnames: [], shards: 1 }),
  spoiled({ kind: "event", match: "signup" }),
  spoiled({ label: "key", scopes: ["query"] }),
  spoiled({ token: "x" }),
  hostileValue,
);

/** The doors; SITE stands for a site that exists. Requests that change or remove it are left out. */
const doors = fc.constantFrom<[method: string, path: string]>(
  ["POST", "/api/event"],
  ["POST", "/api/event"],
  ["POST", "/api/event?x=1"],
  ["OPTIONS", "/api/event"],
  ["GET", "/api/event"],
  ["POST", "/api/v2/query"],
  ["POST", "/api/v2/query"],
  ["GET", "/api/v1/sites"],
  ["POST", "/api/v1/sites"],
  ["GET", "/api/v1/sites/SITE"],
  ["GET", "/api/v1/sites/SITE/status"],
  ["GET", "/api/v1/sites/SITE/live"],
  ["POST", "/api/v1/sites/SITE/import"],
  ["GET", "/api/v1/sites/SITE/import/garbage-1"],
  ["DELETE", "/api/v1/sites/SITE/import/garbage-1"],
  ["POST", "/api/v1/sites/SITE/import/garbage-1/finish"],
  ["POST", "/api/v1/sites/SITE/goals"],
  ["DELETE", "/api/v1/sites/SITE/goals/none"],
  ["POST", "/api/v1/sites/SITE/keys"],
  ["POST", "/api/v1/sites/SITE/flush"],
  ["POST", "/api/v1/session"],
  ["DELETE", "/api/v1/session"],
  ["GET", "/js/edgewise.js"],
  ["GET", "/js/none.js"],
  ["GET", "/health"],
  ["GET", "/health/ready"],
  ["PUT", "/api/nothing"],
  ["GET", "/any/page"],
);

const bytesOf = (site: string) =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: bodies.map((body) => Buffer.from(JSON.stringify(body).replaceAll('"SITE"', `"${site}"`))),
    },
    { weight: 2, arbitrary: bodies.map((body) => Buffer.from(JSON.stringify(body).slice(0, -1))) },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.constant(Buffer.alloc(600 * 1024, "[")) },
  );

const headers = fc.record(
  {
    "content-type": fc.constantFrom("application/json", "text/plain", "application/x-www-form-urlencoded", "x"),
    "user-agent": fc.constantFrom("", "x".repeat(4000), "Mozilla/5.0 (X11; Linux x86_64) Firefox/133.0", "curl/8"),
    "x-forwarded-for": fc.constantFrom("", "1.2.3.4", ",,,", "::1, x"),
    "accept-language": fc.constantFrom("", "*", "x-".repeat(100)),
    referer: fc.constantFrom("", "javascript:1", "https://a.example/"),
    cookie: fc.constantFrom("edgewise_session=1", "edgewise_session=%", "a=b; ;;="),
    origin: fc.constantFrom("null", "https://evil.example"),
  },
  { requiredKeys: [] },
);

/** Reproducible by its seed. `token` is sent with two of three requests. */
export function someGarbage(site: string, token: string, sample: { seed: number; count: number }): Garbage[] {
  const authorization = fc.constantFrom(`Bearer ${token}`, `Bearer ${token}`, "Bearer wrong");
  const request = fc.tuple(doors, headers, authorization, bytesOf(site)).map(
    ([[method, path], rest, authorized, body]): Garbage => ({
      method,
      path: path.replace("SITE", site),
      headers: { ...rest, authorization: authorized },
      body: method === "GET" || method === "OPTIONS" ? null : body,
    }),
  );
  return fc.sample(request, { seed: sample.seed, numRuns: sample.count });
}

/** What is wrong with an answer to garbage, or null: it may refuse, but clearly, and it may not fail. */
export function faultOf(request: Garbage, answer: { status: number; type: string; body: string }): string | null {
  const where = `${request.method} ${request.path} → ${answer.status}`;
  if (answer.status >= 500 && answer.status !== 503) return `${where}: ${answer.body.slice(0, 300)}`;
  if (answer.status < 400) return null;
  if (!answer.type.startsWith("application/problem+json")) return `${where}: not problem+json but ${answer.type}`;
  const problem: unknown = JSON.parse(answer.body);
  const isWhole = typeof problem === "object" && problem !== null && "code" in problem && "title" in problem;
  return isWhole ? null : `${where}: ${answer.body.slice(0, 300)}`;
}
