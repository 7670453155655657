// From the first event to the word in somebody's channel: rules, incidents and the outbox, on real shards and D1. What lies
// outside, the receiver, is a stand-in.
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AlertRule, Incident } from "../../workers/domain/alert.ts";
import type { Site } from "../../workers/domain/site.ts";
import { evaluateAlerts } from "../../workers/jobs/evaluate-alerts.ts";
import { runDueJobs } from "../../workers/jobs/index.ts";
import { claimNotices } from "../../workers/store/notices.ts";
import { aView, call, createSite, ok, runAlarms, sendTaken, setClock } from "./worker.ts";

const CRON = "* * * * *";
const MINUTE_MS = 60_000;
const SECRET = `whsec_${btoa("0123456789abcdef01234567")}`;
const HOOK = "https://hooks.example.com/alerts";

interface Received {
  url: string;
  headers: Headers;
  body: string;
}

let received: Received[] = [];
let answer: (sent: Received) => Response | Promise<Response>;
let site: Site;
let now: number;
const at = (path: string) => `/api/v1/sites/${site.id}${path}`;

beforeEach(async () => {
  received = [];
  answer = () => new Response("thanks");
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as string, init as RequestInit); // as channels call it
    const sent = { url: request.url, headers: request.headers, body: await request.text() };
    // Other tests' sites have rules too, which go on.
    if (JSON.parse(sent.body).data.site.id !== site.id) return new Response("");
    new Webhook(SECRET).verify(sent.body, Object.fromEntries(sent.headers));
    received.push(sent);
    return answer(sent);
  });
  now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + 600 * MINUTE_MS;
  setClock(now);
  site = await createSite();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The clock goes on by so many minutes, and cron rings at the end of each. */
async function minutes(count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    now += MINUTE_MS;
    setClock(now);
    await runDueJobs(CRON, env, now);
  }
}

async function views(count: number): Promise<void> {
  await sendTaken(Array.from({ length: count }, () => aView(site)));
}

const aChannel = async (fields: Record<string, unknown> = {}) =>
  (
    await ok<{ id: string }>("POST", at("/alert-channels"), {
      kind: "webhook",
      label: "Ours",
      config: { url: HOOK, secret: SECRET },
      ...fields,
    })
  ).id;

const aRule = (fields: Record<string, unknown> = {}): Promise<AlertRule> =>
  ok("POST", at("/alert-rules"), {
    name: "Many views",
    conditions: [{ kind: "threshold", metric: "pageviews", minutes: 5, is: "above", value: 3 }],
    recoverMinutes: 0,
    ...fields,
  });

const told = () => received.map(({ body }) => JSON.parse(body).type as string);
const incidentsOf = async () => (await ok<{ incidents: Incident[] }>("GET", at("/incidents"))).incidents;

describe("alerts", () => {
  it("tell a webhook when a rule fires and when it is well again, each once, signed", async () => {
    await aRule({ channels: [await aChannel()] });
    await minutes(2);
    expect(received).toEqual([]);
    await views(5);
    await minutes(2);
    expect(told()).toEqual(["alert.firing"]);
    expect(await incidentsOf()).toMatchObject([
      { name: "Many views", state: "firing", value: 5, expected: 3, reason: "5 pageviews in 5 min, above 3" },
    ]);
    await minutes(7);
    expect(told()).toEqual(["alert.firing", "alert.resolved"]);
    expect(await incidentsOf()).toMatchObject([{ state: "resolved", turn: 1 }]);
    const keys = received.map(({ headers }) => headers.get("webhook-id"));
    expect(new Set(keys).size).toBe(2);
    for (const { url, body } of received) {
      expect(url).toBe(HOOK);
      expect(JSON.parse(body)).toMatchObject({
        data: { site: { id: site.id }, link: `https://edge.test/sites/${site.id}/alerts` },
      });
    }
    const { deliveries } = await ok<{ deliveries: unknown[] }>("GET", at("/alert-deliveries"));
    expect(deliveries).toMatchObject([
      { kind: "resolved", state: "sent", told: "answered 200", tries: 1 },
      { kind: "firing", state: "sent", tries: 1 },
    ]);
  });

  it("catch up on minutes in which cron did not ring", async () => {
    await aRule({ channels: [await aChannel()] });
    await minutes(2);
    await views(5);
    now += 20 * MINUTE_MS;
    setClock(now);
    await minutes(1);
    expect(told()).toEqual(["alert.firing"]);
    await minutes(1);
    expect(told()).toEqual(["alert.firing", "alert.resolved"]);
  });

  it("say nothing twice when runs overlap", async () => {
    await aRule({ channels: [await aChannel()] });
    await minutes(2);
    await views(5);
    now += 2 * MINUTE_MS;
    setClock(now);
    await Promise.all([1, 2, 3].map(() => runDueJobs(CRON, env, now)));
    await minutes(1);
    expect(told()).toEqual(["alert.firing"]);
  });

  it("are told later where the receiver was down, and again under the same key where its answer was lost", async () => {
    await aRule({ channels: [await aChannel()] });
    await minutes(2);
    await views(5);
    answer = () => new Response("busy", { status: 503 });
    await minutes(2);
    expect(told()).toEqual(["alert.firing"]);
    answer = () => new Response("thanks");
    await minutes(3);
    expect(told().slice(0, 2)).toEqual(["alert.firing", "alert.firing"]);
    const [first, second] = received.map(({ headers }) => headers.get("webhook-id"));
    expect(second).toBe(first);
    await minutes(5);
    expect(told()).toEqual(["alert.firing", "alert.firing", "alert.resolved"]);
  });

  it("are told by the next run where one was cut off between the claim and its word", async () => {
    await aRule({ channels: [await aChannel()] });
    await minutes(2);
    await views(5);
    now += 2 * MINUTE_MS;
    setClock(now);
    await evaluateAlerts.run(env, now);
    const claimed = await claimNotices(env.DB, { now, most: 100 });
    const own = claimed.filter(({ siteId }) => siteId === site.id);
    expect(own).toHaveLength(1);
    await minutes(1);
    expect(received).toEqual([]);
    await minutes(2);
    expect(received.map(({ headers }) => headers.get("webhook-id"))).toEqual([own[0]!.id]);
  });

  it("stop at a receiver that is gone, until a test goes well", async () => {
    const channel = await aChannel();
    await aRule({ channels: [channel] });
    await minutes(2);
    await views(5);
    answer = () => new Response("", { status: 410 });
    await minutes(10);
    expect(received).toHaveLength(1);
    const listed = async () =>
      (await ok<{ channels: { off: string }[] }>("GET", at("/alert-channels"))).channels[0]!.off;
    expect(await listed()).toBe("answered 410");
    expect(await ok("PATCH", at(`/alert-channels/${channel}`), { enabled: true })).toMatchObject({ off: "" });
    answer = () => new Response("", { status: 410 });
    expect(await ok("POST", at(`/alert-channels/${channel}/test`))).toMatchObject({ result: "gone" });
    expect(await listed()).toBe("answered 410");
    answer = () => new Response("thanks");
    expect(await ok("POST", at(`/alert-channels/${channel}/test`))).toEqual({ result: "sent", told: "answered 200" });
    expect(await listed()).toBe("");
  });

  it("tell that somebody looks at it, and end when somebody says so", async () => {
    await aRule({ channels: [await aChannel()] });
    await minutes(2);
    await views(5);
    await minutes(2);
    const [incident] = await incidentsOf();
    const path = at(`/incidents/${incident!.id}`);
    expect(await ok("POST", `${path}/acknowledge`)).toMatchObject({ state: "acknowledged" });
    expect((await call("POST", `${path}/acknowledge`)).status).toBe(409);
    await ok("POST", `${path}/notes`, { text: "A campaign began" });
    await ok("POST", `${path}/resolve`);
    await views(5);
    await minutes(3);
    expect(told()).toEqual(["alert.firing", "alert.acknowledged", "alert.resolved"]);
    const { entries } = await ok<{ entries: unknown[] }>("GET", path);
    const { results } = await env.DB.prepare(
      "select author from incident_entries where site_id = ?1 order by at, rowid",
    )
      .bind(site.id)
      .all();
    expect(results.map(({ author }) => author)).toEqual(["", "operator", "operator", "operator"]);
    expect(entries).toMatchObject([
      { kind: "firing", by: "", text: "5 pageviews in 5 min, above 3" },
      { kind: "acknowledged", by: "Operator" },
      { kind: "note", text: "A campaign began" },
      { kind: "resolved", by: "Operator" },
    ]);
  });

  it("begin nothing in a maintenance of the site, nor in a silence of the rule, and fire after it", async () => {
    const window = { from: now, until: now + 10 * MINUTE_MS, why: "A move" };
    await ok("PUT", at("/alert-maintenance"), { windows: [window] });
    expect(await ok("GET", at("/alert-maintenance"))).toEqual({ windows: [window] });
    const silences = [{ from: now, until: now + 20 * MINUTE_MS }];
    const lasting = [{ kind: "threshold", metric: "pageviews", minutes: 60, is: "above", value: 3 }];
    await aRule({ name: "Plain", conditions: lasting });
    await aRule({ name: "Silenced", conditions: lasting, silences });
    await minutes(2);
    await views(5);
    await minutes(6);
    expect(await incidentsOf()).toEqual([]);
    now += 4 * MINUTE_MS;
    await minutes(1);
    expect((await incidentsOf()).map(({ name }) => name)).toEqual(["Plain"]);
    now += 10 * MINUTE_MS;
    await minutes(1);
    expect((await incidentsOf()).map(({ name }) => name)).toEqual(["Silenced", "Plain"]);
  });

  it("keep a channel's settings sealed, and tell them nobody", async () => {
    await aChannel();
    const { results } = await env.DB.prepare("select * from alert_channels").all();
    expect(JSON.stringify(results)).not.toContain("hooks.example.com");
    const listed = await call("GET", at("/alert-channels"));
    expect(JSON.stringify(listed.body)).not.toMatch(/hooks|whsec/);
  });

  it("refuse addresses within the network, unknown metrics and windows that nothing tells, by the field", async () => {
    const config = { url: "https://169.254.169.254/latest", secret: SECRET };
    const refused = await call("POST", at("/alert-channels"), { body: { kind: "webhook", label: "In", config } });
    expect(refused.body).toMatchObject({ errors: [{ path: "config.url" }] });
    const odd = { url: "https://10-0-0-1.sslip.io/", secret: SECRET };
    const carried = await call("POST", at("/alert-channels"), { body: { kind: "webhook", label: "In", config: odd } });
    expect(carried.body).toMatchObject({ errors: [{ path: "config.url" }] });
    const more = { url: HOOK, secret: SECRET, colour: "red", size: 1 };
    const unknown = await call("POST", at("/alert-channels"), { body: { kind: "webhook", label: "In", config: more } });
    const message = "there is no such field; leave it out";
    expect(unknown.body).toMatchObject({
      detail: `config.colour: ${message}`,
      errors: [
        { path: "config.colour", message },
        { path: "config.size", message },
      ],
    });
    const rule = (condition: object) => ({ name: "R", conditions: [{ kind: "threshold", value: 1, ...condition }] });
    const badMetric = await call("POST", at("/alert-rules"), { body: rule({ metric: "nonsense", minutes: 60 }) });
    expect(badMetric.body).toMatchObject({ errors: [{ path: "conditions.0.metric" }] });
    const badWindow = await call("POST", at("/alert-rules"), { body: rule({ metric: "visitors", minutes: 10 }) });
    expect(badWindow.body).toMatchObject({ errors: [{ path: "conditions.0.minutes" }] });
  });

  it("look at metrics that no strip knows by the hour", async () => {
    await aRule({
      channels: [await aChannel()],
      conditions: [{ kind: "threshold", metric: "visitors", minutes: 60, is: "above", value: 0 }],
    });
    await minutes(1);
    await views(2);
    now += 66 * MINUTE_MS;
    await minutes(1);
    expect(told()).toEqual(["alert.firing"]);
    expect(await incidentsOf()).toMatchObject([{ reason: "1 visitors in 1 h, above 0" }]);
    const [{ changedAt }] = (await incidentsOf()) as [Incident];
    expect(changedAt % (60 * MINUTE_MS)).toBe(5 * MINUTE_MS);
  });

  it("miss nothing on a site that never had an event, and what falls silent after its first", async () => {
    const conditions = [
      { kind: "absence", metric: "events", minutes: 10 },
      { kind: "threshold", metric: "pageviews", minutes: 10, is: "below", value: 3 },
    ];
    for (const [index, condition] of conditions.entries()) await aRule({ name: `R${index}`, conditions: [condition] });
    await minutes(30);
    expect(await incidentsOf()).toEqual([]);
    await views(5);
    await minutes(9);
    expect(await incidentsOf()).toEqual([]);
    await minutes(5);
    expect((await incidentsOf()).map(({ name, state }) => `${name} ${state}`).sort()).toEqual([
      "R0 firing",
      "R1 firing",
    ]);
    // Nothing of it is left in the strip of minutes.
    await runAlarms(site);
    now += 60 * 60 * MINUTE_MS;
    setClock(now);
    await runAlarms(site);
    await aRule({ name: "Late", conditions: [conditions[0]] });
    await minutes(9);
    expect((await incidentsOf()).map(({ name }) => name)).toContain("Late");
  });

  it("would have missed nothing in a site's first hour", async () => {
    now = Math.ceil(now / (60 * MINUTE_MS)) * 60 * MINUTE_MS + 10 * MINUTE_MS;
    for (let half = 0; half < 8; half++) {
      setClock(now);
      await views(3);
      now += 30 * MINUTE_MS;
    }
    setClock(now);
    const missing = [
      { kind: "absence", metric: "pageviews", minutes: 60 },
      { kind: "threshold", metric: "pageviews", minutes: 60, is: "below", value: 5 },
      { kind: "absence", metric: "pageviews", minutes: 45 },
    ];
    for (const condition of missing) {
      expect(await ok("POST", at("/alert-rules/back-test"), { name: "R", conditions: [condition] })).toMatchObject({
        woken: [],
      });
    }
    const busy = { ...missing[1], is: "above" };
    expect(await ok("POST", at("/alert-rules/back-test"), { name: "R", conditions: [busy] })).toMatchObject({
      woken: [{ value: 6 }],
    });
  });

  it("tell how often a rule would have fired, by the minute and by the hour", async () => {
    await views(5);
    const sentAt = now;
    now += 130 * MINUTE_MS;
    setClock(now);
    const rule = (minutesLooked: number) => ({
      name: "R",
      recoverMinutes: 0,
      conditions: [{ kind: "threshold", metric: "pageviews", minutes: minutesLooked, is: "above", value: 3 }],
    });
    const byMinute = await ok("POST", at("/alert-rules/back-test"), rule(5));
    expect(byMinute).toMatchObject({ woken: [{ value: 5, resolvedAt: expect.any(Number) }] });
    const byHour = await ok<{ from: number }>("POST", at("/alert-rules/back-test"), rule(60));
    expect(byHour).toMatchObject({ woken: [{ value: 5 }] });
    // From the hour of the first event on: before it there was nothing to be woken by.
    expect(sentAt - byHour.from).toBeGreaterThanOrEqual(0);
    expect(sentAt - byHour.from).toBeLessThan(60 * MINUTE_MS);
  });
});
