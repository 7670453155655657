// Each channel against a server that stands in for the service and reads requests by what the service's documents say.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import type { Channel, ChannelPorts, Mail } from "../../../workers/delivery/channel.ts";
import { channels } from "../../../workers/delivery/channels/index.ts";
import { outgoing, refusalOf } from "../../../workers/delivery/outgoing.ts";
import type { AlertMessage } from "../../../workers/domain/alert.ts";

const AT = Date.UTC(2026, 10, 27, 12);
const SECRET = `whsec_${btoa("0123456789abcdef01234567")}`;

interface Request {
  host: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

let server: Server;
let address: string;
let requests: Request[] = [];
let reply = { status: 200, headers: {} as Record<string, string>, body: "ok" };
let mails: Mail[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const host = String(request.headers["x-wanted-host"]);
      requests.push({ host, path: request.url ?? "", headers: request.headers, body });
      response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  requests = [];
  mails = [];
  reply = { status: 200, headers: {}, body: "ok" };
});

/** Asks the server here in the place of the one that is named. */
const elsewhere = (url: string, init: RequestInit) => {
  const { host, pathname, search } = new URL(url);
  const headers = new Headers(init.headers);
  headers.set("x-wanted-host", host);
  return fetch(address + pathname + search, { ...init, headers });
};

const ports = (): ChannelPorts => ({
  fetch: outgoing(elsewhere),
  mail: async (mail) => mails.push(mail) > 0,
  now: Date.now(),
});

function aMessage(kind: AlertMessage["kind"], fields: Partial<AlertMessage["incident"]> = {}): AlertMessage {
  const incident = {
    id: "r.1",
    ruleId: "r",
    name: "Too <few> visits & more",
    severity: "critical" as const,
    state: "firing" as const,
    turn: 1,
    openedAt: AT,
    changedAt: AT,
    value: 3,
    expected: 10,
    reason: "3 visits in 10 min, below 10 <!channel>",
    assignee: null,
    group: null,
    ...fields,
  };
  const link = "https://edge.example/sites/shop/alerts";
  return { key: `r.1.${kind}-1.c`, kind, site: { id: "shop", name: "Shop" }, incident, at: AT, link };
}

async function deliver(name: keyof typeof channels, message: AlertMessage, config: unknown) {
  const channel = channels[name] as Channel<unknown>; // its own schema reads what it is given
  return channel.deliver(message, channel.config.parse(config), ports());
}

const plain = z.strictObject({ type: z.literal("plain_text"), text: z.string().min(1).max(150) });
const mrkdwn = z.strictObject({
  type: z.literal("mrkdwn"),
  text: z
    .string()
    .min(1)
    .max(3000)
    .regex(/^(?!.*<!)/, "calls everybody"),
});
/** https://docs.slack.dev/reference/block-kit/blocks */
const slackBody = z.strictObject({
  text: z.string().min(1),
  blocks: z
    .array(
      z.discriminatedUnion("type", [
        z.strictObject({ type: z.literal("header"), text: plain }),
        z.strictObject({ type: z.literal("section"), text: mrkdwn }),
        z.strictObject({ type: z.literal("context"), elements: z.array(mrkdwn).min(1).max(10) }),
        z.strictObject({
          type: z.literal("actions"),
          elements: z
            .array(z.strictObject({ type: z.literal("button"), text: plain, url: z.url().max(3000) }))
            .min(1)
            .max(25),
        }),
      ]),
    )
    .min(1)
    .max(50),
});
/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const discordBody = z.strictObject({
  embeds: z
    .array(
      z.strictObject({
        title: z.string().max(256),
        description: z.string().max(4096),
        color: z.int().min(0).max(0xffffff),
        timestamp: z.iso.datetime(),
        url: z.url(),
        fields: z
          .array(
            z.strictObject({
              name: z.string().min(1).max(256),
              value: z.string().min(1).max(1024),
              inline: z.boolean(),
            }),
          )
          .max(25),
      }),
    )
    .max(10),
  allowed_mentions: z.strictObject({ parse: z.array(z.never()) }),
});
/** https://developer.pagerduty.com/docs/send-alert-event */
const pagerdutyKey = { routing_key: z.string().length(32), dedup_key: z.string().min(1).max(255) };
const pagerdutyBody = z.discriminatedUnion("event_action", [
  z.strictObject({
    ...pagerdutyKey,
    event_action: z.literal("trigger"),
    payload: z.strictObject({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1),
      severity: z.enum(["critical", "warning", "error", "info"]),
      timestamp: z.iso.datetime(),
      custom_details: z.record(z.string(), z.unknown()),
    }),
    client: z.string(),
    client_url: z.url(),
  }),
  z.strictObject({ ...pagerdutyKey, event_action: z.enum(["acknowledge", "resolve"]) }),
]);
/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const webhookBody = z.strictObject({
  type: z.string().regex(/^alert\.[a-z]+$/),
  timestamp: z.iso.datetime(),
  data: z.strictObject({
    site: z.object({ id: z.string() }),
    incident: z.object({ id: z.string() }),
    link: z.string(),
  }),
});

const SERVICES = {
  webhook: {
    config: { url: "https://hooks.example/a?b=1", secret: SECRET },
    body: webhookBody,
    at: "hooks.example/a?b=1",
  },
  slack: {
    config: { url: "https://hooks.slack.com/services/T/B/x" },
    body: slackBody,
    at: "hooks.slack.com/services/T/B/x",
  },
  discord: {
    config: { url: "https://discord.com/api/webhooks/1/x" },
    body: discordBody,
    at: "discord.com/api/webhooks/1/x",
  },
  pagerduty: {
    config: { routingKey: "a".repeat(32) },
    body: pagerdutyBody,
    at: "events.pagerduty.com/v2/enqueue",
  },
} as const;
const NAMES = Object.keys(SERVICES) as (keyof typeof SERVICES)[];

describe.each(NAMES)("the channel %s", (name) => {
  const { config, body, at } = SERVICES[name];

  it("sends what the service's documents ask for", async () => {
    for (const kind of ["firing", "acknowledged", "resolved", "test"] as const) {
      const long = aMessage(kind, { name: "n".repeat(120), reason: "r".repeat(9000) });
      for (const message of [aMessage(kind), long]) {
        expect(await deliver(name, message, config)).toEqual({ result: "sent", told: "answered 200" });
      }
    }
    for (const request of requests) {
      expect(request.host + request.path).toBe(at);
      expect(request.headers["content-type"]).toBe("application/json");
      expect(body.safeParse(JSON.parse(request.body)).error).toBeUndefined();
    }
  });

  it("tells what may go well later from what will not", async () => {
    const outcomes = { 400: "failed", 404: "failed", 410: "gone", 429: "again", 500: "again", 503: "again" } as const;
    for (const [status, result] of Object.entries(outcomes)) {
      reply = { status: Number(status), headers: {}, body: "no" };
      expect(await deliver(name, aMessage("firing"), config)).toEqual({ result, told: `answered ${status}: no` });
    }
  });

  it("follows no redirect", async () => {
    reply = { status: 307, headers: { location: "http://169.254.169.254/" }, body: "" };
    await expect(deliver(name, aMessage("firing"), config)).rejects.toThrow("redirect");
    expect(requests).toHaveLength(1);
  });
});

describe("what only one channel does", () => {
  it("a webhook's signature is verified by the public library, and its key is that of the notice", async () => {
    await deliver("webhook", aMessage("firing"), SERVICES.webhook.config);
    const [{ headers, body }] = requests as [Request];
    expect(headers["webhook-id"]).toBe("r.1.firing-1.c");
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({ type: "alert.firing" });
    const other = new Webhook(`whsec_${btoa("another secret of 24 bytes")}`);
    expect(() => other.verify(body, headers as Record<string, string>)).toThrow();
  });

  it("PagerDuty's alert is found again by what follows, and not by the next time that it fires", async () => {
    for (const kind of ["firing", "acknowledged", "resolved"] as const) {
      await deliver("pagerduty", aMessage(kind), SERVICES.pagerduty.config);
    }
    await deliver("pagerduty", aMessage("firing", { turn: 2 }), SERVICES.pagerduty.config);
    const sent = requests.map(({ body }) => JSON.parse(body) as z.infer<typeof pagerdutyBody>);
    expect(sent.map(({ event_action }) => event_action)).toEqual(["trigger", "acknowledge", "resolve", "trigger"]);
    expect(new Set(sent.slice(0, 3).map(({ dedup_key }) => dedup_key)).size).toBe(1);
    expect(sent[3]!.dedup_key).not.toBe(sent[0]!.dedup_key);
  });

  it("e-mail says all in its text", async () => {
    expect(await deliver("email", aMessage("firing"), { to: "ops@example.com" })).toMatchObject({ result: "sent" });
    expect(mails).toMatchObject([{ to: "ops@example.com", subject: "Firing: Too <few> visits & more (Shop)" }]);
    expect(mails[0]!.text).toContain("https://edge.example/sites/shop/alerts");
  });
});

describe("addresses", () => {
  it.each(["https://example.com/x", "https://8.8.8.8/", "https://172.32.0.1/", "https://hooks.example.co.uk:8443/"])(
    "%s may be asked",
    (url) => expect(refusalOf(url)).toBeNull(),
  );

  it.each([
    "http://example.com/",
    "https://localhost/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://224.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fd00::1]/",
    "https://intranet/",
    "https://db.internal/",
    "https://printer.local./",
    "https://user:word@example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "nonsense",
  ])("%s may not", async (url) => {
    expect(refusalOf(url)).not.toBeNull();
    await expect(outgoing(elsewhere)(url, {})).rejects.toThrow("the address");
    expect(requests).toEqual([]);
  });

  it("of the own network may be asked where the deployment's owner allows it", async () => {
    expect(refusalOf("http://192.168.1.1:8080/", { privateToo: true })).toBeNull();
    expect((await outgoing(fetch, { privateToo: true })(`${address}/x`, {})).status).toBe(200);
    expect(refusalOf("file:///etc/passwd", { privateToo: true })).not.toBeNull();
  });
});
