// Members of the team on call: told by their own address or a channel of their choice, renamed, stood in for, and gone.
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Incident, IncidentEntry } from "../../workers/domain/alert.ts";
import type { Rotation, Shift } from "../../workers/domain/on-call.ts";
import type { Site } from "../../workers/domain/site.ts";
import type { Env } from "../../workers/env.ts";
import { runDueJobs } from "../../workers/jobs/index.ts";
import { commitAlerts, findAlertRun, readRunning } from "../../workers/store/alert-runs.ts";
import { join, type SignedIn } from "./people.ts";
import { aView, call, createSite, ORIGIN, ok, sendTaken, setClock } from "./worker.ts";

const MINUTE_MS = 60_000;
const LASTING = [{ kind: "threshold", metric: "pageviews", minutes: 600, is: "above", value: 3 }];

let site: Site;
let now: number;
let team: string;
let mails: { to: string; subject: string; text: string }[];
const at = (path: string) => `/api/v1/sites/${site.id}${path}`;

beforeEach(async () => {
  now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + 600 * MINUTE_MS;
  setClock(now);
  mails = [];
  team = (await ok<{ id: string }>("POST", "/api/v1/teams", { name: "Ours" })).id;
  site = await createSite({ team });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function minutes(count: number): Promise<void> {
  const EMAIL = { send: async (mail: (typeof mails)[number]) => void mails.push(mail) };
  const mailing = { ...env, EMAIL, EDGEWISE_MAIL_FROM: "alerts@edge.test" } as unknown as Env; // the platform's, of which less is asked
  for (let minute = 0; minute < count; minute++) {
    now += MINUTE_MS;
    setClock(now);
    await runDueJobs("* * * * *", mailing, now);
  }
}

interface Known extends SignedIn {
  id: string;
}

/** A member of the team by that name. */
async function member(name: string): Promise<Known> {
  const them = await join(team, "analyst");
  const renamed = await call("PATCH", "/api/v1/me", { token: "", headers: them.headers, body: { name } });
  expect(renamed.status).toBeLessThan(300);
  const { members } = await ok<{ members: { id: string; email: string }[] }>("GET", `/api/v1/teams/${team}/members`);
  return { ...them, id: members.find(({ email }) => email === them.email)!.id };
}

const person = ({ id }: Known, fields: object = {}) => ({ name: `member ${id}`, member: id, ...fields });
/** The first of them from now on, each for a week. */
const rotation = (people: object[], fields: object = {}) =>
  ok<Rotation>("POST", at("/on-call-rotations"), {
    ...{ name: "Web", every: "week", at: "00:00", start: new Date(now).toISOString().slice(0, 10), people },
    ...fields,
  });

async function fires({ id }: Rotation): Promise<Incident> {
  const steps = [{ afterMinutes: 1, rotations: [id] }];
  const policy = await ok<{ id: string }>("POST", at("/escalation-policies"), { name: `Wake ${id}`, steps });
  await ok("POST", at("/alert-rules"), { name: "Many", conditions: LASTING, policy: policy.id });
  await minutes(2);
  await sendTaken(Array.from({ length: 5 }, () => aView(site)));
  await minutes(4);
  return (await ok<{ incidents: Incident[] }>("GET", at("/incidents"))).incidents[0]!;
}

/** Which of them had mail; rules of other tests' sites go on. */
const told = (...addresses: string[]) => mails.map(({ to }) => to).filter((to) => addresses.includes(to));
const storyOf = ({ id }: Incident) =>
  ok<{ entries: IncidentEntry[]; told: { channel: string; state: string }[] }>("GET", at(`/incidents/${id}`));
const escalated = async (incident: Incident) =>
  (await storyOf(incident)).entries.filter(({ kind }) => kind === "escalated").map(({ text }) => text);
const shiftsNow = async () =>
  (await ok<{ rotations: { shifts: Shift[] }[] }>("GET", at("/on-call"))).rotations[0]!.shifts;

describe("a member on call", () => {
  it("is told by the address that they sign in with, with a link to acknowledge, and by the name they have", async () => {
    const ada = await member("Ada");
    const made = await rotation([person(ada)]);
    expect(made.people).toEqual([{ name: "Ada", member: ada.id, channels: [] }]);
    // Links lead to where a channel was made.
    await ok("POST", at("/alert-channels"), { kind: "email", label: "Desk", config: { to: "desk@example.com" } });
    await call("PATCH", "/api/v1/me", { token: "", headers: ada.headers, body: { name: "Ada L." } });
    const incident = await fires(made);
    expect(await escalated(incident)).toEqual(["step 1 of 1: Ada L. (on call, Web)"]);
    expect(told(ada.email, "desk@example.com")).toEqual([ada.email]);
    expect((await storyOf(incident)).told).toMatchObject([{ channel: "Ada L., e-mail", state: "sent" }]);
    const code = /\/acknowledge#code=(\S+)/.exec(mails[0]!.text)?.[1];
    const asSeen = { token: "", headers: { origin: ORIGIN }, body: { code } };
    expect((await call("POST", "/api/v1/alert-links/acknowledge", asSeen)).status).toBe(204);
    expect(await ok("GET", at(`/incidents/${incident.id}`))).toMatchObject({ state: "acknowledged" });
    expect((await ok<{ rotations: Rotation[] }>("GET", at("/on-call-rotations"))).rotations[0]!.people[0]!.name).toBe(
      "Ada L.",
    );
  });

  it("is told by the channels that were chosen for them instead", async () => {
    const ada = await member("Ada");
    const config = { to: "pager@example.com" };
    const { id } = await ok<{ id: string }>("POST", at("/alert-channels"), { kind: "email", label: "Pager", config });
    await fires(await rotation([person(ada, { channels: [id] })]));
    expect(told("pager@example.com", ada.email)).toEqual(["pager@example.com"]);
  });

  it("who has left the team is skipped and named, and the next is told", async () => {
    const [ada, bob] = [await member("Ada"), await member("Bob")];
    const made = await rotation([person(ada), person(bob)]);
    expect((await shiftsNow())[0]).toMatchObject({ person: "Ada", skipped: [] });
    expect((await call("DELETE", `/api/v1/teams/${team}/members/${ada.id}`)).status).toBe(204);
    expect((await shiftsNow())[0]).toMatchObject({ person: "Bob", skipped: ["Ada"] });
    const incident = await fires(made);
    expect(await escalated(incident)).toEqual(["step 1 of 1: Bob (on call, Web, as Ada left the team)"]);
    expect(told(ada.email, bob.email)).toEqual([bob.email]);
    // It can be changed with them in it, as by somebody who stands in.
    const { id, name, timeZone, every, at: hour, start, people } = made;
    const overrides = [{ from: now, until: now + MINUTE_MS, person: "Bob" }];
    await ok("PUT", at(`/on-call-rotations/${id}`), { name, timeZone, every, at: hour, start, people, overrides });
    expect((await call("DELETE", `/api/v1/teams/${team}/members/${bob.id}`)).status).toBe(204);
    expect((await shiftsNow())[0]).toMatchObject({ person: null, skipped: ["Bob", "Ada"] });
  });

  it("keeps out who is no member, and nobody twice, by the field", async () => {
    const ada = await member("Ada");
    const start = "2026-11-02";
    const errorsOf = async (people: object[]) =>
      (await call("POST", at("/on-call-rotations"), { body: { name: "Web", start, people } })).body;
    expect(await errorsOf([{ name: "X", member: "nobody" }])).toMatchObject({ errors: [{ path: "people.0.member" }] });
    expect(await errorsOf([{ name: "X" }])).toMatchObject({ errors: [{ path: "people.0.channels" }] });
    expect(await errorsOf([person(ada), { ...person(ada), name: "Y" }])).toMatchObject({
      errors: [{ path: "people.1.member" }],
    });
  });
});

describe("an account that ends", () => {
  it("leaves no name in rotations and in what was told, and no run that had read it writes it back", async () => {
    const [eve, bob] = [await member("Eve Example"), await member("Bob")];
    const overrides = [{ from: now - MINUTE_MS, until: now + 600 * MINUTE_MS, person: "Eve Example" }];
    const made = await rotation([person(bob), { ...person(eve), name: "Eve Example" }]);
    const { id, name, timeZone, every, at: hour, start, people } = made;
    await ok("PUT", at(`/on-call-rotations/${id}`), { name, timeZone, every, at: hour, start, people, overrides });
    const incident = await fires(made);
    expect(await escalated(incident)).toEqual(["step 1 of 1: Eve Example (on call, Web)"]);
    const asThem = { token: "", headers: eve.headers };
    const given = await call("PATCH", at(`/incidents/${incident.id}`), { ...asThem, body: { assignee: "me" } });
    expect(given.status).toBe(200);
    // A run reads the rules, and is slow.
    const run = (await findAlertRun(env.DB, site.id))!;
    const [read] = await readRunning<object>(env.DB, [site.id]);
    expect(JSON.stringify(read)).toContain("Eve Example");
    expect((await call("DELETE", "/api/v1/me", { ...asThem, body: { email: eve.email } })).status).toBeLessThan(300);
    const late = { run, through: run.through, states: [{ id: read!.rule.id, state: read!.state }] };
    expect(await commitAlerts(env.DB, { ...late, incidents: [], entries: [], notices: [] }, now)).toBe(false);
    await minutes(3);
    const { results } = await env.DB.prepare(
      `select body from resources where site_id = ?1 union all select state from alert_rules where site_id = ?1
       union all select body from incidents where site_id = ?1 union all select text from incident_entries where site_id = ?1`,
    )
      .bind(site.id)
      .all();
    expect(JSON.stringify(results)).not.toContain("Eve Example");
    expect(await escalated(incident)).toContain("step 1 of 1: Somebody who left (on call, Web)");
    expect((await shiftsNow())[0]).toMatchObject({ person: "Bob", skipped: ["Somebody who left 2"] });
  });
});
