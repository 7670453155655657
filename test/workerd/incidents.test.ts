// Incidents beyond their states: who is told after whom, what people do to them, and what the past says, on real shards and D1.
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AlertRule, Incident, IncidentEntry } from "../../workers/domain/alert.ts";
import type { Site } from "../../workers/domain/site.ts";
import { runDueJobs } from "../../workers/jobs/index.ts";
import { pruneIncidents } from "../../workers/store/incidents.ts";
import { claimOwner, join } from "./people.ts";
import { aView, call, createSite, ok, sendTaken, setClock } from "./worker.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const SECRET = `whsec_${btoa("0123456789abcdef01234567")}`;

let told: string[] = [];
let site: Site;
let now: number;
const at = (path: string) => `/api/v1/sites/${site.id}${path}`;

beforeEach(async () => {
  told = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const { type, data } = JSON.parse(String(init?.body));
    expect(JSON.stringify(data)).not.toContain("Operator");
    // Other tests' sites have rules too, which go on.
    if (data.site.id === site.id) told.push(`${new URL(String(input)).pathname.slice(1)} ${type.slice(6)}`);
    return new Response("thanks");
  });
  now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + 600 * MINUTE_MS;
  setClock(now);
  site = await createSite();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function minutes(count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    now += MINUTE_MS;
    setClock(now);
    await runDueJobs("* * * * *", env, now);
  }
}

const views = (count: number) => sendTaken(Array.from({ length: count }, () => aView(site)));
const channel = async (name: string) =>
  (
    await ok<{ id: string }>("POST", at("/alert-channels"), {
      kind: "webhook",
      label: name,
      config: { url: `https://hooks.example.com/${name}`, secret: SECRET },
    })
  ).id;
const LASTING = [{ kind: "threshold", metric: "pageviews", minutes: 600, is: "above", value: 3 }];
const rule = (fields: Record<string, unknown> = {}) =>
  ok<AlertRule>("POST", at("/alert-rules"), { name: "Many views", conditions: LASTING, recoverMinutes: 0, ...fields });
const incidentsOf = async (query = "") =>
  (await ok<{ incidents: Incident[] }>("GET", at(`/incidents${query}`))).incidents;

interface Story extends Incident {
  entries: IncidentEntry[];
  told: { channel: string; kind: string; state: string }[];
  grouped: Incident[];
}
const storyOf = ({ id }: Incident) => ok<Story>("GET", at(`/incidents/${id}`));

/** The one that fires now. */
async function fires(fields: Record<string, unknown> = {}): Promise<Incident> {
  await rule(fields);
  await minutes(2);
  await views(5);
  await minutes(2);
  return (await incidentsOf())[0]!;
}

describe("escalation", () => {
  it("tells who is on call when nobody has acknowledged, step by step, and all of them of the end", async () => {
    const [desk, ada, boss] = [await channel("desk"), await channel("ada"), await channel("boss")];
    const rotation = await ok<{ id: string }>("POST", at("/on-call-rotations"), {
      name: "Web",
      start: "2026-11-02",
      people: [{ name: "Ada", channels: [ada] }],
    });
    const policy = await ok<{ id: string }>("POST", at("/escalation-policies"), {
      name: "Wake",
      steps: [
        { afterMinutes: 2, rotations: [rotation.id] },
        { afterMinutes: 3, channels: [boss] },
      ],
    });
    const incident = await fires({ channels: [desk], policy: policy.id });
    expect(told).toEqual(["desk firing"]);
    await minutes(2);
    expect(told).toEqual(["desk firing", "ada firing"]);
    await minutes(2);
    expect(told).toHaveLength(2);
    await minutes(1);
    expect(told.slice(2)).toEqual(["boss firing"]);
    await ok("POST", at(`/incidents/${incident.id}/acknowledge`));
    await minutes(20);
    expect(told.slice(3).sort()).toEqual(["ada acknowledged", "boss acknowledged", "desk acknowledged"]);
    const { entries, told: log } = await storyOf(incident);
    expect(entries.map(({ kind, text }) => [kind, text])).toEqual([
      ["firing", "5 pageviews in 10 h, above 3"],
      ["escalated", "step 1 of 2: Ada (on call, Web)"],
      ["escalated", "step 2 of 2: 1 channel"],
      ["acknowledged", ""],
    ]);
    expect(
      log
        .filter(({ state }) => state === "sent")
        .map((one) => `${one.channel} ${one.kind}`)
        .sort(),
    ).toEqual([...told].sort());
  });

  it("tells the steps of each value of a split once, and no more of the one that is acknowledged", async () => {
    const [desk, boss] = [await channel("desk"), await channel("boss")];
    const steps = [
      { afterMinutes: 2, channels: [boss] },
      { afterMinutes: 3, channels: [desk] },
    ];
    const policy = await ok<{ id: string }>("POST", at("/escalation-policies"), { name: "Wake", steps });
    now = Math.ceil(now / (60 * MINUTE_MS)) * 60 * MINUTE_MS + 30 * MINUTE_MS;
    setClock(now);
    await rule({
      conditions: [{ kind: "threshold", metric: "pageviews", minutes: 60, value: 3 }],
      split: { dimension: "event:page", top: 2 },
      channels: [desk],
      policy: policy.id,
    });
    await minutes(1);
    for (const url of ["https://example.com/a", "https://example.com/b"]) {
      await sendTaken(Array.from({ length: 5 }, () => aView(site, { url })));
    }
    // The hour is looked at five minutes after its end.
    now += 34 * MINUTE_MS;
    await minutes(1);
    const named = async (name: string) => (await incidentsOf()).find((one) => one.name === `Many views: ${name}`)!;
    await ok("POST", at(`/incidents/${(await named("/b")).id}/acknowledge`));
    await minutes(12);
    const toldOf = async (name: string) => {
      const { state, group, told: log } = await storyOf(await named(name));
      return { state, group, told: log.map((one) => `${one.channel} ${one.kind}`).reverse() };
    };
    expect(await toldOf("/a")).toEqual({
      state: "firing",
      group: null,
      told: ["desk firing", "boss firing", "desk firing"],
    });
    expect(await toldOf("/b")).toEqual({
      state: "acknowledged",
      group: null,
      told: ["desk firing", "desk acknowledged"],
    });
    expect(told).toHaveLength(5);
  });

  it("says nothing twice when runs overlap", async () => {
    const policy = await ok<{ id: string }>("POST", at("/escalation-policies"), {
      name: "Wake",
      steps: [{ afterMinutes: 2, channels: [await channel("desk")] }],
    });
    await fires({ policy: policy.id });
    now += 2 * MINUTE_MS;
    setClock(now);
    await Promise.all([1, 2, 3].map(() => runDueJobs("* * * * *", env, now)));
    await minutes(3);
    expect(told).toEqual(["desk firing"]);
  });

  it("waits while the site is in maintenance", async () => {
    const policy = await ok<{ id: string }>("POST", at("/escalation-policies"), {
      name: "Wake",
      steps: [{ afterMinutes: 2, channels: [await channel("desk")] }],
    });
    await fires({ policy: policy.id });
    await ok("PUT", at("/alert-maintenance"), { windows: [{ from: now, until: now + 10 * MINUTE_MS }] });
    await minutes(10);
    expect(told).toEqual([]);
    await minutes(2);
    expect(told).toEqual(["desk firing"]);
  });

  it("keeps what is in use, and names nothing that is not there", async () => {
    const people = [{ name: "Ada", channels: [await channel("ada")] }];
    const rotation = await ok<{ id: string }>("POST", at("/on-call-rotations"), {
      name: "Web",
      start: "2026-11-02",
      people,
    });
    const steps = [{ afterMinutes: 0, rotations: [rotation.id] }];
    const policy = await ok<{ id: string }>("POST", at("/escalation-policies"), { name: "Wake", steps });
    const kept = await rule({ policy: policy.id });
    expect((await call("DELETE", at(`/on-call-rotations/${rotation.id}`))).status).toBe(409);
    expect((await call("DELETE", at(`/escalation-policies/${policy.id}`))).status).toBe(409);
    await call("DELETE", at(`/alert-rules/${kept.id}`));
    expect((await call("DELETE", at(`/escalation-policies/${policy.id}`))).status).toBe(204);
    expect((await call("DELETE", at(`/on-call-rotations/${rotation.id}`))).status).toBe(204);
    const body = { name: "Wake", steps: [{ afterMinutes: 0, channels: ["none"], rotations: ["none"] }] };
    expect((await call("POST", at("/escalation-policies"), { body })).body).toMatchObject({
      errors: [{ path: "steps.0.channels.0" }, { path: "steps.0.rotations.0" }],
    });
    const named = await call("POST", at("/alert-rules"), { body: { name: "R", conditions: LASTING, policy: "none" } });
    expect(named.body).toMatchObject({ errors: [{ path: "policy" }] });
  });

  it("says who is on call now and next", async () => {
    const people = [
      { name: "Ada", channels: [await channel("ada")] },
      { name: "Bob", channels: [await channel("bob")] },
    ];
    const overrides = [{ from: now - DAY_MS, until: now + DAY_MS, person: "Bob" }];
    await ok("POST", at("/on-call-rotations"), { name: "Web", every: "day", start: "2026-11-02", people, overrides });
    const { rotations } = await ok<{ rotations: { shifts: unknown[] }[] }>("GET", at("/on-call?days=3"));
    expect(rotations[0]?.shifts[0]).toMatchObject({ person: "Bob", isOverride: true });
    expect(rotations[0]?.shifts).toContainEqual(expect.objectContaining({ person: "Ada", isOverride: false }));
  });
});

describe("incidents", () => {
  it("are rated otherwise, given to somebody, and opened again by hand", async () => {
    const incident = await fires({ channels: [await channel("desk")] });
    const path = at(`/incidents/${incident.id}`);
    expect(await ok("PATCH", path, { severity: "critical", assignee: "me" })).toMatchObject({
      severity: "critical",
      assignee: { name: "Operator" },
    });
    expect((await call("PATCH", path, { body: { assignee: "nobody of the team" } })).body).toMatchObject({
      errors: [{ path: "assignee" }],
    });
    expect((await call("POST", `${path}/reopen`)).status).toBe(409);
    await ok("POST", `${path}/resolve`);
    await ok("POST", `${path}/reopen`);
    await minutes(2);
    expect(told).toEqual(["desk firing", "desk resolved", "desk firing"]);
    const { entries, ...now } = await storyOf(incident);
    expect(now).toMatchObject({ state: "firing", turn: 2, severity: "critical", assignee: { name: "Operator" } });
    expect(entries.map(({ kind, by, text }) => [kind, by, text])).toEqual([
      ["firing", "", "5 pageviews in 10 h, above 3"],
      ["severity", "Operator", "warning → critical"],
      ["assigned", "Operator", "Operator"],
      ["resolved", "Operator", ""],
      ["firing", "Operator", ""],
    ]);
  });

  it("stay open when opened again by hand while the rule is well", async () => {
    const short = [{ kind: "threshold", metric: "pageviews", minutes: 3, is: "above", value: 3 }];
    const incident = await fires({ conditions: short });
    await minutes(6);
    expect(await incidentsOf("?state=resolved")).toHaveLength(1);
    await ok("POST", at(`/incidents/${incident.id}/reopen`));
    await minutes(6);
    expect(await incidentsOf("?state=firing")).toHaveLength(1);
    await ok("POST", at(`/incidents/${incident.id}/resolve`));
    expect(await incidentsOf("?state=firing")).toHaveLength(0);
  });

  it("with one cause are one page, and stand with one another", async () => {
    const desk = await channel("desk");
    await rule({ channels: [desk], severity: "critical" });
    await fires({ name: "Any views", channels: [desk] });
    expect(told).toEqual(["desk firing"]);
    const [first] = await incidentsOf("?severity=critical");
    expect(await incidentsOf("?severity=warning")).toMatchObject([{ name: "Any views", group: first!.id }]);
    expect((await storyOf(first!)).grouped).toMatchObject([{ name: "Any views" }]);
  });

  it("are found by their rule and time", async () => {
    const incident = await fires();
    const { openedAt, ruleId } = incident;
    expect(await incidentsOf(`?ruleId=${ruleId}&from=${openedAt}&until=${openedAt + 1}`)).toHaveLength(1);
    expect(await incidentsOf(`?until=${openedAt}`)).toEqual([]);
    expect(await incidentsOf(`?from=${openedAt + DAY_MS}`)).toHaveLength(1);
    await ok("POST", at(`/incidents/${incident.id}/resolve`));
    expect(await incidentsOf(`?from=${openedAt + DAY_MS}`)).toEqual([]);
    expect(await incidentsOf("?ruleId=other")).toEqual([]);
  });

  it("tell their history, with advice where a rule wakes for nothing", async () => {
    const { id } = await rule();
    await minutes(1);
    const begun = now - 20 * DAY_MS;
    for (let index = 0; index < 6; index++) {
      const firedAt = begun + index * DAY_MS;
      const body = { id: `${id}.${index}`, ruleId: id, state: "resolved", openedAt: firedAt };
      const insert = "insert into incident_entries (site_id, incident_id, key, at, kind, by, text, value)";
      await env.DB.batch([
        env.DB.prepare(
          "insert into incidents (site_id, id, rule_id, state, body, opened_at) values (?1, ?2, ?3, 'resolved', ?4, ?5)",
        ).bind(site.id, body.id, id, JSON.stringify(body), firedAt),
        env.DB.prepare(`${insert} values (?1, ?2, 'firing-1', ?3, 'firing', '', '', 4)`).bind(
          site.id,
          body.id,
          firedAt,
        ),
        env.DB.prepare(`${insert} values (?1, ?2, 'resolved-1', ?3, 'resolved', '', '', 7)`).bind(
          site.id,
          body.id,
          firedAt + 5 * MINUTE_MS,
        ),
      ]);
    }
    expect(await ok("GET", at("/incident-history"))).toMatchObject({
      fired: 6,
      ignored: 6,
      mtta: null,
      mttr: 5 * MINUTE_MS,
      rules: [
        {
          ruleId: id,
          advice:
            "Fired 6 times, never acted on: raise the threshold to 7 (it would not have fired) or wait 5 minutes (it would not have fired).",
        },
      ],
    });
    expect(await ok("GET", at("/incident-history?days=1"))).toMatchObject({ fired: 0, rules: [] });
    await pruneIncidents(env.DB, begun + 2 * DAY_MS + 1);
    expect(await ok("GET", at("/incident-history"))).toMatchObject({ fired: 3 });
  });

  it("forget by name who looked after them when they leave", async () => {
    await claimOwner();
    const left = await join("main", "analyst");
    const incident = await fires();
    const path = at(`/incidents/${incident.id}`);
    const asThem = { token: "", headers: left.headers };
    expect((await call("PATCH", path, { ...asThem, body: { assignee: "me" } })).status).toBe(200);
    const given = await storyOf(incident);
    const { name } = given.assignee!;
    expect(given.entries.at(-1)).toMatchObject({ kind: "assigned", by: name, text: name });
    // As a value of a split would have it, whatever that is called.
    const part = 'a."b"';
    await env.DB.prepare(
      "update alert_rules set state = json_set(state, '$.parts', json_object(?2, json(state))) where site_id = ?1",
    )
      .bind(site.id, part)
      .run();
    const gone = await call("DELETE", "/api/v1/me", { ...asThem, body: { email: left.email } });
    expect(gone.status).toBeLessThan(300);
    const state = JSON.parse(
      (await env.DB.prepare("select state from alert_rules where site_id = ?1").bind(site.id).first("state"))!,
    );
    expect(state.parts[part]).toMatchObject({ holds: true, incident: { id: incident.id, assignee: { id: "gone" } } });
    expect(JSON.stringify(state)).not.toContain(name);
    await minutes(1);
    const { results } = await env.DB.prepare(
      "select body from incidents where site_id = ?1 union all select state from alert_rules where site_id = ?1",
    )
      .bind(site.id)
      .all();
    expect(JSON.stringify([await storyOf(incident), results])).not.toContain(name);
  });
});
