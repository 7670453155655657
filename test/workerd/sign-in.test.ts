import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ADMIN_TOKEN, call, createSite, DAY_MS, fetchRaw, ORIGIN, setClock } from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

const signIn = (token: unknown, headers = {}) =>
  call("POST", "/api/v1/session", { token: "", body: { token }, headers });

async function sessionCookie(): Promise<string> {
  const { headers } = await signIn(ADMIN_TOKEN);
  return headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

const whoAmI = (cookie: string, headers = {}) =>
  call("GET", "/api/v1/session", { token: "", headers: { cookie, ...headers } });

describe("signing in", () => {
  it("with the owner's token gives a cookie that scripts cannot read and other sites cannot send", async () => {
    const { status, headers } = await signIn(ADMIN_TOKEN);
    expect(status).toBe(204);
    const [cookie, ...more] = headers.getSetCookie();
    expect(more).toEqual([]);
    const flags = cookie?.split("; ").slice(1);
    expect(flags).toEqual(expect.arrayContaining(["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=2592000"]));
    expect(cookie).not.toContain(ADMIN_TOKEN);
    expect((await whoAmI(await sessionCookie())).body).toMatchObject({ signedIn: true, role: "owner" });
  });

  it("with anything else gives none", async () => {
    for (const token of ["wrong", `${ADMIN_TOKEN} `, ADMIN_TOKEN.toUpperCase(), "x".repeat(200)]) {
      const { status, headers, body } = await signIn(token);
      expect([status, headers.getSetCookie()]).toEqual([401, []]);
      expect(body).toMatchObject({ code: "unauthorized" });
    }
    for (const token of ["", 7, null, ["a"], "x".repeat(201)]) expect((await signIn(token)).status).toBe(400);
  });

  it("ends by signing out", async () => {
    const { status, headers } = await call("DELETE", "/api/v1/session", { token: "" });
    expect(status).toBe(204);
    expect(headers.getSetCookie()[0]).toMatch(/^edgewise_session=;.*Max-Age=0/);
    expect((await call("GET", "/api/v1/session", { token: "" })).status).toBe(401);
  });

  it("lasts thirty days, whatever the browser keeps", async () => {
    const cookie = await sessionCookie();
    setClock(Date.now() + 29 * DAY_MS);
    expect((await whoAmI(cookie)).status).toBe(200);
    setClock(Date.now() + 2 * DAY_MS);
    expect((await whoAmI(cookie)).status).toBe(401);
  });

  it("cannot be forged or prolonged", async () => {
    const cookie = await sessionCookie();
    const [, value = ""] = cookie.split("=");
    const [expires = "", signature = ""] = decodeURIComponent(value).split(".");
    const later = String(Number(expires) + 1000);
    for (const forged of [
      `${later}.${signature}`,
      `${expires}.${signature.slice(0, -3)}A==`,
      expires,
      `${expires}.`,
      `.${signature}`,
      `${expires}.${btoa("x".repeat(32))}`,
      "%E0%A4%A",
      "",
    ]) {
      const answer = await whoAmI(`edgewise_session=${encodeURIComponent(forged)}`);
      expect([forged, answer.status]).toEqual([forged, 401]);
    }
    expect((await whoAmI(cookie)).status).toBe(200);
  });
});

describe("a session", () => {
  it("is not lent to pages of another origin", async () => {
    const cookie = await sessionCookie();
    const site = await createSite();
    for (const origin of ["https://evil.test", "null", `${ORIGIN}.evil.test`, "not an origin"]) {
      expect(await whoAmI(cookie, { origin })).toMatchObject({ status: 403, body: { code: "forbidden" } });
      const headers = { cookie, origin, upgrade: "websocket" };
      const { status, webSocket } = await fetchRaw("GET", `/api/v1/sites/${site.id}/live`, { token: "", headers });
      expect([status, webSocket ?? null]).toEqual([403, null]);
    }
    expect((await whoAmI(cookie, { origin: ORIGIN })).status).toBe(200);
    // Behind a proxy that ends TLS the scheme differs, and the host tells.
    expect((await whoAmI(cookie, { origin: "http://edge.test", host: "edge.test" })).status).toBe(200);
  });

  it("or the owner's token opens every door but collect's, which needs none", async () => {
    const site = await createSite();
    const doors: [string, string][] = [
      ["GET", "/api/v1/sites"],
      ["POST", "/api/v1/sites"],
      ["GET", `/api/v1/sites/${site.id}`],
      ["PATCH", `/api/v1/sites/${site.id}`],
      ["GET", `/api/v1/sites/${site.id}/status`],
      ["GET", `/api/v1/sites/${site.id}/goals`],
      ["POST", `/api/v1/sites/${site.id}/goals`],
      ["DELETE", `/api/v1/sites/${site.id}/goals/x`],
      ["POST", `/api/v1/sites/${site.id}/keys`],
      ["POST", `/api/v1/sites/${site.id}/flush`],
      ["GET", `/api/v1/sites/${site.id}/import`],
      ["POST", `/api/v1/sites/${site.id}/import`],
      ["GET", `/api/v1/sites/${site.id}/import/x`],
      ["POST", `/api/v1/sites/${site.id}/import/x/finish`],
      ["DELETE", `/api/v1/sites/${site.id}/import/x`],
      ["GET", `/api/v1/sites/${site.id}/live`],
    ];
    for (const [method, path] of doors) {
      for (const token of ["", "garbage"]) {
        const answer = await call(method, path, { token, ...(method === "POST" && { body: {} }) });
        expect([method, path, answer.status]).toEqual([method, path, 401]);
        expect(answer.headers.get("content-type")).toBe("application/problem+json");
      }
    }
    const query = { site_id: site.id, metrics: ["visitors"], date_range: "day" };
    expect((await call("POST", "/api/v2/query", { token: "", body: query })).status).toBe(401);
    const headers = { cookie: await sessionCookie() };
    expect((await call("POST", "/api/v2/query", { token: "", headers, body: query })).status).toBe(200);
    expect((await call("GET", "/api/v1/sites", { token: "", headers })).status).toBe(200);
  });

  it("cannot be had where no token is set", async () => {
    const cookie = await sessionCookie();
    const { app } = await import("../../workers/api/app.ts");
    for (const token of ["", undefined]) {
      const bare = { ...env, ADMIN_TOKEN: token } as typeof env;
      const ask = (headers: Record<string, string>) =>
        app.fetch(new Request(`${ORIGIN}/api/v1/session`, { headers }), bare);
      expect((await ask({ cookie })).status).toBe(401);
      expect((await ask({ authorization: "Bearer undefined" })).status).toBe(401);
      const body = JSON.stringify({ token: "undefined" });
      expect((await app.fetch(new Request(`${ORIGIN}/api/v1/session`, { method: "POST", body }), bare)).status).toBe(
        401,
      );
    }
  });
});

describe("a site", () => {
  it("is made once, with the choices that cannot be changed later", async () => {
    const site = await createSite({ timeZone: "Europe/Berlin", hostnames: ["Example.COM"], shards: 3 });
    expect(site).toMatchObject({
      timeZone: "Europe/Berlin",
      hostnames: ["example.com"],
      shards: 3,
      jurisdiction: "none",
    });
    expect((await call("POST", "/api/v1/sites", { body: { id: site.id } })).status).toBe(409);
    for (const body of [{ shards: 2 }, { jurisdiction: "eu" }, { id: "other" }, { timeZone: "Mars/Base" }, { x: 1 }]) {
      const answer = await call("PATCH", `/api/v1/sites/${site.id}`, { body });
      expect([body, answer.status]).toEqual([body, 400]);
    }
    const patched = await call("PATCH", `/api/v1/sites/${site.id}`, { body: { honourDoNotTrack: false } });
    expect(patched.body).toMatchObject({ honourDoNotTrack: false, timeZone: "Europe/Berlin", shards: 3 });
  });

  it("answers exactly at any size until it is given a limit, which can be taken away", async () => {
    const { id, exactLimit } = await createSite();
    expect(exactLimit).toBeNull();
    const set = async (value: unknown) => await call("PATCH", `/api/v1/sites/${id}`, { body: { exactLimit: value } });
    expect((await set(5_000_000)).body).toMatchObject({ exactLimit: 5_000_000 });
    expect((await set(0)).status).toBe(400);
    expect((await call("GET", `/api/v1/sites/${id}`)).body).toMatchObject({ exactLimit: 5_000_000 });
    expect((await set(null)).body).toMatchObject({ exactLimit: null });
  });
});
