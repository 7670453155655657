// Channels and their deliveries: changed without their secrets, turned off and on, tried again, sent once more.
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Site } from "../../workers/domain/site.ts";
import type { Env } from "../../workers/env.ts";
import { deliverNotices } from "../../workers/jobs/deliver-notices.ts";
import { addAlertChannel } from "../../workers/store/alert-channels.ts";
import { type AcknowledgeLink, sealLink } from "../../workers/store/alert-links.ts";
import { aView, call, createSite, HOUR_MS, ok, sendTaken, setClock } from "./worker.ts";

const MINUTE_MS = 60_000;
const HOOK = "https://hooks.example.com/alerts";
const secretOf = (text: string) => `whsec_${btoa(text.padEnd(24, "."))}`;
const FIRST = secretOf("the first");
const SECOND = secretOf("the second");

interface Delivery {
  id: string;
  state: string;
  tries: number;
  told: string;
  attempts: { at: number; state: string; told: string }[];
}

let site: Site;
let now: number;
const at = (path: string) => `/api/v1/sites/${site.id}${path}`;

beforeEach(async () => {
  now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + 1000 * HOUR_MS;
  setClock(now);
  site = await createSite();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const aChannel = async (fields: Record<string, unknown> = {}) =>
  (
    await ok<{ id: string }>("POST", at("/alert-channels"), {
      kind: "webhook",
      label: "Ours",
      config: { url: HOOK, secret: FIRST },
      ...fields,
    })
  ).id;

/** As the rules write it. */
async function aNotice(channelId: string, id: string, ruleId = "r"): Promise<void> {
  const incident = { id, ruleId, name: "Many", severity: "info", state: "firing", turn: 1, openedAt: now };
  const told = { ...incident, changedAt: now, value: 1, expected: 2, reason: "It is" };
  const message = { key: id, kind: "firing", site: { id: site.id, name: "S" }, incident: told, at: now };
  await env.DB.prepare(
    `insert into notices (site_id, id, incident_id, channel_id, message, state, next_at, created_at)
     values (?1, ?2, ?2, ?3, ?4, 'due', ?5, ?5)`,
  )
    .bind(site.id, id, channelId, JSON.stringify(message), now)
    .run();
}

async function minutes(count: number, settings: Partial<Env> = {}): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    now += MINUTE_MS;
    setClock(now);
    await deliverNotices.run({ ...env, ...settings } as Env, now); // the same bindings
  }
}

const deliveries = async () => (await ok<{ deliveries: Delivery[] }>("GET", at("/alert-deliveries"))).deliveries;

/** Stands in for the receiver; the requests that it had. */
function receive(answer: () => Response) {
  const received: { headers: Record<string, string>; body: string }[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as string, init as RequestInit); // as channels call it
    received.push({ headers: Object.fromEntries(request.headers), body: await request.text() });
    return answer();
  });
  return received;
}

const isSignedBy = (secret: string, { headers, body }: { headers: Record<string, string>; body: string }) => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};

describe("a channel", () => {
  it("is changed without its secret being typed in again, and tells none", async () => {
    const received = receive(() => new Response("ok"));
    const id = await aChannel();
    const moved = { label: "Moved", config: { url: "https://other.example.com/x" } };
    expect(await ok("PATCH", at(`/alert-channels/${id}`), moved)).toMatchObject({ id, label: "Moved" });
    const read = await call("GET", at(`/alert-channels/${id}`));
    expect(read.body).toMatchObject({ label: "Moved", settings: {} });
    expect(JSON.stringify(read.body)).not.toMatch(/example\.com|whsec/);
    await ok("POST", at(`/alert-channels/${id}/test`));
    expect(isSignedBy(FIRST, received[0]!)).toBe(true);
    const sms = { accountSid: "AC0123456789", authToken: "a-secret-token", from: "Edge", to: "+12025550143" };
    const other = await aChannel({ kind: "sms", config: sms });
    const { authToken: _, ...open } = sms;
    expect(await ok("GET", at(`/alert-channels/${other}`))).toMatchObject({ settings: open });
    const { results } = await env.DB.prepare("select * from alert_channels").all();
    expect(JSON.stringify(results)).not.toMatch(/a-secret-token|whsec|2025550143/);
  });

  it("keeps what is wrong out, by the field, and what nobody may type in", async () => {
    const id = await aChannel();
    const patch = (config: object) => call("PATCH", at(`/alert-channels/${id}`), { body: { config } });
    expect((await patch({ url: "https://10.0.0.1/" })).body).toMatchObject({ errors: [{ path: "config.url" }] });
    expect((await patch({ secret: "short" })).body).toMatchObject({ errors: [{ path: "config.secret" }] });
    expect((await patch({ nonsense: "1" })).status).toBe(400);
    const received = receive(() => new Response("ok"));
    await ok("PATCH", at(`/alert-channels/${id}`), { config: { former: { secret: SECOND, until: now + 1e9 } } });
    await ok("POST", at(`/alert-channels/${id}/test`));
    expect(isSignedBy(SECOND, received[0]!)).toBe(false);
  });

  it("signs with its new secret and for a day with the former one", async () => {
    const received = receive(() => new Response("ok"));
    const id = await aChannel();
    await ok("PATCH", at(`/alert-channels/${id}`), { config: { secret: SECOND } });
    const test = async () => {
      await ok("POST", at(`/alert-channels/${id}/test`));
      return [FIRST, SECOND].map((secret) => isSignedBy(secret, received.at(-1)!));
    };
    expect(await test()).toEqual([true, true]);
    await ok("PATCH", at(`/alert-channels/${id}`), { label: "Another name", config: { secret: "" } });
    expect(await test()).toEqual([true, true]);
    now += 24 * HOUR_MS;
    setClock(now);
    expect(await test()).toEqual([false, true]);
  });

  it("that answers 410 is off and says so, is sent nothing more, and is turned on again", async () => {
    const received = receive(() => new Response("", { status: 410 }));
    const id = await aChannel();
    await aNotice(id, "n-1");
    await minutes(1);
    const off = async () => (await ok<{ channels: { off: string }[] }>("GET", at("/alert-channels"))).channels[0]!.off;
    expect(await off()).toBe("answered 410");
    await aNotice(id, "n-2");
    await minutes(1);
    expect(received).toHaveLength(1);
    expect((await deliveries()).map(({ told }) => told).sort()).toEqual([
      "answered 410",
      "the channel is off: answered 410",
    ]);
    await ok("PATCH", at(`/alert-channels/${id}`), { enabled: true });
    expect(await off()).toBe("");
    await ok("PATCH", at(`/alert-channels/${id}`), { enabled: false });
    expect(await off()).toBe("was turned off");
  });
});

describe("a delivery", () => {
  it("is sent once more under its id, to the channel as it is set now; every try is told", async () => {
    let status = 503;
    const received = receive(() => new Response("", { status }));
    const id = await aChannel();
    await aNotice(id, "n/1 x");
    await minutes(1);
    const replay = () => call("POST", at(`/alert-deliveries/${encodeURIComponent("n/1 x")}/replay`));
    expect((await replay()).status).toBe(409);
    status = 404;
    await minutes(3);
    expect(await deliveries()).toMatchObject([{ state: "failed", tries: 2 }]);
    status = 200;
    await ok("PATCH", at(`/alert-channels/${id}`), { config: { secret: SECOND } });
    expect((await replay()).status).toBe(202);
    await minutes(1);
    const [delivery] = await deliveries();
    expect(delivery).toMatchObject({ state: "sent", tries: 1 });
    expect(delivery!.attempts.map(({ state, told }) => [state, told])).toEqual([
      ["due", "answered 503"],
      ["failed", "answered 404"],
      ["sent", "answered 200"],
    ]);
    expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(isSignedBy(SECOND, received.at(-1)!)).toBe(true);
    expect((await call("POST", at("/alert-deliveries/nothing/replay"))).status).toBe(404);
  });

  it("waits for a channel that fails for an hour, is not lost, and holds up no other", async () => {
    const receiver = env.RECEIVER;
    const [down, well] = [`down-${site.id}`, `well-${site.id}`];
    for (const name of [down, well]) {
      const channel = { id: name, kind: "webhook", label: name, origin: "", off: "", createdAt: now };
      const config = { url: `${receiver}/to/${name}`, secret: FIRST };
      await addAlertChannel(env, site.id, { ...channel, config });
    }
    const answer = (status: number) => fetch(`${receiver}/answer/${down}`, { method: "PUT", body: String(status) });
    const taken = async (name: string): Promise<string[]> => (await fetch(`${receiver}/taken/${name}`)).json();
    // The least that a run is given; there is more that waits than it takes.
    const settings = { EDGEWISE_PRIVATE_CHANNELS: "1", EDGEWISE_PLAN: "free" };
    await answer(503);
    const told: string[] = [];
    for (let minute = 0; minute < 60; minute++) {
      told.push(`n-${String(minute).padStart(2, "0")}`);
      await aNotice(down, `down-${told.at(-1)}`);
      await aNotice(well, `well-${told.at(-1)}`);
      await minutes(1, settings);
      expect(await taken(well)).toHaveLength(told.length);
    }
    expect(await taken(well)).toEqual(told.map((id) => `well-${id}`));
    expect(await taken(down)).toEqual([]);
    await answer(200);
    await minutes(90, settings);
    expect((await taken(down)).sort()).toEqual(told.map((id) => `down-${id}`));
    expect((await deliveries()).filter(({ state }) => state !== "sent")).toEqual([]);
  }, 120_000);
});

describe("a message", () => {
  it("carries its metric's chart, which needs no sign-in, and what most of it came from", async () => {
    const conditions = [{ kind: "threshold", metric: "pageviews", minutes: 60, is: "above", value: 2 }];
    const rule = await ok<{ id: string }>("POST", at("/alert-rules"), { name: "Many", conditions });
    await sendTaken(Array.from({ length: 5 }, () => aView(site)));
    now += 2 * HOUR_MS;
    const received = receive(() => new Response("ok"));
    await aNotice(await aChannel(), "n-1", rule.id);
    await minutes(1);
    const { data } = JSON.parse(received[0]!.body) as { data: { chart: string; top: string[] } };
    expect(data.top).toContainEqual(expect.stringMatching(/^Top page, last 24 h: \/.* \(5\)$/));
    const path = new URL(data.chart).pathname;
    const chart = await call<string>("GET", path, { token: "" });
    expect(chart.status).toBe(200);
    expect(chart.headers.get("content-type")).toBe("image/svg+xml");
    expect(chart.body).toContain(">limit 2<");
    expect(chart.body.match(/height="\d[^"]*" fill="#3056d3"/g)!.length).toBeGreaterThan(40);
    expect((await call("GET", `${path.slice(0, -2)}AA`, { token: "" })).status).toBe(404);
    now += 31 * 24 * HOUR_MS;
    setClock(now);
    expect((await call("GET", path, { token: "" })).status).toBe(404);
  });

  it("leads to its chart by a short link where its length is paid for, as long as the chart can be seen", async () => {
    const conditions = [{ kind: "threshold", metric: "pageviews", minutes: 60, is: "above", value: 2 }];
    const rule = await ok<{ id: string }>("POST", at("/alert-rules"), { name: "Many", conditions });
    await sendTaken(aView(site));
    now += 2 * HOUR_MS;
    const received = receive(() => new Response("ok"));
    const sms = { accountSid: "AC0123456789", authToken: "a-secret-token", from: "Edge", to: "+12025550143" };
    await aNotice(await aChannel({ kind: "sms", config: sms }), "n-1", rule.id);
    await minutes(1);
    const said = new URLSearchParams(received[0]!.body).get("Body")!;
    const [, link] = /Chart: (https:\S+)$/.exec(said)!;
    expect(link!.length).toBeLessThan(70);
    const { pathname } = new URL(link!);
    expect(await call("GET", pathname, { token: "" })).toMatchObject({
      status: 200,
      body: expect.stringMatching("<svg"),
    });
    expect((await call("GET", `${pathname.slice(0, -2)}AA`, { token: "" })).status).toBe(404);
    now += 31 * 24 * HOUR_MS;
    setClock(now);
    expect((await call("GET", pathname, { token: "" })).status).toBe(404);
  });

  describe("of a rule that looks at a part", () => {
    const conditions = [{ kind: "threshold", metric: "pageviews", minutes: 60, is: "above", value: 1 }];
    const aRule = (fields: object) =>
      ok<{ id: string }>("POST", at("/alert-rules"), { name: "R", conditions, ...fields });
    let channel: string;

    /** What a message of it carries, and the lines of its chart that are drawn. */
    async function carried(id: string, ruleId: string) {
      const received = receive(() => new Response("ok"));
      await aNotice(channel, id, ruleId);
      await minutes(1);
      expect(received).toHaveLength(1);
      const { data } = JSON.parse(received[0]!.body) as { data: { chart: string; top: string[] } };
      if (data.chart === "") return { ...data, svg: "" };
      return { ...data, svg: (await call<string>("GET", new URL(data.chart).pathname, { token: "" })).body };
    }

    /** As the rules keep it: which value an incident is of. */
    const keepParts = (ruleId: string, parts: Record<string, string>) =>
      env.DB.prepare("update alert_rules set state = ?2 where id = ?1")
        .bind(
          ruleId,
          JSON.stringify({
            parts: Object.fromEntries(Object.entries(parts).map(([part, id]) => [part, { incident: { id } }])),
          }),
        )
        .run();

    beforeEach(async () => {
      const pages = ["/a", "/a", "/a", "/b", "/b", "/<c>"];
      await sendTaken(pages.map((page) => aView(site, { url: `https://example.com${page}` })));
      now += 2 * HOUR_MS;
      setClock(now);
      channel = await aChannel();
    });

    it("carries what passes its filters", async () => {
      const { id } = await aRule({ filters: [["is", "event:page", ["/b"]]] });
      const { chart, top } = await carried("n-1", id);
      expect(chart).toContain("http");
      expect(top).toContain("Top page, last 24 h: /b (2)");
    });

    it("carries the chart of the value of its split that the incident is of, and of no other", async () => {
      const { id } = await aRule({ split: { dimension: "event:page" } });
      await keepParts(id, { "/a": "n-1", "/b": "n-2", constructor: "n-3" });
      const [a, b, none] = [await carried("n-1", id), await carried("n-2", id), await carried("n-3", id)];
      expect(a.svg).toContain("Page views of /a, last");
      expect(b.svg).toContain("Page views of /b, last");
      // The highest line of each scale is what came of the page.
      expect([a, b].map(({ svg }) => [svg.includes(">3</text>"), svg.includes(">2</text>")])).toEqual([
        [true, true],
        [false, true],
      ]);
      expect(a.top.filter((line) => line.startsWith("Top page"))).toEqual([]);
      expect(none.svg).toContain("Page views of constructor, last");
      expect(await carried("n-4", id)).toMatchObject({ chart: "", top: [] });
    });

    it("carries the chart of a segment, and none where it is gone", async () => {
      await ok("POST", at("/segments"), { name: "Of b", filters: [["is", "event:page", ["/b"]]] });
      const { id } = await aRule({ split: { dimension: "segment" } });
      await keepParts(id, { "Of b": "n-1", Gone: "n-2" });
      const found = await carried("n-1", id);
      expect(found.svg).toContain("Page views of Of b, last");
      expect(found.top).toContain("Top page, last 24 h: /b (2)");
      expect(await carried("n-2", id)).toMatchObject({ chart: "", top: [] });
    });
  });
});

describe("the link of an alert", () => {
  it("is worth nothing when made up, made for another thing or firing, ended, or its channel is gone", async () => {
    const channelId = await aChannel();
    const incident = { id: "i", ruleId: "r", name: "Many", severity: "info", state: "firing", turn: 2, openedAt: now };
    const body = JSON.stringify({ ...incident, changedAt: now, value: 1, expected: 2, reason: "It is" });
    await env.DB.prepare(
      "insert into incidents (site_id, id, rule_id, state, body, opened_at) values (?1, 'i', 'r', 'firing', ?2, ?3)",
    )
      .bind(site.id, body, now)
      .run();
    const link: AcknowledgeLink = { siteId: site.id, incidentId: "i", turn: 2, channelId, until: now + HOUR_MS };
    const codeOf = (fields: Partial<AcknowledgeLink>) => sealLink(env, "acknowledge", { ...link, ...fields });
    const ask = (code: string, end = "", headers = {}) =>
      call<{ state?: string }>("POST", `/api/v1/alert-links${end}`, { body: { code }, token: "", headers });
    const good = await codeOf({});
    expect((await ask(good)).body).toEqual({
      site: site.name,
      name: "Many",
      severity: "info",
      reason: "It is",
      state: "firing",
    });
    expect((await ask(good, "/acknowledge", { origin: "https://evil.example" })).status).toBe(403);
    const older = await codeOf({ turn: 1 });
    expect((await ask(older)).body.state).toBe("again");
    expect((await ask(older, "/acknowledge")).status).toBe(409);
    const other = await sealLink({ ADMIN_TOKEN: "another deployment's" }, "acknowledge", link);
    const chart = { title: "", start: 0, step: 1, timeZone: "UTC", values: [], threshold: null, until: now + HOUR_MS };
    const useless = [
      "made up",
      `${good.slice(0, -2)}AA`,
      other,
      await sealLink(env, "chart", chart),
      await codeOf({ until: now }),
      await codeOf({ incidentId: "j" }),
      await codeOf({ channelId: "gone" }),
    ];
    for (const code of useless) {
      for (const end of ["", "/acknowledge"]) expect((await ask(code, end)).status).toBe(400);
    }
    await ok("PATCH", at(`/alert-channels/${channelId}`), { enabled: false });
    expect((await ask(good, "/acknowledge")).status).toBe(400);
  });
});
