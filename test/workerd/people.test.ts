import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { app } from "../../workers/api/app.ts";
import { createInvitation } from "../../workers/store/invitations.ts";
import { signInFor } from "../../workers/store/objects.ts";
import { anEmail, claimOwner, cookiesOf, join, PASSWORD, post, type SignedIn, tokenOf } from "./people.ts";
import { ADMIN_TOKEN, type Answer, call, createSite, DAY_MS, HOUR_MS, ORIGIN, ok, setClock } from "./worker.ts";

interface Team {
  id: string;
  role: string;
  may: string[];
}
interface Me {
  role: string | null;
  person: { id: string; email: string };
  teams: Team[];
}

const as = <Body = unknown>(who: SignedIn, method: string, path: string, body?: unknown): Promise<Answer<Body>> =>
  call<Body>(method, path, { token: "", headers: who.headers, body });
const me = async (who: SignedIn): Promise<Me> => (await as<Me>(who, "GET", "/api/v1/session")).body;
const signIn = (email: string, password = PASSWORD, headers = {}) =>
  post("/api/v1/session", { email, password }, headers);

let owner: SignedIn;
beforeAll(async () => {
  expect((await call("GET", "/api/v1/claim", { token: "" })).body).toEqual({ claimed: false });
  const body = { name: "Eve", email: "eve@example.com", password: PASSWORD };
  for (const token of ["wrong", "", undefined]) {
    const { status } = await post("/api/v1/claim", { ...body, ...(token !== undefined && { token }) });
    expect([401, 400]).toContain(status);
  }
  owner = await claimOwner();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a fresh deployment", () => {
  it("is claimed once, by who holds its token", async () => {
    expect((await call("GET", "/api/v1/claim", { token: "" })).body).toEqual({ claimed: true });
    expect(await me(owner)).toMatchObject({ role: "owner", person: { email: owner.email }, teams: [{ id: "main" }] });
    const again = { token: ADMIN_TOKEN, name: "Eve", email: "eve@example.com", password: PASSWORD };
    expect((await post("/api/v1/claim", again)).status).toBe(409);
  });
});

describe("a person", () => {
  it("signs in with address and password, and out", async () => {
    const answer = await signIn(` ${owner.email.toUpperCase()} `);
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()[0]).toMatch(/; HttpOnly.*; SameSite=Lax|; Secure/);
    const session = { email: owner.email, headers: cookiesOf(answer) };
    expect((await me(session)).person.email).toBe(owner.email);
    expect((await as(session, "DELETE", "/api/v1/session")).status).toBe(204);
    // The cookie itself is worth nothing any more, whoever kept a copy.
    expect((await as(session, "GET", "/api/v1/session")).status).toBe(401);
    expect((await as(owner, "GET", "/api/v1/session")).status).toBe(200);
  });

  it("gets a cookie for TLS alone, and links that lead there, when a trusted proxy ends it", async () => {
    const settings = { EDGEWISE_LOCAL: "1", EDGEWISE_TRUST_PROXY: "1" };
    const headers = { "x-forwarded-proto": "https" };
    const body = JSON.stringify({ email: owner.email, password: PASSWORD });
    const request = () => new Request("http://edge.test/api/v1/session", { method: "POST", headers, body });
    const secure = async (bindings: object) =>
      (await app.fetch(request(), { ...env, ...bindings })).headers.getSetCookie()[0]?.includes("; Secure");
    expect([await secure(settings), await secure({ ...settings, EDGEWISE_TRUST_PROXY: "" })]).toEqual([true, false]);
  });

  it("is signed out after thirty days", async () => {
    const session = { email: owner.email, headers: cookiesOf(await signIn(owner.email)) };
    setClock(Date.now() + 29 * DAY_MS);
    expect((await as(session, "GET", "/api/v1/session")).status).toBe(200);
    setClock(Date.now() + 2 * DAY_MS);
    expect((await as(session, "GET", "/api/v1/session")).status).toBe(401);
  });

  it("cannot be told from one who is not there", async () => {
    const wrong = await signIn(owner.email, "not the password");
    const unknown = await signIn(anEmail("nobody"), "not the password");
    for (const answer of [wrong, unknown]) Object.assign(answer.body as object, { requestId: "" });
    expect([wrong.status, wrong.body]).toEqual([401, unknown.body]);
    expect(wrong.headers.getSetCookie()).toEqual([]);
    for (const email of [owner.email, anEmail("nobody")]) {
      expect(await post("/api/v1/password-reset", { email })).toMatchObject({ status: 202, body: "" });
    }
  });

  it("is not guessed: tries wait, the right one too, until it has waited", async () => {
    const { email } = await join("main", "viewer");
    const all = await Promise.all(Array.from({ length: 12 }, () => signIn(email, "wrong password")));
    expect(all.filter(({ status }) => status === 401)).toHaveLength(5);
    const refused = all.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await signIn(email)).status).toBe(429);
    setClock(Date.now() + HOUR_MS);
    expect((await signIn(email)).status).toBe(204);
  });

  it("is not guessed from one address over many accounts", async () => {
    const object = signInFor(env, "any");
    const tryFrom = (address: string, i: number) =>
      object.requestReset(`person-${i}@example.com`, { address, userAgent: "" });
    const all = [];
    for (let i = 0; i < 22; i++) all.push((await tryFrom("198.51.100.9", i)).ok);
    expect(all.indexOf(false)).toBe(20);
    expect(await tryFrom("198.51.100.9", 99)).toMatchObject({ ok: false, reason: "throttled" });
    expect(await tryFrom("198.51.100.10", 99)).toEqual({ ok: true, token: null });
  });

  it("signs in from the dashboard's own origin alone", async () => {
    for (const [method, path] of [
      ["POST", "/api/v1/session"],
      ["DELETE", "/api/v1/session"],
      ["POST", "/api/v1/claim"],
      ["POST", "/api/v1/password-reset"],
      ["POST", "/api/v1/teams"],
    ] as const) {
      const headers = { ...owner.headers, origin: "https://evil.test" };
      const { status } = await call(method, path, {
        token: "",
        headers,
        body: { email: owner.email, password: PASSWORD },
      });
      expect([method, path, status]).toEqual([method, path, 403]);
    }
    expect((await signIn(owner.email, PASSWORD, { origin: ORIGIN })).status).toBe(204);
  });

  it("keeps no password and no reset token that could be read", async () => {
    const rows = await env.DB.prepare("select password from sign_in_methods").all<{ password: string }>();
    expect(rows.results.length).toBeGreaterThan(0);
    for (const { password } of rows.results)
      expect(password).toMatch(/^scrypt\$16384\$8\$5\$[\w+/=]{24}\$[\w+/=]{44}$/);
    expect(new Set(rows.results.map(({ password }) => password)).size).toBe(rows.results.length);
  });
});

describe("a forgotten password", () => {
  it("is set anew by a link that an admin makes, once, and ends the sessions", async () => {
    const member = await join("main", "analyst");
    const { person } = await me(member);
    const path = `/api/v1/teams/main/members/${person.id}/reset-link`;
    const { link } = (await as<{ link: string }>(owner, "POST", path)).body;
    expect(link.startsWith(`${ORIGIN}/reset#code=`)).toBe(true);
    const confirm = (password: string) => post("/api/v1/password-reset/confirm", { token: tokenOf(link), password });
    expect((await confirm("short")).status).toBe(400);
    expect((await confirm("a whole new password")).status).toBe(204);
    expect(await confirm("a third password")).toMatchObject({ status: 400, body: { errors: [{ path: "token" }] } });
    expect((await as(member, "GET", "/api/v1/session")).status).toBe(401);
    expect((await signIn(member.email)).status).toBe(401);
    expect((await signIn(member.email, "a whole new password")).status).toBe(204);
    const stored = await env.DB.prepare("select identifier from verifications").all<{ identifier: string }>();
    expect(JSON.stringify(stored.results)).not.toContain(tokenOf(link));
  });

  it("of somebody who is more in another team is out of an admin's reach", async () => {
    const [admin, member] = [await join("main", "admin"), await join("main", "viewer")];
    const team = await ok<Team>("POST", "/api/v1/teams", { name: "Theirs" });
    const invitation = { email: member.email, role: "owner" };
    const { link } = await ok<{ link: string }>("POST", `/api/v1/teams/${team.id}/invitations`, invitation);
    const path = `/api/v1/teams/main/members/${(await me(member)).person.id}/reset-link`;
    expect((await as(admin, "POST", path)).status).toBe(201);
    await post(`/api/v1/invitations/${tokenOf(link)}`, {}, member.headers);
    expect((await as(admin, "POST", path)).status).toBe(403);
    expect((await call("POST", path)).status).toBe(201);
  });

  it("cannot be set by a link that is an hour old", async () => {
    const member = await join("main", "viewer");
    const { person } = await me(member);
    const path = `/api/v1/teams/main/members/${person.id}/reset-link`;
    const { link } = (await as<{ link: string }>(owner, "POST", path)).body;
    setClock(Date.now() + HOUR_MS + 1);
    const answer = await post("/api/v1/password-reset/confirm", { token: tokenOf(link), password: "another password" });
    expect(answer.status).toBe(400);
  });
});

describe("an invitation", () => {
  const invite = (who: SignedIn, body: object, team = "main") =>
    as<{ link: string; id: string; mailed: boolean }>(who, "POST", `/api/v1/teams/${team}/invitations`, body);

  it("is a link that works once and says whom it is for", async () => {
    const email = anEmail("guest");
    const { body, status } = await invite(owner, { email, role: "viewer" });
    expect([status, body.mailed]).toEqual([201, false]);
    const door = `/api/v1/invitations/${tokenOf(body.link)}`;
    const seen = await call("GET", door, { token: "" });
    expect(seen.body).toMatchObject({ email, role: "viewer", team: "Main", isKnown: false, signedIn: false });
    expect((await post(door, { name: "Guest", password: "short" })).status).toBe(400);
    const joined = await post(door, { name: "Guest", password: PASSWORD });
    expect(joined.status).toBe(204);
    expect(await me({ email, headers: cookiesOf(joined) })).toMatchObject({
      role: "viewer",
      teams: [{ may: ["query"] }],
    });
    expect((await post(door, { name: "Guest", password: PASSWORD })).status).toBe(404);
  });

  it("brings somebody known into a second team by the password they have, or the session", async () => {
    const member = await join("main", "viewer");
    const teams = ["Second", "Third"].map(async (name) => ok<Team>("POST", "/api/v1/teams", { name }));
    for (const [i, team] of (await Promise.all(teams)).entries()) {
      const { link } = await ok<{ link: string }>("POST", `/api/v1/teams/${team.id}/invitations`, {
        email: member.email,
        role: "admin",
      });
      const door = `/api/v1/invitations/${tokenOf(link)}`;
      expect((await post(door, { password: "not theirs" })).status).toBe(401);
      const accepted = await (i === 0 ? post(door, { password: PASSWORD }) : post(door, {}, member.headers));
      expect(accepted.status).toBe(204);
    }
    expect((await me(member)).teams.map(({ role }) => role).sort()).toEqual(["admin", "admin", "viewer"]);
  });

  it("is for who is not in the team, and leaves the role of who came in meanwhile", async () => {
    const { id: team } = await ok<Team>("POST", "/api/v1/teams", { name: "Fourth" });
    const member = await join("main", "viewer");
    const { body } = await invite(owner, { email: member.email, role: "owner" }, "main");
    expect(body).toMatchObject({ code: "conflict" });
    const email = anEmail("sole");
    const wanted = (role: "owner" | "viewer") => ({ email, role, teamId: team, scopes: [] });
    const { token } = await createInvitation(env.DB, wanted("owner"), Date.now());
    const joined = await post(`/api/v1/invitations/${token}`, { name: "Sole", password: PASSWORD });
    const late = await createInvitation(env.DB, wanted("viewer"), Date.now());
    expect((await post(`/api/v1/invitations/${late.token}`, {}, cookiesOf(joined))).status).toBe(204);
    const { members } = await ok<{ members: object[] }>("GET", `/api/v1/teams/${team}/members`);
    expect(members).toMatchObject([{ email, role: "owner" }]);
  });

  it("ends after a week, by a second one, or when withdrawn", async () => {
    const email = anEmail("late");
    const doorOf = async () =>
      `/api/v1/invitations/${tokenOf((await invite(owner, { email, role: "viewer" })).body.link)}`;
    const [first, second] = [await doorOf(), await doorOf()];
    expect((await call("GET", first, { token: "" })).status).toBe(404);
    expect((await call("GET", second, { token: "" })).status).toBe(200);
    const { invitations } = await ok<{ invitations: { id: string; email: string }[] }>(
      "GET",
      "/api/v1/teams/main/invitations",
    );
    const open = invitations.find((one) => one.email === email);
    expect((await as(owner, "DELETE", `/api/v1/teams/main/invitations/${open?.id}`)).status).toBe(204);
    expect((await call("GET", second, { token: "" })).status).toBe(404);
    const third = await doorOf();
    setClock(Date.now() + 7 * DAY_MS + 1);
    expect((await call("GET", third, { token: "" })).status).toBe(404);
  });

  it("cannot give more than its maker may", async () => {
    const admin = await join("main", "admin");
    const door = await join("main", "custom", ["query", "members"]);
    const wanted = (role: string, scopes: string[] = []) => ({ email: anEmail("friend"), role, scopes });
    expect((await invite(admin, wanted("owner"))).status).toBe(403);
    expect((await invite(admin, wanted("admin"))).status).toBe(201);
    expect((await invite(door, wanted("analyst"))).status).toBe(403);
    expect((await invite(door, wanted("custom", ["members", "keys"]))).status).toBe(403);
    expect((await invite(door, wanted("viewer"))).status).toBe(201);
    expect((await invite(owner, wanted("custom"))).status).toBe(400);
    expect((await invite(owner, wanted("viewer", ["keys"]))).status).toBe(400);
  });
});

describe("a member", () => {
  const path = (id: string) => `/api/v1/teams/main/members/${id}`;

  it("is changed and removed by those above, at once and everywhere", async () => {
    const [admin, member] = [await join("main", "admin"), await join("main", "viewer")];
    const { person } = await me(member);
    const site = await createSite();
    const goal = { kind: "event", match: "signup" };
    expect((await as(member, "POST", `/api/v1/sites/${site.id}/goals`, goal)).status).toBe(403);
    expect((await as(admin, "PATCH", path(person.id), { role: "analyst" })).status).toBe(200);
    expect((await as(member, "POST", `/api/v1/sites/${site.id}/goals`, goal)).status).toBe(201);
    expect((await as(member, "PATCH", path(person.id), { role: "owner" })).status).toBe(403);
    expect((await as(admin, "DELETE", path(person.id))).status).toBe(204);
    expect((await as(member, "GET", `/api/v1/sites/${site.id}`)).status).toBe(404);
    expect(await me(member)).toMatchObject({ role: null, teams: [] });
  });

  it("who owns the team is out of an admin's reach, and the last of them out of everybody's", async () => {
    const admin = await join("main", "admin");
    const { person } = await me(owner);
    expect((await as(admin, "DELETE", path(person.id))).status).toBe(403);
    expect((await as(admin, "PATCH", path(person.id), { role: "viewer" })).status).toBe(403);
    expect((await as(admin, "POST", `${path(person.id)}/reset-link`)).status).toBe(403);
    expect((await as(owner, "DELETE", path(person.id))).status).toBe(409);
    expect((await as(owner, "PATCH", path(person.id), { role: "admin" })).status).toBe(409);
    const heir = await me(await join("main", "owner"));
    expect((await as(owner, "DELETE", path(heir.person.id))).status).toBe(204);
  });
});

describe("a site", () => {
  it("moves to another team by who may make sites in both, and its members change with it", async () => {
    const [site, other] = [await createSite(), await ok<Team>("POST", "/api/v1/teams", { name: "Other" })];
    const [admin, theirs] = [await join("main", "admin"), await join(other.id, "viewer")];
    const path = `/api/v1/sites/${site.id}`;
    const seenBy = async (who: SignedIn) => (await as(who, "GET", path)).status;
    expect([await seenBy(admin), await seenBy(theirs)]).toEqual([200, 404]);
    expect((await as(admin, "PATCH", path, { team: other.id })).status).toBe(404);
    expect((await call("PATCH", path, { body: { team: "no-such-team" } })).status).toBe(404);
    expect((await call("PATCH", path, { body: { team: other.id } })).body).toMatchObject({ teamId: other.id });
    expect([await seenBy(admin), await seenBy(theirs)]).toEqual([404, 200]);
  });
});
