// What people do with their own account, and the ways in besides a password.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { signInFor } from "../../workers/store/objects.ts";
import { anEmail, claimOwner, cookiesOf, join, PASSWORD, post, type SignedIn } from "./people.ts";
import { call, createSite, ORIGIN, ok, setClock } from "./worker.ts";

const MINUTE_MS = 60_000;
const NOWHERE = { address: "", userAgent: "" };
let owner: SignedIn;

beforeAll(async () => {
  owner = await claimOwner();
});
afterEach(() => {
  vi.useRealTimers();
});

const as = <Body = unknown>({ headers }: SignedIn, method: string, path: string, body?: unknown) =>
  call<Body>(method, path, { token: "", headers, ...(body !== undefined && { body }) });

const signInAgain = async ({ email }: SignedIn, userAgent: string, password = PASSWORD): Promise<SignedIn> => {
  const answer = await post("/api/v1/session", { email, password }, { "user-agent": userAgent });
  expect(answer.status).toBe(204);
  return { email, headers: cookiesOf(answer) };
};

const statusOf = async (who: SignedIn) => (await as(who, "GET", "/api/v1/session")).status;

interface Sessions {
  sessions: { id: string; userAgent: string; current: boolean; createdAt: number; expiresAt: number }[];
}
const sessionsOf = async (who: SignedIn) => (await as<Sessions>(who, "GET", "/api/v1/me/sessions")).body.sessions;

describe("one's account", () => {
  it("tells who one is, and takes another name that the team sees", async () => {
    const member = await join("main", "viewer");
    expect((await as(member, "GET", "/api/v1/me")).body).toMatchObject({ email: member.email, hasPassword: true });
    const renamed = await as(member, "PATCH", "/api/v1/me", { name: " Vera " });
    expect(renamed).toMatchObject({ status: 200, body: { name: "Vera" } });
    const { members } = await ok<{ members: { email: string; name: string }[] }>("GET", "/api/v1/teams/main/members");
    expect(members.find(({ email }) => email === member.email)?.name).toBe("Vera");
    expect(await as(member, "PATCH", "/api/v1/me", { name: " " })).toMatchObject({
      status: 400,
      body: { errors: [{ path: "name" }] },
    });
  });

  it("takes a new password from who knows the old one, and ends the other sessions", async () => {
    const member = await join("main", "viewer");
    const other = await signInAgain(member, "other");
    const change = (password: string, newPassword: string) =>
      as(member, "POST", "/api/v1/me/password", { password, newPassword });
    expect(await change("not the password", "a whole new password")).toMatchObject({
      status: 400,
      body: { errors: [{ path: "password" }] },
    });
    expect(await change(PASSWORD, "short")).toMatchObject({ status: 400, body: { errors: [{ path: "newPassword" }] } });
    expect([await statusOf(member), await statusOf(other)]).toEqual([200, 200]);
    expect((await change(PASSWORD, "a whole new password")).status).toBe(204);
    expect([await statusOf(member), await statusOf(other)]).toEqual([200, 401]);
    expect((await post("/api/v1/session", { email: member.email, password: PASSWORD })).status).toBe(401);
    await signInAgain(member, "new", "a whole new password");
  });

  it("does not let the old password be guessed", async () => {
    const member = await join("main", "viewer");
    const guess = () => as(member, "POST", "/api/v1/me/password", { password: "a guess", newPassword: PASSWORD });
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await guess()).status);
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429]);
  });

  it("lists its own sessions, and ends one or all others", async () => {
    const [first, stranger] = [await join("main", "viewer"), await join("main", "viewer")];
    const [second, third] = [await signInAgain(first, "second"), await signInAgain(first, "third")];
    const all = await sessionsOf(first);
    expect(all.map(({ userAgent, current }) => [userAgent, current]).toSorted()).toEqual([
      [expect.any(String), true],
      ["second", false],
      ["third", false],
    ]);
    expect(JSON.stringify(all)).not.toContain("token");
    const path = `/api/v1/me/sessions/${all.find(({ userAgent }) => userAgent === "second")?.id}`;
    expect((await as(stranger, "DELETE", path)).status).toBe(404);
    expect((await as(first, "DELETE", path)).status).toBe(204);
    expect([await statusOf(first), await statusOf(second), await statusOf(third)]).toEqual([200, 401, 200]);
    expect((await as(third, "DELETE", "/api/v1/me/sessions")).status).toBe(204);
    expect([await statusOf(first), await statusOf(third), await statusOf(stranger)]).toEqual([401, 200, 200]);
  });

  it("ends with all that is kept of it, once its address is typed", async () => {
    const member = await join("main", "admin");
    const { id } = (await as<{ id: string }>(member, "GET", "/api/v1/me")).body;
    await signInFor(env, member.email).requestLink(member.email, NOWHERE);
    const at = `/api/v1/sites/${(await createSite()).id}`;
    const make = async (path: string, body: object) => {
      const headers = { ...member.headers, "idempotency-key": JSON.stringify(body) };
      const made = await call<{ id: string }>("POST", at + path, { token: "", headers, body });
      expect(made.status).toBe(201);
      return made.body.id;
    };
    const note = await make("/annotations", { at: "2026-11-21T12:00:00Z", text: "Began" });
    await make(`/annotations/${note}/comments`, { text: "At last" });
    const [own, ours] = [
      await make("/boards", { name: "Own", visibility: "private" }),
      await make("/boards", { name: "Ours" }),
    ];
    await make("/shares", { label: "own", boardId: own });
    await make("/shares", { label: "ours", boardId: ours });
    await as(member, "PUT", `${at}/boards/${ours}/layout`, { panels: {} });
    const wrong = await as(member, "DELETE", "/api/v1/me", { email: owner.email });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ path: "email" }] } });
    expect((await as(member, "DELETE", "/api/v1/me", { email: member.email })).status).toBe(204);
    expect(await statusOf(member)).toBe(401);
    expect((await post("/api/v1/session", { email: member.email, password: PASSWORD })).status).toBe(401);
    const tables = await env.DB.prepare("select name from sqlite_master where type = 'table'").all<{ name: string }>();
    // The log of requests goes on counting by the id, which names nobody any more, and forgets it after three months.
    for (const { name } of tables.results.filter((table) => !/^(_cf|sqlite|api_usage$|audit$)/.test(table.name))) {
      const rows = JSON.stringify((await env.DB.prepare(`select * from "${name}"`).all()).results);
      expect([name, rows.includes(id), rows.includes(member.email)]).toEqual([name, false, false]);
    }
    const somebody = { name: "Somebody who left" };
    expect(await ok("GET", `${at}/annotations/${note}`)).toMatchObject({
      createdBy: somebody,
      comments: [{ text: "At last", by: somebody }],
    });
    expect((await ok<{ boards: object[] }>("GET", `${at}/boards`)).boards).toMatchObject([
      { id: ours, createdBy: somebody },
    ]);
    const { shares } = await ok<{ shares: object[] }>("GET", `${at}/shares`);
    expect(shares).toMatchObject([{ boardId: ours }]);
  });

  it("of a team's only owner stays, also when two owners leave at once", async () => {
    const team = await ok<{ id: string }>("POST", "/api/v1/teams", { name: "Two" });
    const [one, two] = [await join(team.id, "owner"), await join(team.id, "owner")];
    const leave = (who: SignedIn) => as<{ detail: string }>(who, "DELETE", "/api/v1/me", { email: who.email });
    const answers = await Promise.all([leave(one), leave(two)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.detail).toContain("make another member one first");
    expect([await statusOf(one), await statusOf(two)].toSorted()).toEqual([200, 401]);
  });
});

describe("a link to sign in", () => {
  const confirm = (token: string) => post("/api/v1/session/link/confirm", { token });
  const tokenFor = async (email: string): Promise<string> => {
    const reply = await signInFor(env, email).requestLink(email, NOWHERE);
    return (reply.ok && reply.token) || "";
  };

  it("works once, and is kept as a hash", async () => {
    const member = await join("main", "viewer");
    const token = await tokenFor(member.email);
    const stored = await env.DB.prepare("select * from verifications").all();
    expect(stored.results.length).toBeGreaterThan(0);
    expect(JSON.stringify(stored.results)).not.toContain(token);
    const answers = await Promise.all(Array.from({ length: 4 }, () => confirm(token)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 401, 401, 401]);
    const headers = cookiesOf(answers.find(({ status }) => status === 204)!);
    expect((await as({ email: "", headers }, "GET", "/api/v1/me")).body).toMatchObject({ email: member.email });
    await signInAgain(member, "the password still does");
  });

  it("is over after a quarter of an hour", async () => {
    const member = await join("main", "viewer");
    const [soon, late] = [await tokenFor(member.email), await tokenFor(member.email)];
    setClock(Date.now() + 14 * MINUTE_MS);
    expect((await confirm(soon)).status).toBe(204);
    setClock(Date.now() + 2 * MINUTE_MS);
    expect((await confirm(late)).status).toBe(401);
  });

  it("does not tell whose address is known, and is asked for as slowly as a password", async () => {
    for (const email of [owner.email, anEmail("nobody")]) {
      expect(await post("/api/v1/session/link", { email })).toMatchObject({ status: 202, body: "" });
    }
    const stranger = anEmail("nobody");
    expect(await tokenFor(stranger)).toBe("");
    const replies = [];
    for (let i = 0; i < 5; i++) replies.push(await signInFor(env, stranger).requestLink(stranger, NOWHERE));
    expect(replies.map((reply) => reply.ok)).toEqual([true, true, true, true, false]);
    const foreign = await post("/api/v1/session/link", { email: stranger }, { origin: "https://evil.test" });
    expect(foreign.status).toBe(403);
  });
});

describe("tries", () => {
  it("are counted without keeping who tried, or from where", async () => {
    const email = anEmail("guessed");
    const object = signInFor(env, email);
    await object.signIn({ email, password: "a guess" }, { address: "198.51.100.77", userAgent: "" });
    const rows = await runInDurableObject(object, (_, state) =>
      state.storage.sql.exec("select * from hashed_tries").toArray(),
    );
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(JSON.stringify(rows)).not.toMatch(/guessed|198\.51|account|address/);
  });
});

describe("a passkey", () => {
  it("is not taken, and opens nothing, without a device that signed", async () => {
    const member = await join("main", "viewer");
    const { body } = await as<{ challenge: string; known: string[]; user: object }>(
      member,
      "POST",
      "/api/v1/me/passkeys/challenge",
    );
    expect(body).toMatchObject({ host: new URL(ORIGIN).hostname, known: [], user: { name: member.email } });
    const clientDataJSON = btoa(
      JSON.stringify({ type: "webauthn.create", challenge: body.challenge, origin: ORIGIN }),
    ).replace(/=+$/, "");
    const made = { label: "A", id: "AAAA", clientDataJSON, attestationObject: "o2NmbXRkbm9uZQ" };
    expect(await as(member, "POST", "/api/v1/me/passkeys", made)).toMatchObject({
      status: 400,
      body: { errors: [{ path: "id" }] },
    });
    const rows = () => env.DB.prepare("select count(*) as rows from verifications").first("rows");
    const before = await rows();
    expect((await post("/api/v1/session/passkey/challenge", {})).status).toBe(200);
    const proof = { id: "AAAA", clientDataJSON, authenticatorData: "AAAA", signature: "AAAA" };
    const answer = await post("/api/v1/session/passkey", proof);
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([401, []]);
    expect((await as(member, "GET", "/api/v1/me/passkeys")).body).toEqual({ passkeys: [] });
    expect(await rows()).toBe(before);
  });
});
