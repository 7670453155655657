// Each target of metrics against a server that stands in for the service and reads bodies by what the service's documents say.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type * as z from "zod";
import { outgoing } from "../../../workers/delivery/outgoing.ts";
import type { Batch, Target } from "../../../workers/delivery/target.ts";
import { targets } from "../../../workers/delivery/targets/index.ts";
import type { SentSample } from "../../../workers/domain/metric-sample.ts";
import { datadogPayload, newRelicPayload, otlpPayload } from "../../support/published-payloads.ts";
import { type StandIn, serveStandIn } from "../../support/stand-in.ts";

const AT = Date.UTC(2026, 10, 27, 12);
const MONTH = Date.UTC(2026, 10, 1);
const KEY = "0123456789abcdef0123456789abcdef";

type TargetKind = keyof typeof targets;

let service: StandIn;
beforeAll(async () => {
  service = await serveStandIn();
});
afterAll(() => service.close());
beforeEach(() => {
  service.received = [];
  service.reply = { status: 202, headers: { "content-type": "application/json" }, body: "{}" };
});

const aGauge = (fields: Partial<SentSample> = {}): SentSample => ({
  name: "edgewise_site_bounce_rate",
  about: "Share of visits with one page view.",
  unit: "percent",
  labels: { site: "shop" },
  value: 41.5,
  since: null,
  added: null,
  ...fields,
});
const aCounter = (fields: Partial<SentSample> = {}): SentSample =>
  aGauge({
    name: "edgewise_site_pageviews",
    about: "Page views.",
    unit: "count",
    value: 1200,
    since: MONTH,
    added: { value: 30, from: AT - 300_000 },
    ...fields,
  });
const BATCH: Batch = { samples: [aGauge(), aCounter(), aCounter({ labels: { site: "blog" }, value: 7 })], at: AT };

const CONFIGS = {
  otlp: { url: "https://otel.example.com/v1/metrics", value: "Bearer abc" },
  datadog: { apiKey: KEY, site: "datadoghq.eu" },
  "new-relic": { licenseKey: `${KEY}NRAL`, region: "eu" },
} as const satisfies Record<TargetKind, unknown>;

const PAYLOADS: Record<TargetKind, z.ZodType> = {
  otlp: otlpPayload,
  datadog: datadogPayload,
  "new-relic": newRelicPayload,
};

function send(kind: TargetKind, batch = BATCH) {
  const target = targets[kind] as Target<unknown>; // given what its own schema has read
  return target.send(batch, target.config.parse(CONFIGS[kind]), { fetch: outgoing(service.fetch) });
}

/** The body of the only request, as it was sent. */
function bodyOf<Body>(): Body {
  expect(service.received).toHaveLength(1);
  return JSON.parse(service.received[0]!.body);
}

describe.each(Object.keys(targets) as TargetKind[])("the target %s", (kind) => {
  it("sends what the service's documents allow, and says that it arrived", async () => {
    expect(await send(kind)).toEqual({ result: "sent", told: "answered 202" });
    expect(PAYLOADS[kind].safeParse(bodyOf()).error?.issues).toBeUndefined();
    expect(service.received[0]).toMatchObject({ method: "POST", headers: { "content-type": "application/json" } });
  });

  it("sends the same of the same, so that a minute that is sent again says the same", async () => {
    await send(kind);
    await send(kind);
    expect(service.received[1]!.body).toBe(service.received[0]!.body);
  });

  it("tells a refusal from what may go well later, with the answer", async () => {
    service.reply = { status: 403, headers: {}, body: "no such key" };
    expect(await send(kind)).toEqual({ result: "failed", told: "answered 403: no such key" });
    service.reply = { status: 503, headers: {}, body: "" };
    expect(await send(kind)).toEqual({ result: "again", told: "answered 503" });
  });

  it("does not follow a redirect", async () => {
    service.reply = { status: 307, headers: { location: "https://elsewhere.example.com/" }, body: "" };
    await expect(send(kind)).rejects.toThrow("redirect");
    expect(service.received).toHaveLength(1);
  });

  it("has a schema that a form can be made of, and refuses settings that cannot be", () => {
    expect(targets[kind].config.safeParse({}).success).toBe(false);
    expect(targets[kind].config.safeParse({ ...CONFIGS[kind], more: 1 }).success).toBe(false);
  });
});

describe("OpenTelemetry", () => {
  interface Sent {
    resourceMetrics: [{ scopeMetrics: [{ metrics: Record<string, unknown>[] }] }];
  }

  it("gets counters as cumulative sums since they began, and gauges as gauges, one metric a name", async () => {
    await send("otlp");
    expect(service.received[0]).toMatchObject({ path: "/v1/metrics", headers: { authorization: "Bearer abc" } });
    expect(bodyOf<Sent>().resourceMetrics[0].scopeMetrics[0].metrics).toMatchObject([
      { name: "edgewise_site_bounce_rate", unit: "%", gauge: { dataPoints: [{ asDouble: 41.5 }] } },
      {
        name: "edgewise_site_pageviews",
        unit: "1",
        sum: {
          aggregationTemporality: 2,
          isMonotonic: true,
          dataPoints: [
            { asDouble: 1200, startTimeUnixNano: `${MONTH}000000`, timeUnixNano: `${AT}000000` },
            { asDouble: 7, attributes: [{ key: "site", value: { stringValue: "blog" } }] },
          ],
        },
      },
    ]);
  });

  it("may refuse some points of what it takes, which is told", async () => {
    const partialSuccess = { rejectedDataPoints: "2", errorMessage: "too old" };
    service.reply = { status: 200, headers: {}, body: JSON.stringify({ partialSuccess }) };
    expect(await send("otlp")).toEqual({ result: "failed", told: "refused 2 points: too old" });
    service.reply = { status: 200, headers: {}, body: JSON.stringify({ partialSuccess: { errorMessage: "a hint" } }) };
    expect(await send("otlp")).toEqual({ result: "sent", told: "answered 200" });
  });
});

describe("Datadog", () => {
  it("gets counts of what was added and their interval, at the site's own address", async () => {
    await send("datadog");
    expect(service.received[0]).toMatchObject({
      host: "api.datadoghq.eu",
      path: "/api/v2/series",
      headers: { "dd-api-key": KEY },
    });
    const timestamp = AT / 1000;
    expect(bodyOf()).toMatchObject({
      series: [
        { metric: "edgewise.site.bounce_rate", type: 3, points: [{ timestamp, value: 41.5 }], tags: ["site:shop"] },
        { metric: "edgewise.site.pageviews", type: 1, interval: 300, points: [{ timestamp, value: 30 }] },
        { tags: ["site:blog"] },
      ],
    });
  });
});

describe("New Relic", () => {
  it("gets counts of what was added, with the beginning of their interval", async () => {
    await send("new-relic");
    expect(service.received[0]).toMatchObject({
      host: "metric-api.eu.newrelic.com",
      path: "/metric/v1",
      headers: { "api-key": `${KEY}NRAL` },
    });
    expect(bodyOf()).toMatchObject([
      {
        common: { timestamp: AT },
        metrics: [
          { name: "edgewise.site.bounce_rate", type: "gauge", value: 41.5, attributes: { site: "shop" } },
          {
            name: "edgewise.site.pageviews",
            type: "count",
            value: 30,
            timestamp: AT - 300_000,
            "interval.ms": 300_000,
          },
          { attributes: { site: "blog" } },
        ],
      },
    ]);
  });
});

it.each(["datadog", "new-relic"] as const)("%s is not asked to take nothing", async (kind) => {
  const told = await send(kind, { samples: [aCounter({ added: null })], at: AT });
  expect(told).toEqual({ result: "sent", told: "there was nothing to send yet" });
  expect(service.received).toEqual([]);
});
