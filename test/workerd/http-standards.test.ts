// What holds for every resource alike: tags, versions, keys against doing something twice, pages.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { Problem } from "../../workers/domain/errors.ts";
import type { Site } from "../../workers/domain/site.ts";
import { JOBS } from "../../workers/jobs/index.ts";
import { call, createSite, DAY_MS, ok } from "./worker.ts";

const targets = [{ since: "2026-01-01", target: 2 }];
const count = { label: "Count", definition: { kind: "count" } };
const filters = [["is", "event:page", ["/"]]];
const steps = [{ event: "pageview" }, { event: "signup" }];
const lines = [{ side: "adoption", goal: "more", metric: "visitors" }];
const at = "2026-11-21T12:00:00Z";

/** A body that makes one, and one that changes it. */
const VERSIONED: Record<string, { list: string; made: object; changed: object }> = {
  boards: { list: "boards", made: { name: "a" }, changed: { name: "b" } },
  "quality-rules": {
    list: "rules",
    made: { on: "metric", name: "a", metric: "visitors", min: 1 },
    changed: { on: "metric", name: "b", metric: "visitors", min: 1 },
  },
  funnels: { list: "funnels", made: { name: "a", steps }, changed: { name: "b", steps } },
  annotations: { list: "annotations", made: { at, text: "a" }, changed: { at, text: "b" } },
  segments: { list: "segments", made: { name: "a", filters }, changed: { name: "b", filters } },
  kpis: {
    list: "kpis",
    made: { name: "a", formula: "visitors", targets },
    changed: { name: "b", formula: "visits", targets },
  },
  "heart-sheets": { list: "sheets", made: { name: "a", lines }, changed: { name: "b", lines } },
  metrics: { list: "metrics", made: { name: "own", ...count }, changed: { ...count, label: "Counted" } },
};
const KINDS = Object.keys(VERSIONED);

interface Made {
  id?: string | number;
  name: string;
  version: number;
}

async function siteWith(kind: string) {
  const site = await createSite();
  const path = `/api/v1/sites/${site.id}/${kind}`;
  const made = await call<Made>("POST", path, { body: VERSIONED[kind]!.made });
  return { path, made, one: `${path}/${made.body.id ?? made.body.name}` };
}

it.each(KINDS)("%s: of two who change what they both read one is told that it is stale", async (kind) => {
  const { made, one } = await siteWith(kind);
  const { changed } = VERSIONED[kind]!;
  const tag = made.headers.get("etag")!;
  expect(tag).toMatch(/^"1\.[0-9a-f]+"$/);
  const put = (given: string) => call<Made & Problem>("PUT", one, { body: changed, headers: { "if-match": given } });
  const answers = await Promise.all([put(tag), put(tag), put(tag)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  const winner = answers.find(({ status }) => status === 200)!;
  expect(winner.headers.get("etag")).toMatch(/^"2\./);
  for (const { status, body } of answers) {
    if (status === 412) expect(body).toMatchObject({ code: "stale", current: { version: 2 } });
  }
  expect((await put("2")).body.errors?.[0]?.path).toBe("If-Match");
  expect((await call("DELETE", one, { headers: { "if-match": tag } })).status).toBe(412);
  expect((await put(`W/${winner.headers.get("etag")}`)).status).toBe(200);
  expect((await call("DELETE", one, { headers: { "if-match": '"3"' } })).status).toBe(204);
  expect((await put("*")).status).toBe(404);
});

it.each(KINDS)("%s: who has the list already is told so, until it changes", async (kind) => {
  const { path, one } = await siteWith(kind);
  const first = await call("GET", path);
  const tag = first.headers.get("etag")!;
  const again = await call("GET", path, { headers: { "if-none-match": `"other", W/${tag}` } });
  expect([again.status, again.body, again.headers.get("etag")]).toEqual([304, "", tag]);
  expect((await call("HEAD", path, { headers: { "if-none-match": tag } })).status).toBe(304);
  expect((await call("PUT", one, { body: VERSIONED[kind]!.changed, headers: { "if-match": "*" } })).status).toBe(200);
  const later = await call("GET", path, { headers: { "if-none-match": tag } });
  expect(later.status).toBe(200);
  expect(later.headers.get("etag")).not.toBe(tag);
});

it.each([...KINDS, "goals", "keys", "shares"])("%s: a creation sent several times makes one", async (kind) => {
  const bodies: Record<string, object> = {
    goals: { kind: "event", match: "signup" },
    keys: { label: "a", scopes: ["query"] },
    shares: { label: "a" },
  };
  const body = VERSIONED[kind]?.made ?? bodies[kind]!;
  const path = `/api/v1/sites/${(await createSite()).id}/${kind}`;
  const headers = { "idempotency-key": crypto.randomUUID() };
  const answers = await Promise.all([1, 2, 3, 4].map(() => call<Problem>("POST", path, { body, headers })));
  const made = answers.find(({ headers: told, status }) => status === 201 && !told.has("idempotency-replayed"))!;
  for (const { status, body: told, headers: own } of answers) {
    if (status === 201) expect(told).toEqual(made.body);
    else expect([status, told.code, own.get("retry-after")]).toEqual([409, "conflict", "1"]);
  }
  const again = await call("POST", path, { body, headers });
  expect([again.status, again.body]).toEqual([201, made.body]);
  expect(again.headers.get("etag")).toBe(made.headers.get("etag"));
  const list = await ok<Record<string, unknown[]>>("GET", path);
  expect(list[VERSIONED[kind]?.list ?? kind]).toHaveLength(1);
  const other = await call<Problem>("POST", path, { body: { ...body, label: "other" }, headers });
  expect([other.status, other.body.code]).toEqual([422, "key_reused"]);
});

it("a change of what has no versions is not made for who asks for one", async () => {
  const site = await createSite({ name: "Before" });
  const path = `/api/v1/sites/${site.id}`;
  const etag = (await call("GET", path)).headers.get("etag")!;
  const rename = (given: string) =>
    call<Site & Problem>("PATCH", path, { body: { name: "After" }, headers: { "if-match": given } });
  expect((await rename(etag)).body.errors?.[0]?.path).toBe("If-Match");
  expect(await ok("GET", path)).toMatchObject({ name: "Before" });
  expect((await rename("*")).body.name).toBe("After");
});

it("a key is its sender's, its path's and a day's, and a refused request does not use it up", async () => {
  const site = await createSite();
  const path = `/api/v1/sites/${site.id}/funnels`;
  const { key } = await ok<{ key: string }>("POST", `/api/v1/sites/${site.id}/keys`, {
    label: "a",
    scopes: ["define"],
  });
  const headers = { "idempotency-key": "same" };
  const body = { name: "a", steps };
  expect((await call("POST", path, { body: { name: "a" }, headers })).status).toBe(400);
  const idOf = async (options: object) =>
    (await call<{ id: string }>("POST", path, { body, headers, ...options })).body.id;
  const ids = [await idOf({}), await idOf({ token: key })];
  expect(new Set(ids).size).toBe(2);
  expect([await idOf({}), await idOf({ token: key })]).toEqual(ids);
  expect((await call("POST", path, { body, headers: { "idempotency-key": "x".repeat(256) } })).status).toBe(400);
  expect((await call("POST", path, { body, headers, token: "" })).status).toBe(401);
  const stored = await env.DB.prepare("select reply from replies").all<{ reply: string }>();
  expect(JSON.stringify(stored.results)).not.toContain(ids[0]);
  await JOBS.pruneAccess.run(env, Date.now() + DAY_MS + 1);
  expect((await env.DB.prepare("select count(*) as n from replies").first<{ n: number }>())?.n).toBe(0);
  expect(ids).not.toContain(await idOf({}));
});

it.each([
  ["segments", "segments", (n: number) => ({ name: `s${n}`, filters })],
  ["goals", "goals", (n: number) => ({ kind: "event", match: `e${n}` })],
  ["metrics", "metrics", (n: number) => ({ name: `own${n}`, ...count })],
  ["annotations", "annotations", (n: number) => ({ at, text: `${n}` })],
])("%s: pages miss nothing and repeat nothing while more are added", async (path, list, bodyOf) => {
  const address = `/api/v1/sites/${(await createSite()).id}/${path}`;
  for (let n = 1; n <= 5; n++) await ok("POST", address, bodyOf(n));
  const seen: unknown[] = [];
  let next: string | null = "";
  for (let n = 6; next !== null; n++) {
    const page: Record<string, unknown> = await ok("GET", `${address}?limit=2${next && `&cursor=${next}`}`);
    seen.push(...(page[list] as unknown[])); // an array by the schema
    next = page.next as string | null; // by the schema
    if (n <= 7) await ok("POST", address, bodyOf(n));
  }
  const all = await ok<Record<string, unknown>>("GET", address);
  expect(seen).toEqual(all[list]);
  expect(seen).toHaveLength(7);
  for (const cursor of ["none", "%00", "WyJhIiwiYiIsImMiXQ"]) {
    const { status, body } = await call<Problem>("GET", `${address}?cursor=${cursor}`);
    expect([status, body.errors?.[0]?.path]).toEqual([400, "cursor"]);
  }
});
