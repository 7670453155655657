// Each channel against a server that stands in for the service and reads requests by what the service's documents say.
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { channels } from "../../../workers/delivery/channels/index.ts";
import { tellsNotes } from "../../../workers/delivery/tell-channel.ts";
import { readPushed, SUBSCRIBED } from "../../support/pushed.ts";
import { PUBLISHED } from "./published.ts";
import { type Asked, aMessage, standIn } from "./service.ts";

const SECRET = `whsec_${btoa("0123456789abcdef01234567")}`;
const KINDS = ["firing", "acknowledged", "resolved", "test"] as const;
const JSON_TYPE = "application/json";
const PUSH_TYPE = "application/octet-stream";

interface Service {
  config: Record<string, string>;
  /** Host and path. */
  at: RegExp;
  header?: [name: string, value: string];
  type?: string;
  /** Requests of a test. */
  tests?: number;
  /** Bytes. */
  most?: number;
}

const SERVICES: Record<keyof typeof channels, Service> = {
  webhook: { config: { url: "https://hooks.example/a?b=1", secret: SECRET }, at: /^hooks\.example\/a\?b=1$/ },
  slack: {
    config: { url: "https://hooks.slack.com/services/T/B/x" },
    at: /^hooks\.slack\.com\/services\/T\/B\/x$/,
  },
  teams: {
    config: { url: "https://prod-1.westeurope.logic.azure.com:443/workflows/a/triggers/manual/paths/invoke?sig=b" },
    at: /^prod-1\.westeurope\.logic\.azure\.com\/workflows\/a\/triggers\/manual\/paths\/invoke\?sig=b$/,
    most: 28 * 1024,
  },
  discord: {
    config: { url: "https://discord.com/api/webhooks/1/x" },
    at: /^discord\.com\/api\/webhooks\/1\/x$/,
  },
  telegram: {
    config: { token: `123456:${"a".repeat(35)}`, chat: "-100123" },
    at: /^api\.telegram\.org\/bot123456:a{35}\/sendMessage$/,
  },
  email: {
    config: { to: "ops@example.com" },
    at: /^api\.resend\.com\/emails$/,
    header: ["authorization", "Bearer re_key"],
  },
  sms: {
    config: { accountSid: `AC${"0".repeat(32)}`, authToken: "token-of-it", from: "+12025550100", to: "+12025550143" },
    at: /^api\.twilio\.com\/2010-04-01\/Accounts\/AC0{32}\/Messages\.json$/,
    header: ["authorization", `Basic ${btoa(`AC${"0".repeat(32)}:token-of-it`)}`],
    type: "application/x-www-form-urlencoded",
  },
  push: {
    config: { url: "https://push.example/send/abc", ...SUBSCRIBED },
    at: /^push\.example\/send\/abc$/,
    header: ["content-encoding", "aes128gcm"],
    type: PUSH_TYPE,
    most: 4097,
  },
  pagerduty: { config: { routingKey: "a".repeat(32) }, at: /^events\.pagerduty\.com\/v2\/enqueue$/, tests: 2 },
  opsgenie: {
    config: { apiKey: "0123abcd-0123-0123-0123-0123456789ab" },
    at: /^api\.opsgenie\.com\/v2\/alerts(?:\/shop\.r\.1\.1\/(?:acknowledge|close)\?identifierType=alias)?$/,
    header: ["authorization", "GenieKey 0123abcd-0123-0123-0123-0123456789ab"],
    tests: 2,
  },
};
const NAMES = Object.keys(channels) as (keyof typeof channels)[];

const READ: Readonly<Record<string, (asked: Asked) => unknown>> = {
  [JSON_TYPE]: ({ body }) => JSON.parse(body),
  [PUSH_TYPE]: ({ bytes }) => readPushed(bytes),
};
const bodyOf = (asked: Asked): unknown =>
  READ[String(asked.headers["content-type"])]?.(asked) ?? Object.fromEntries(new URLSearchParams(asked.body));

const HOSTILE = [
  "<!channel> <!everyone> <@U123> <#C1|x> <https://evil.example|click>",
  "@everyone @here @channel @someone <@&1> <@1>",
  "[click](https://evil.example) **b** _i_ `c` ~~s~~ ||spoiler|| > quote\n# head\n- item",
  "</p><script>alert(1)</script><img src=x onerror=alert(1)>&amp;\"'",
  "\u202Eevil\u202C \u2067rtl\u2069 \u05D0\u05D1\u05D2 \u0000\u0007\u200F\uFEFF",
  "a\r\nBcc: victim@example.com\r\n\r\nbody\r\n.\r\nQUIT",
  "\uD83D lone \uDE00 halves \uD83D\uDE00 whole",
  "{{7*7}} %s %n \\ \\\\ \\n",
];
const LONG = [
  "\u{1F600}".repeat(5000),
  "<!channel>".repeat(1000),
  "*_`~|".repeat(2000),
  "&".repeat(10_000),
  "\\".repeat(10_000),
];

const UNSEEN = /(?!\n)\p{Cc}|[\u202A-\u202E\u2066-\u2069]|\p{Cs}/u;
/** What a service would read as a call or a link. A webhook's reader is a program, and what it does with a text its own. */
const CALLS: Partial<Record<keyof typeof channels, RegExp>> = {
  slack: /<(?!\s|$)/,
  discord: /(?<!\\)(?:\\\\)*<[@#!]|(?<!\\)(?:\\\\)*\]\((?!https:\/\/edge\.example)/,
  telegram: /@(?!\u2060)/,
  email: /^<h2[\s\S]*<(?!\/?(?:h2|p|a|img)\b)/,
};

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value === null || typeof value !== "object" ? [] : Object.values(value).flatMap(textsIn);
}

describe.each(NAMES)("the channel %s", (kind) => {
  const { config, at, header, type = JSON_TYPE, tests = 1, most = 128 * 1024 } = SERVICES[kind];
  const service = standIn();

  /** All that was asked is as the service's documents say. */
  const expectPublished = () => {
    for (const request of service.requests) {
      expect(request.method).toBe("POST");
      expect(request.host + request.path).toMatch(at);
      expect(request.headers["content-type"]).toBe(type);
      if (header) expect(request.headers[header[0]]).toBe(header[1]);
      expect(PUBLISHED[kind].safeParse(bodyOf(request)).error).toBeUndefined();
      expect(request.body.isWellFormed()).toBe(true);
      expect(request.bytes.length).toBeLessThan(most);
    }
  };

  it("sends what the service's documents ask for, of every state and as a test", async () => {
    for (const state of KINDS) {
      for (const more of [{}, { link: "", acknowledge: "", chart: null, top: [] }]) {
        expect(await service.tell(kind, config, aMessage(state, {}, more))).toMatchObject({ result: "sent" });
      }
    }
    expect(service.requests).toHaveLength(6 + 2 * tests);
    expectPublished();
  });

  it("is broken by no text, however long or hostile, and calls nobody", async () => {
    for (const text of [...HOSTILE, ...LONG, ""]) {
      for (const state of ["firing", "resolved"] as const) {
        const message = aMessage(state, { name: text || "n", reason: text }, { top: [text, text] });
        const sent = { ...message, site: { id: "shop", name: text } };
        expect(await service.tell(kind, config, sent)).toMatchObject({ result: "sent" });
      }
    }
    expectPublished();
    const said = service.requests.flatMap((request) => textsIn(bodyOf(request)));
    // What turns or ends a line; halves of characters are gone with it.
    expect(said.filter((text) => UNSEEN.test(text))).toEqual([]);
    expect(said.filter((text) => CALLS[kind]?.test(text))).toEqual([]);
  });

  it("tells of a report as well, broken by no text, or takes alerts alone and asks nobody", async () => {
    for (const text of [...HOSTILE, ...LONG, "Visitors: 3 (+50 %)"]) {
      const links = [{ text: "Open", url: "https://edge.example/r/token" }];
      const data = { title: "Weekly", link: "https://edge.example/r/token" };
      const body = `${text}\n\n${text}`;
      const note = {
        key: "report.1.0",
        type: "report.ready",
        title: text,
        body,
        end: text,
        links,
        at: Date.now(),
        data,
      };
      const { result, told } = await service.tellReport(kind, config, note);
      if (tellsNotes(kind)) expect(result).toBe("sent");
      else expect({ result, told }).toMatchObject({ result: "failed", told: expect.stringContaining("alerts alone") });
    }
    expect(service.requests.length > 0).toBe(tellsNotes(kind));
    expectPublished();
    const said = service.requests.flatMap((request) => textsIn(bodyOf(request)));
    expect(said.filter((text) => UNSEEN.test(text))).toEqual([]);
    expect(said.filter((text) => CALLS[kind]?.test(text))).toEqual([]);
  });

  it("tells what may go well later from what will not", async () => {
    const outcomes = {
      400: "failed",
      404: kind === "push" ? "gone" : "failed",
      429: "again",
      500: "again",
      503: "again",
    } as const;
    for (const [status, result] of Object.entries(outcomes)) {
      Object.assign(service.answer, { status: Number(status), body: "no" });
      expect(await service.tell(kind, config, aMessage("firing"))).toEqual({ result, told: `answered ${status}: no` });
    }
    service.answer.status = 410;
    const gone = await service.tell(kind, config, aMessage("firing"));
    // Of mail the service is gone, and not the address.
    expect(gone.result).toBe(kind === "email" ? "failed" : "gone");
  });

  it("follows no redirect", async () => {
    Object.assign(service.answer, { status: 307, headers: { location: "http://169.254.169.254/" }, body: "" });
    const told = await service.tell(kind, config, aMessage("firing")).catch((error: Error) => error.message);
    expect(JSON.stringify(told)).toMatch(/redirect|answered 307/);
    expect(service.requests).toHaveLength(1);
  });

  it("says so where its settings are not those of its schema", async () => {
    expect(await service.tell(kind, { nonsense: 1 }, aMessage("firing"))).toMatchObject({ result: "failed" });
    expect(service.requests).toEqual([]);
  });
});

describe("what only one channel does", () => {
  const service = standIn();

  it("a webhook's signature is verified by the public library, and its key is that of the notice", async () => {
    await service.tell("webhook", SERVICES.webhook.config, aMessage("firing"));
    const [{ headers, body }] = service.requests as [Asked];
    expect(headers["webhook-id"]).toBe("r.1.firing-1.c");
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({ type: "alert.firing" });
    const other = new Webhook(`whsec_${btoa("another secret of 24 bytes")}`);
    expect(() => other.verify(body, headers as Record<string, string>)).toThrow();
  });

  it("PagerDuty's alert is found again by what follows, and not by the next time that it fires", async () => {
    for (const kind of ["firing", "acknowledged", "resolved"] as const) {
      await service.tell("pagerduty", SERVICES.pagerduty.config, aMessage(kind));
    }
    await service.tell("pagerduty", SERVICES.pagerduty.config, aMessage("firing", { turn: 2 }));
    const sent = service.requests.map(({ body }) => PUBLISHED.pagerduty.parse(JSON.parse(body)));
    expect(sent.map(({ event_action }) => event_action)).toEqual(["trigger", "acknowledge", "resolve", "trigger"]);
    expect(new Set(sent.slice(0, 3).map(({ dedup_key }) => dedup_key)).size).toBe(1);
    expect(sent[3]!.dedup_key).not.toBe(sent[0]!.dedup_key);
  });

  it("Opsgenie's alert is acknowledged and closed by its alias, a test closed at once", async () => {
    for (const kind of ["firing", "acknowledged", "resolved", "test"] as const) {
      await service.tell("opsgenie", { ...SERVICES.opsgenie.config, region: "jira" }, aMessage(kind));
    }
    const base = "api.atlassian.com/jsm/ops/integration/v2/alerts";
    const of = (verb: string) => `${base}/shop.r.1.1/${verb}?identifierType=alias`;
    const asked = service.requests.map(({ host, path }) => host + path);
    expect(asked).toEqual([base, of("acknowledge"), of("close"), base, of("close")]);
    expect(JSON.parse(service.requests[0]!.body)).toMatchObject({ alias: "shop.r.1.1", priority: "P1" });
  });

  it("leads to the chart by what each service has for it, and by a short message where there is room", async () => {
    const chart = "https://edge.example/api/v1/alert-charts/abc";
    for (const kind of ["pagerduty", "opsgenie", "sms"] as const) {
      await service.tell(kind, SERVICES[kind].config, aMessage("firing"));
    }
    await service.tell("sms", SERVICES.sms.config, aMessage("firing", { reason: "long ".repeat(90) }));
    const [pagerduty, opsgenie, sms, full] = service.requests.map(bodyOf) as Record<string, unknown>[];
    expect(pagerduty).toMatchObject({ links: [{ href: chart, text: "Chart" }] });
    expect(opsgenie).toMatchObject({ details: { chart } });
    expect(sms!.Body).toMatch(new RegExp(`\nhttps://edge.example/sites/shop/alerts\nChart: ${chart}$`));
    expect(full!.Body).toMatch(/…\nhttps:\/\/edge.example\/sites\/shop\/alerts$/);
  });

  it("e-mail says all in its text and in its HTML, with the chart, under the notice's key", async () => {
    await service.tell("email", SERVICES.email.config, aMessage("firing"));
    const [{ headers, body }] = service.requests as [Asked];
    expect(headers["idempotency-key"]).toBe("r.1.firing-1.c");
    const mail = PUBLISHED.email.parse(JSON.parse(body));
    expect(mail.subject).toBe("Firing: Too <few> visits & more (Shop)");
    for (const said of ["https://edge.example/sites/shop/alerts", "acknowledge#code=abc", "/pricing 70 %"]) {
      expect(mail.text).toContain(said);
      expect(mail.html).toContain(said);
    }
    expect(mail.html).toContain('src="cid:chart"');
    expect(mail.html).toContain("Too &lt;few&gt; visits &amp; more");
    expect(atob(mail.attachments![0]!.content)).toContain("<svg");
  });
});
