// What ends an alert but its metric, and in which order it is told.
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { AlertRule, Incident } from "../../workers/domain/alert.ts";
import type { Site } from "../../workers/domain/site.ts";
import { runDueJobs } from "../../workers/jobs/index.ts";
import { aView, call, createSite, HOUR_MS, ok, sendTaken, setClock } from "./worker.ts";

const MINUTE_MS = 60_000;
const SECRET = `whsec_${btoa("0123456789abcdef01234567")}`;
const MANY = [{ kind: "threshold", metric: "pageviews", minutes: 10, is: "above", value: 3 }];

let site: Site;
let now: number;
let told: string[];
let desk: string;
const at = (path: string) => `/api/v1/sites/${site.id}${path}`;

beforeEach(async () => {
  now = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + 600 * MINUTE_MS;
  setClock(now);
  site = await createSite();
  told = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (_, init) => {
    const { type, data } = JSON.parse(String(init?.body)) as {
      type: string;
      data: { site: { id: string }; incident: Incident };
    };
    // Other tests' incidents end meanwhile.
    if (data.site.id === site.id) told.push(`${type.replace("alert.", "")} ${data.incident.turn}`);
    return new Response("ok");
  });
  const config = { url: "https://hooks.example.com/a", secret: SECRET };
  const channel = { kind: "webhook", label: "Desk", config };
  desk = (await ok<{ id: string }>("POST", at("/alert-channels"), channel)).id;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function minutes(count: number): Promise<void> {
  for (let one = 0; one < count; one++) {
    now += MINUTE_MS;
    setClock(now);
    await runDueJobs("* * * * *", env, now);
  }
}

const views = (count = 5) => sendTaken(Array.from({ length: count }, () => aView(site)));
const aRule = (fields: object = {}) =>
  ok<AlertRule>("POST", at("/alert-rules"), { name: "Many", conditions: MANY, channels: [desk], ...fields });
const incidents = async () => (await ok<{ incidents: Incident[] }>("GET", at("/incidents"))).incidents;

async function changed({ id }: AlertRule, fields: object) {
  const { id: _, version, createdAt, ...rule } = await ok<AlertRule>("GET", at(`/alert-rules/${id}`));
  return call<AlertRule>("PUT", at(`/alert-rules/${id}`), { body: { ...rule, ...fields } });
}

async function fires(fields: object = {}): Promise<AlertRule> {
  const rule = await aRule(fields);
  await minutes(2);
  await views();
  await minutes(2);
  expect(told).toEqual(["firing 1"]);
  return rule;
}

it("its rule is paused: it is resolved, told so, and what looks at it is well", async () => {
  const rule = await fires();
  await aRule({
    name: "On it",
    conditions: [{ kind: "rule", rule: rule.id, is: "firing" }],
    channels: [],
    recoverMinutes: 0,
  });
  await minutes(2);
  expect((await incidents()).map(({ name, state }) => `${name} ${state}`).sort()).toEqual([
    "Many firing",
    "On it firing",
  ]);
  expect((await changed(rule, { enabled: false })).status).toBe(200);
  await minutes(2);
  expect(told).toEqual(["firing 1", "resolved 1"]);
  expect((await incidents()).map(({ state }) => state)).toEqual(["resolved", "resolved"]);
  expect((await incidents()).find(({ name }) => name === "Many")?.reason).toBe("its rule is paused");
});

it("its rule is removed: it is resolved and told so, once, and what looks at it can still be changed", async () => {
  const rule = await fires();
  const conditions = [{ kind: "rule", rule: rule.id, is: "firing" }];
  const other = await aRule({ name: "On it", conditions, channels: [], recoverMinutes: 0, dependsOn: [] });
  await minutes(1);
  expect((await call("DELETE", at(`/alert-rules/${rule.id}`), { headers: { "if-match": '"999"' } })).status).toBe(412);
  await minutes(1);
  expect(told).toEqual(["firing 1"]);
  expect((await call("DELETE", at(`/alert-rules/${rule.id}`))).status).toBe(204);
  await minutes(3);
  expect(told).toEqual(["firing 1", "resolved 1"]);
  expect((await incidents()).map(({ state }) => state)).toEqual(["resolved", "resolved"]);
  expect((await changed(other, { enabled: false })).status).toBe(200);
  expect(
    (await call("POST", at("/alert-rules"), { body: { name: "New", conditions, channels: [] } })).body,
  ).toMatchObject({
    errors: [{ path: "conditions.0.rule" }],
  });
});

it("what a rule names and is gone goes out of it when it is changed, and is refused where it is new", async () => {
  const cause = await aRule({ name: "Cause" });
  const rule = await aRule({ dependsOn: [cause.id] });
  await ok("DELETE", at(`/alert-channels/${desk}`));
  await ok("DELETE", at(`/alert-rules/${cause.id}`));
  const { status, body } = await changed(rule, { enabled: false });
  expect({ status, body }).toMatchObject({ status: 200, body: { channels: [], dependsOn: [], enabled: false } });
  expect((await changed(rule, { channels: [desk] })).body).toMatchObject({ errors: [{ path: "channels.0" }] });
});

it("its conditions are changed: it is resolved, told so and why, and the new ones are judged by themselves", async () => {
  const rule = await fires({ conditions: [{ ...MANY[0], minutes: 600, clear: 1 }] });
  const [incident] = await incidents();
  expect((await changed(rule, { name: "Renamed", channels: [desk] })).status).toBe(200);
  await minutes(2);
  expect(told).toEqual(["firing 1"]);
  const few = { ...MANY[0], metric: "events", minutes: 600, value: 100, clear: 2 };
  expect((await changed(rule, { conditions: [few] })).status).toBe(200);
  await minutes(30);
  expect(told).toEqual(["firing 1", "resolved 1"]);
  const { entries } = await ok<{ entries: { kind: string; by: string; text: string }[] }>(
    "GET",
    at(`/incidents/${incident!.id}`),
  );
  expect(entries.at(-1)).toMatchObject({ kind: "resolved", by: "", text: "its rule was changed, and begins anew" });
});

it("a rule that is paused while it waits, and goes on days later, waits again", async () => {
  const rule = await aRule({ forMinutes: 60 });
  // The site's clock goes on by another.
  await aRule({ name: "Never", conditions: [{ ...MANY[0], value: 1000 }], channels: [] });
  await minutes(2);
  await views();
  await minutes(5);
  await changed(rule, { enabled: false });
  await minutes(1);
  now += 3 * 24 * HOUR_MS;
  setClock(now);
  // Until the days between are caught up.
  await minutes(8);
  await views();
  await minutes(2);
  await changed(rule, { enabled: true });
  await minutes(4);
  expect(told).toEqual([]);
});

it("what its rule looks at is removed: it is resolved, told so and why, and the rule can still be paused", async () => {
  const targets = [{ since: "2026-01-01", target: 1 }];
  const kpi = await ok<{ id: string }>("POST", at("/kpis"), { name: "Views", formula: "pageviews", targets });
  const segment = await ok<{ id: number }>("POST", at("/segments"), {
    name: "Home",
    filters: [["is", "event:page", ["/"]]],
  });
  const hourly = { ...MANY[0], minutes: 60 };
  const ofKpi = await aRule({ name: "Kpi", conditions: [{ ...hourly, metric: `kpi:${kpi.id}` }] });
  const filters = [["is", "segment", [String(segment.id)]]];
  await aRule({ name: "Home", conditions: [hourly], filters, channels: [] });
  await aRule({ name: "Each", conditions: [hourly], split: { dimension: "segment", top: 5 }, channels: [] });
  await aRule({ name: "Lasts", conditions: [{ ...hourly, metric: "visitors", value: 0 }], channels: [] });
  await minutes(1);
  await views();
  await minutes(65);
  expect(told).toEqual(["firing 1"]);
  await ok("DELETE", at(`/kpis/${kpi.id}`));
  await ok("DELETE", at(`/segments/${segment.id}`));
  await views();
  await minutes(66);
  expect(told).toEqual(["firing 1", "resolved 1"]);
  expect((await incidents()).map(({ name, state, reason }) => `${name} ${state}: ${reason}`).sort()).toEqual([
    "Each: Home resolved: its segment was removed, or is no longer among those that are looked at",
    expect.stringMatching(/^Home resolved: its filters can no longer be asked: ./),
    "Kpi resolved: the KPI that it looks at was removed",
    "Lasts firing: 1 visitors in 1 h, above 0",
  ]);
  expect((await changed(ofKpi, { enabled: false })).status).toBe(200);
});

it("somebody opens it again in the minute that was well: its beginning is told before its end", async () => {
  await fires({ conditions: [{ ...MANY[0], minutes: 2 }], recoverMinutes: 0 });
  const [incident] = await incidents();
  setClock(now + 10_000);
  await ok("POST", at(`/incidents/${incident!.id}/resolve`));
  await minutes(1);
  setClock(now + 40_000);
  await ok("POST", at(`/incidents/${incident!.id}/reopen`));
  await minutes(5);
  expect(told).toEqual(["firing 1", "resolved 1", "firing 2", "resolved 2"]);
});

it("a day is held against the whole day before it", async () => {
  const change = {
    kind: "change",
    metric: "pageviews",
    minutes: 1440,
    against: "before",
    by: "less",
    percent: 50,
    least: 5,
  };
  await aRule({ conditions: [change], recoverMinutes: 0 });
  await minutes(1);
  await views(50);
  await minutes(2);
  for (let hour = 0; hour < 27; hour++) {
    now += HOUR_MS - MINUTE_MS;
    await minutes(1);
  }
  expect(told).toEqual(["firing 1"]);
});
