import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { app } from "../../workers/api/app.ts";
import { writeUsage } from "../../workers/api/usage.ts";
import type { Site } from "../../workers/domain/site.ts";
import { claimOwner, cookiesOf, join, PASSWORD, post } from "./people.ts";
import {
  type Answer,
  aView,
  call,
  createSite,
  DAY_MS,
  from,
  HOUR_MS,
  ORIGIN,
  ok,
  sendTaken,
  setClock,
} from "./worker.ts";

beforeAll(async () => {
  await claimOwner();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const question = (site: Site) => ({ site_id: site.id, metrics: ["visitors"], date_range: "all" });

describe("a key", () => {
  const make = (site: Site, fields: object = {}) =>
    call<{ id: string; key: string }>("POST", `/api/v1/sites/${site.id}/keys`, {
      body: { label: "script", scopes: ["query"], ...fields },
    });
  const ask = async (site: Site, token: string) =>
    (await call("POST", "/api/v2/query", { token, body: question(site) })).status;
  const listed = async (site: Site) =>
    (await ok<{ keys: Record<string, unknown>[] }>("GET", `/api/v1/sites/${site.id}/keys`)).keys;

  it("is shown once, and listed without what opens anything", async () => {
    const site = await createSite();
    const { key, id } = (await make(site)).body;
    expect(key).toMatch(/^ew_[0-9a-f]{48}$/);
    const keys = await listed(site);
    expect(keys).toMatchObject([{ id, label: "script", scopes: ["query"], expiresAt: null, lastUsedAt: null }]);
    expect(JSON.stringify(keys)).not.toContain(key);
    const stored = await env.DB.prepare("select * from api_keys where id = ?1").bind(id).all();
    expect(JSON.stringify(stored.results)).not.toContain(key);
  });

  it("ends when revoked or at its time, and the past is no time", async () => {
    const site = await createSite();
    expect((await make(site, { expiresAt: Date.now() - 1 })).body).toMatchObject({ errors: [{ path: "expiresAt" }] });
    const [lasting, brief] = [(await make(site)).body, (await make(site, { expiresAt: Date.now() + DAY_MS })).body];
    expect([await ask(site, lasting.key), await ask(site, brief.key)]).toEqual([200, 200]);
    setClock(Date.now() + DAY_MS);
    expect([await ask(site, lasting.key), await ask(site, brief.key)]).toEqual([200, 401]);
    const path = `/api/v1/sites/${site.id}/keys/${lasting.id}`;
    expect((await call("DELETE", path)).status).toBe(204);
    expect(await ask(site, lasting.key)).toBe(401);
    expect((await call("DELETE", path)).status).toBe(404);
  });

  it("notes its last use, at most once in five minutes", async () => {
    const site = await createSite();
    const { key, id } = (await make(site)).body;
    const lastUse = async () => (await listed(site)).find((one) => one.id === id)?.lastUsedAt;
    const first = Date.now();
    const uses: unknown[] = [];
    for (const later of [0, 60_000, 6 * 60_000]) {
      setClock(first + later);
      const context = createExecutionContext();
      const headers = { authorization: `Bearer ${key}` };
      await app.fetch(new Request(`${ORIGIN}/api/v1/sites/${site.id}`, { headers }), env, context);
      await waitOnExecutionContext(context);
      uses.push(await lastUse());
    }
    expect(uses).toEqual([first, first, first + 6 * 60_000]);
  });

  it("cannot be given what its maker lacks", async () => {
    const site = await createSite();
    const { headers } = await join("main", "custom", ["keys", "query"]);
    const path = `/api/v1/sites/${site.id}/keys`;
    expect((await post(path, { label: "more", scopes: ["query", "import"] }, headers)).status).toBe(403);
    expect((await post(path, { label: "as much", scopes: ["query"] }, headers)).status).toBe(201);
  });
});

describe("a share link", () => {
  const make = (site: Site, password: string | null = null) =>
    ok<{ id: string; link: string }>("POST", `/api/v1/sites/${site.id}/shares`, { label: "for the board", password });

  it("answers the same numbers as its site's members get, by cookie or as a bearer", async () => {
    const site = await createSite();
    for (let i = 0; i < 7; i++) await sendTaken(aView(site), from(i));
    const { id, link } = await make(site);
    expect(link).toBe(`${ORIGIN}/share/${id}`);
    const opened = await post(`/api/v1/shares/${id}`, {});
    expect(opened.body).toMatchObject({ site: { id: site.id } });
    const asked = (token: string, headers = {}) =>
      call<{ results: { metrics: number[] }[] }>("POST", "/api/v2/query", { token, headers, body: question(site) });
    const own = await ok<{ results: unknown }>("POST", "/api/v2/query", question(site));
    expect(own.results).toEqual([{ dimensions: [], metrics: [7] }]);
    expect((await asked("", cookiesOf(opened))).body.results).toEqual(own.results);
    expect((await asked(id)).body.results).toEqual(own.results);
  });

  it("with a password opens by it alone, and slowly for who guesses", async () => {
    const site = await createSite();
    const { id } = await make(site, "open sesame");
    const door = `/api/v1/shares/${id}`;
    expect((await post(door, {})).status).toBe(401);
    expect((await call("POST", "/api/v2/query", { token: id, body: question(site) })).status).toBe(401);
    const opened = await post(door, { password: "open sesame" });
    expect((await post("/api/v2/query", question(site), cookiesOf(opened))).status).toBe(200);
    const tries: Answer<unknown>[] = [];
    for (let i = 0; i < 6; i++) tries.push(await post(door, { password: "open says me" }));
    expect(tries.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
    const stored = await env.DB.prepare("select * from shares where id = ?1").bind(id).all();
    expect(JSON.stringify(stored.results)).not.toContain("sesame");
  });

  it("ends after a day, when revoked, and cannot be made up", async () => {
    const [site, other] = [await createSite(), await createSite()];
    const { id } = await make(site);
    const cookie = cookiesOf(await post(`/api/v1/shares/${id}`, {}));
    const ask = async (headers = cookie) => (await post("/api/v2/query", question(site), headers)).status;
    expect(await ask()).toBe(200);
    const { id: second } = await make(other);
    expect(await ask({ cookie: cookie.cookie.replace(id, second) })).toBe(401);
    setClock(Date.now() + DAY_MS + HOUR_MS);
    expect(await ask()).toBe(401);
    vi.useRealTimers();
    expect((await call("DELETE", `/api/v1/sites/${other.id}/shares/${id}`)).status).toBe(404);
    expect((await call("DELETE", `/api/v1/sites/${site.id}/shares/${id}`)).status).toBe(204);
    expect(await ask()).toBe(401);
    expect((await post(`/api/v1/shares/${id}`, {})).status).toBe(404);
  });

  it("adds its site to what somebody signed in elsewhere sees", async () => {
    const site = await createSite();
    const elsewhere = await ok<{ id: string }>("POST", "/api/v1/teams", { name: "Elsewhere" });
    const reader = await join(elsewhere.id, "owner");
    expect((await post("/api/v2/query", question(site), reader.headers)).status).toBe(404);
    const { cookie } = cookiesOf(await post(`/api/v1/shares/${(await make(site)).id}`, {}));
    const both = { cookie: `${reader.headers.cookie}; ${cookie}` };
    expect((await post("/api/v2/query", question(site), both)).status).toBe(200);
    expect((await post(`/api/v1/sites/${site.id}/goals`, { kind: "event", match: "x" }, both)).status).toBe(403);
  });
});

describe("too many requests", () => {
  it("are refused by who asks, with the time to wait, but never the deployment's own token's", async () => {
    const site = await createSite();
    const keyPath = `/api/v1/sites/${site.id}/keys`;
    const { key, id } = await ok<{ key: string; id: string }>("POST", keyPath, { label: "busy", scopes: ["query"] });
    const counted: string[] = [];
    const limit = ({ key: name }: RateLimitOptions) => {
      counted.push(name);
      return Promise.resolve({ success: false });
    };
    const ask = (headers: Record<string, string>) =>
      app.fetch(new Request(`${ORIGIN}/api/v1/sites/${site.id}`, { headers }), { ...env, API_LIMIT: { limit } });
    const refused = await ask({ authorization: `Bearer ${key}` });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    for (const address of ["198.51.100.7", "198.51.100.7", "198.51.100.8"]) {
      expect((await ask({ authorization: "Bearer guess", "cf-connecting-ip": address })).status).toBe(429);
    }
    expect((await ask({ authorization: "Bearer test-admin-token" })).status).toBe(200);
    // The counter may write its keys down: no address is in them.
    expect(counted).toEqual([`key ${id}`, ...Array(3).fill(expect.stringMatching(/^address [0-9a-f]{16}$/))]);
    expect(counted[1]).toBe(counted[2]);
    expect(counted[1]).not.toBe(counted[3]);
  });

  it("are counted by the Worker itself on one machine", async () => {
    const site = await createSite();
    const keyPath = `/api/v1/sites/${site.id}/keys`;
    const { key } = await ok<{ key: string }>("POST", keyPath, { label: "busy", scopes: ["query"] });
    const { API_LIMIT: _, ...bindings } = env;
    const local = { ...bindings, EDGEWISE_API_LIMIT: { limit: 2, period: 60 } };
    const ask = (token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      return app.fetch(new Request(`${ORIGIN}/api/v1/sites/${site.id}`, { headers }), local);
    };
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await ask(key)).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
    expect((await ask("test-admin-token")).status).toBe(200);
  });
});

describe("a site's own limit", () => {
  it("stops keys and links after so many requests an hour, and nobody who could raise it", async () => {
    const site = await createSite({ requestsPerHour: 5 });
    const path = `/api/v1/sites/${site.id}`;
    const { key } = await ok<{ key: string }>("POST", `${path}/keys`, { label: "busy", scopes: ["query"] });
    setClock(Date.UTC(2027, 0, 1, 12, 30));
    const { id } = await ok<{ id: string }>("POST", `${path}/shares`, { label: "board" });
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++) statuses.push((await call("GET", path, { token: i % 2 === 0 ? key : id })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    // Another isolate knows it from what was written.
    await writeUsage(env.DB);
    setClock(Date.UTC(2027, 0, 1, 12, 31));
    const refused = await call("GET", path, { token: key });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, String(29 * 60)]);
    expect((await call("GET", path)).status).toBe(200);
    expect((await call("PATCH", path, { body: { requestsPerHour: 500 } })).status).toBe(200);
    expect((await call("GET", path, { token: key })).status).toBe(200);
    expect((await call("PATCH", path, { body: { requestsPerHour: 0 } })).status).toBe(400);
  });
});

describe("the log of requests", () => {
  it("counts who asked what, how often and how it went, without addresses, names or secrets", async () => {
    const site = await createSite();
    const base = `/api/v1/sites/${site.id}`;
    const { key, id } = await ok<{ key: string; id: string }>("POST", `${base}/keys`, {
      label: "k",
      scopes: ["query"],
    });
    for (let i = 0; i < 3; i++) await call("POST", "/api/v2/query", { token: key, body: question(site) });
    await call("POST", "/api/v2/query", { token: key, body: { ...question(site), metrics: ["none-such"] } });
    await call("POST", `${base}/goals`, { token: key, body: {} });
    await writeUsage(env.DB);
    await call("POST", "/api/v2/query", { token: key, body: question(site) });
    await writeUsage(env.DB);
    const { usage } = await ok<{ usage: Record<string, unknown>[] }>("GET", `${base}/api-usage`);
    const ofKey = usage.filter(({ actor }) => actor === `key ${id}`);
    expect(ofKey).toMatchObject([{ route: "POST /api/v2/query", siteId: site.id, requests: 5, refused: 1, failed: 0 }]);
    expect(Number(ofKey[0]?.longestMs)).toBeGreaterThanOrEqual(Number(ofKey[0]?.meanMs));
    expect(usage.some(({ actor }) => actor === "operator")).toBe(true);
    const all = JSON.stringify((await ok<{ usage: unknown }>("GET", "/api/v1/api-usage?hours=1")).usage);
    for (const secret of [key, "@example.com", "203.0.113"]) expect(all).not.toContain(secret);
    expect((await call("GET", `${base}/api-usage?hours=0`)).body).toMatchObject({ errors: [{ path: "hours" }] });
  });
});

describe("an answer of the API", () => {
  it("is kept by no cache and taken for no page", async () => {
    for (const path of ["/api/v1/session", "/api/v1/sites", "/api/v1/none-such"]) {
      const { headers } = await call("GET", path);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
    }
  });
});

describe("Cloudflare Access", () => {
  let teams = 0;

  /** A team's keys, served where Cloudflare serves them; assertions signed with them. */
  async function aTeam(domain = `team-${++teams}.cloudflareaccess.com`) {
    const settings = { EDGEWISE_ACCESS_DOMAIN: domain, EDGEWISE_ACCESS_AUDIENCE: "this-application" };
    const { publicKey, privateKey } = await generateKeyPair("RS256");
    const keys = [{ ...(await exportJWK(publicKey)), kid: "one", alg: "RS256" }];
    const fetched: string[] = [];
    vi.stubGlobal("fetch", async (url: string | URL) => {
      fetched.push(String(url));
      return Response.json({ keys });
    });
    const assert = (claims: Record<string, unknown>, { audience = "this-application", expires = "5m" } = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "RS256", kid: "one" })
        .setIssuer(`https://${domain}`)
        .setAudience(audience)
        .setExpirationTime(expires)
        .sign(privateKey);
    const ask = async (assertion: string, headers: Record<string, string> = {}, bindings: object = settings) => {
      const all = { "cf-access-jwt-assertion": assertion, ...headers };
      const response = await app.fetch(new Request(`${ORIGIN}/api/v1/session`, { headers: all }), {
        ...env,
        ...bindings,
      });
      return { status: response.status, body: await response.json<{ person?: { email: string } }>() };
    };
    return { assert, ask, domain, fetched };
  }

  it("signs in whom it vouches for, for this deployment alone", async () => {
    const member = await join("main", "analyst");
    const { assert, ask, domain, fetched } = await aTeam();
    const good = await assert({ email: member.email.toUpperCase() });
    expect(await ask(good)).toMatchObject({ status: 200, body: { role: "analyst", person: { email: member.email } } });
    expect(fetched).toEqual([`https://${domain}/cdn-cgi/access/certs`]);
    const { email } = member;
    const forged = await (await aTeam(domain)).assert({ email });
    for (const bad of [
      await assert({ email }, { audience: "another-application" }),
      await assert({ email }, { expires: "-1m" }),
      await assert({}),
      `${good.slice(0, -4)}AAAA`,
      forged,
      "garbage",
      `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ email, aud: "this-application" }))}.`.replaceAll("=", ""),
    ]) {
      expect([bad.slice(0, 20), (await ask(bad)).status]).toEqual([bad.slice(0, 20), 401]);
    }
    expect((await ask(good, { origin: "https://evil.test" })).status).toBe(403);
    expect((await ask(good, {}, {})).status).toBe(401);
  });

  it("lets in whoever was invited, without a password, and nobody else", async () => {
    const { assert, ask } = await aTeam();
    const email = "invited@example.com";
    const assertion = await assert({ email, name: "Ina" });
    expect((await ask(assertion)).status).toBe(403);
    await ok("POST", "/api/v1/teams/main/invitations", { email, role: "viewer" });
    expect(await ask(assertion)).toMatchObject({ status: 200, body: { role: "viewer", person: { name: "Ina" } } });
    expect((await post("/api/v1/session", { email, password: PASSWORD })).status).toBe(401);
  });
});
