// From the first event to what Prometheus scrapes and what targets are sent, on real shards and D1. The receivers are stand-ins.
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "../../workers/api/app.ts";
import { EXPOSITION_TYPES } from "../../workers/delivery/exposition.ts";
import { sendSamples } from "../../workers/delivery/send-samples.ts";
import type { Site } from "../../workers/domain/site.ts";
import { sendMetrics } from "../../workers/jobs/send-metrics.ts";
import { claimSending, openMetricTarget } from "../../workers/store/metric-targets.ts";
import { datadogPayload } from "../support/published-payloads.ts";
import { readExposition } from "../support/read-exposition.ts";
import { aView, call, createSite, fetchRaw, from, ORIGIN, ok, sendTaken, setClock } from "./worker.ts";

const MINUTE_MS = 60_000;
const KEY = "0123456789abcdef0123456789abcdef";
const OPEN = { accept: "application/openmetrics-text;version=1.0.0;q=0.7,text/plain;version=0.0.4;q=0.5,*/*;q=0.1" };

let site: Site;
const at = (path: string) => `/api/v1/sites/${site.id}${path}`;

beforeEach(async () => {
  site = await createSite();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await env.DB.prepare("delete from metric_targets").run();
});

const views = (count: number, visitor: string | number = 1) =>
  sendTaken(
    Array.from({ length: count }, () => aView(site)),
    from(visitor),
  );

async function scrape(path: string, options: Parameters<typeof fetchRaw>[2] = {}) {
  const response = await fetchRaw("GET", path, options);
  const type = response.headers.get("content-type");
  const text = await response.text();
  expect([response.status, response.status === 200 ? "" : text]).toEqual([200, ""]);
  return readExposition(text, type === EXPOSITION_TYPES.openmetrics ? "openmetrics" : "text");
}

const readValue = (families: Awaited<ReturnType<typeof scrape>>, name: string, labels: Record<string, string> = {}) =>
  families
    .flatMap(({ samples }) => samples)
    .find((one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value))
    ?.value;

describe("what Prometheus scrapes of a site", () => {
  it("is today's metrics as gauges, views and events as counters, and its KPIs", async () => {
    await views(3, "a");
    await views(1, "b");
    const kpi = {
      name: 'Views "a" month',
      formula: "pageviews / visitors",
      targets: [{ since: "2026-01-01", target: 5 }],
    };
    const { id } = await ok<{ id: string }>("POST", at("/kpis"), kpi);
    const families = await scrape(at("/prometheus"));
    expect(families.map(({ name, type }) => [name, type])).toEqual([
      ["edgewise_site_visitors", "gauge"],
      ["edgewise_site_visits", "gauge"],
      ["edgewise_site_bounce_rate", "gauge"],
      ["edgewise_site_visit_duration", "gauge"],
      ["edgewise_site_pageviews_total", "counter"],
      ["edgewise_site_events_total", "counter"],
      ["edgewise_kpi_value", "gauge"],
      ["edgewise_kpi_target", "gauge"],
    ]);
    expect(readValue(families, "edgewise_site_visitors", { site: site.id })).toBe(2);
    expect(readValue(families, "edgewise_site_pageviews_total", { site: site.id })).toBe(4);
    expect(readValue(families, "edgewise_site_bounce_rate")).toBe(50);
    const labels = { site: site.id, kpi: id, name: kpi.name, every: "month" };
    expect(readValue(families, "edgewise_kpi_value", labels)).toBe(2);
    expect(readValue(families, "edgewise_kpi_target", labels)).toBe(5);
  });

  it("is OpenMetrics where that is preferred, with the beginning of counters", async () => {
    await views(1);
    const families = await scrape(at("/prometheus"), { headers: OPEN });
    const now = new Date();
    const month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth()) / 1000;
    expect(readValue(families, "edgewise_site_pageviews_total")).toBe(1);
    expect(readValue(families, "edgewise_site_pageviews_created")).toBe(month);
    for (const accept of ["*/*", "text/plain", "text/html"]) {
      expect((await call("GET", at("/prometheus"), { headers: { accept } })).headers.get("content-type")).toBe(
        EXPOSITION_TYPES.text,
      );
    }
  });

  it("is what was asked for, the site's own metrics too, and of nothing counts are zero", async () => {
    const definition = { kind: "count", filters: [["is", "event:name", ["signup"]]] };
    await ok("POST", at("/metrics"), { name: "signups", label: "Signups", definition });
    const asked = () => scrape(at("/prometheus?metrics=signups,events"));
    expect(readValue(await asked(), "edgewise_site_signups")).toBe(0);
    expect(readValue(await asked(), "edgewise_site_events_total")).toBe(0);
    await sendTaken(aView(site, { name: "signup" }));
    setClock(Date.now() + MINUTE_MS);
    expect(readValue(await asked(), "edgewise_site_signups")).toBe(1);
    const refused = await call("GET", at("/prometheus?metrics=nonsense"));
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: "metrics" }] } });
  });

  it("opens to a key that may read, and to no other", async () => {
    const keyOf = (scope: string) => ok<{ key: string }>("POST", at("/keys"), { label: scope, scopes: [scope] });
    await scrape(at("/prometheus"), { token: (await keyOf("query")).key });
    expect((await call("GET", at("/prometheus"), { token: (await keyOf("import")).key })).status).toBe(403);
  });
});

describe("what Prometheus scrapes of the system", () => {
  it("is how it does: requests and events as counters, probes, jobs and what is stored as gauges", async () => {
    await views(2);
    const families = await scrape("/metrics");
    const count = readValue(families, "edgewise_system_requests_total", { door: "collect", outcome: "done" });
    expect(count).toBeGreaterThanOrEqual(1);
    expect(readValue(families, "edgewise_system_healthy", { probe: "d1" })).toBe(1);
    expect(readValue(families, "edgewise_system_database_bytes")).toBeGreaterThan(0);
    await views(1);
    const more = await scrape("/metrics", { headers: OPEN });
    expect(readValue(more, "edgewise_system_requests_total", { door: "collect", outcome: "done" })).toBeGreaterThan(
      count!,
    );
  });

  it("opens to the token that is for nothing else", async () => {
    const asked = (path: string, token: string, bindings = {}) =>
      app.fetch(new Request(ORIGIN + path, { headers: { authorization: `Bearer ${token}` } }), { ...env, ...bindings });
    const bindings = { EDGEWISE_METRICS_TOKEN: "for-prometheus" };
    expect((await asked("/metrics", "for-prometheus", bindings)).status).toBe(200);
    expect((await asked("/metrics", "for-another", bindings)).status).toBe(401);
    expect((await asked("/metrics", "for-prometheus")).status).toBe(401);
    expect((await asked("/api/v1/system", "for-prometheus", bindings)).status).toBe(401);
  });
});

interface Sent {
  url: string;
  body: {
    series: { metric: string; type: number; interval?: number; points: [{ timestamp: number; value: number }] }[];
  };
}

describe("metrics to a target", () => {
  let sent: Sent[];
  let answer: () => Response | Promise<Response>;
  let now: number;

  beforeEach(() => {
    sent = [];
    answer = () => new Response("{}", { status: 202 });
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      const request = new Request(input as string, init as RequestInit); // as targets call it
      const body = JSON.parse(await request.text());
      expect(datadogPayload.safeParse(body).error?.issues).toBeUndefined();
      sent.push({ url: request.url, body });
      return answer();
    });
    now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + 10 * MINUTE_MS;
    setClock(now);
  });

  async function minute(count = 1): Promise<void> {
    now += count * MINUTE_MS;
    setClock(now);
    await sendMetrics.run(env, now + 1_234);
  }
  const aTarget = (fields = {}, path = at("/metric-targets")) =>
    ok<{ id: string }>("POST", path, {
      ...{
        kind: "datadog",
        label: "Ours",
        everyMinutes: 1,
        config: { apiKey: KEY },
        metrics: ["visitors", "pageviews"],
      },
      ...fields,
    });
  const seriesOf = (metric: string) => sent.flatMap(({ body }) => body.series.filter((one) => one.metric === metric));
  const listed = async () =>
    (await ok<{ targets: { told: string; failures: number; toldAt: number }[] }>("GET", at("/metric-targets")))
      .targets[0]!;

  it("are gauges as they are and counts of what was added, each minute once, stamped by the minute", async () => {
    await aTarget();
    await views(2, "a");
    await minute();
    expect(seriesOf("edgewise.site.visitors")).toMatchObject([
      { type: 3, points: [{ timestamp: now / 1000, value: 1 }] },
    ]);
    expect(seriesOf("edgewise.site.pageviews")).toEqual([]);
    await views(3, "b");
    await minute();
    await sendMetrics.run(env, now + 5_000);
    await minute();
    expect(seriesOf("edgewise.site.visitors").map(({ points }) => points[0].value)).toEqual([1, 2, 2]);
    const counts = seriesOf("edgewise.site.pageviews");
    expect(counts.map(({ points, interval }) => [points[0].value, interval])).toEqual([
      [3, 60],
      [0, 60],
    ]);
    expect(await listed()).toMatchObject({ told: "answered 202", failures: 0, toldAt: now + 1_234 });
  });

  it("go out every five minutes where that was said", async () => {
    await aTarget({ everyMinutes: 5 });
    for (let i = 0; i < 11; i++) await minute();
    expect(sent).toHaveLength(3);
  });

  it("are sent once by two runs at once", async () => {
    await aTarget();
    now += MINUTE_MS;
    setClock(now);
    await Promise.all([sendMetrics.run(env, now), sendMetrics.run(env, now), sendMetrics.run(env, now)]);
    expect(sent).toHaveLength(1);
  });

  it("that were refused are counted by the next that arrive, and what was said is shown", async () => {
    await aTarget();
    await views(1);
    await minute();
    answer = () => new Response("try later", { status: 503 });
    await views(2);
    await minute();
    expect(await listed()).toMatchObject({ told: "answered 503: try later", failures: 1 });
    await views(3);
    await minute();
    expect((await listed()).failures).toBe(2);
    answer = () => new Response("{}", { status: 202 });
    sent = [];
    // Two minutes after the second failure.
    await minute();
    expect(sent).toEqual([]);
    await minute();
    expect(seriesOf("edgewise.site.pageviews")).toMatchObject([{ interval: 240, points: [{ value: 5 }] }]);
    expect(await listed()).toMatchObject({ told: "answered 202", failures: 0 });
  });

  it("are never counted twice: not after a crash, and not where no answer came", async () => {
    const { id } = await aTarget();
    await views(1);
    await minute();
    await views(2);
    // As by a run that ended between the claim and the answer: what it had is not sent again.
    const target = (await openMetricTarget(env, site.id, id))!;
    now += MINUTE_MS;
    setClock(now);
    const key = Object.keys(target.sent)[0]!;
    const counters = { [key]: [3, target.sent[key]![1]] as const };
    const claim = { at: now, sent: counters, dueAt: now + MINUTE_MS };
    expect(await claimSending(env.DB, target, claim)).toBe(true);
    expect(await claimSending(env.DB, target, claim)).toBe(false);
    await sendMetrics.run(env, now);
    sent = [];
    await views(4);
    answer = () => Promise.reject(new Error("reset by the other side"));
    await minute();
    expect(seriesOf("edgewise.site.pageviews")).toMatchObject([{ points: [{ value: 4 }] }]);
    expect(await listed()).toMatchObject({ told: "no answer came: reset by the other side", failures: 1 });
    answer = () => new Response("{}", { status: 202 });
    await views(5);
    await minute();
    expect(seriesOf("edgewise.site.pageviews").map(({ points }) => points[0].value)).toEqual([4, 5]);
  });

  it("of the system go where the system's own targets say", async () => {
    await aTarget({ metrics: [] }, "/api/v1/system/metric-targets");
    await minute();
    expect(seriesOf("edgewise.system.healthy").length).toBeGreaterThan(3);
    expect((await ok<{ targets: unknown[] }>("GET", at("/metric-targets"))).targets).toEqual([]);
    expect((await ok<{ targets: unknown[] }>("GET", "/api/v1/system/metric-targets")).targets).toHaveLength(1);
  });

  it("keep their keys sealed, and tell them to nobody", async () => {
    const { id } = await aTarget();
    const { results } = await env.DB.prepare("select * from metric_targets").all();
    expect(results).toHaveLength(1);
    expect(JSON.stringify([results, await ok("GET", at("/metric-targets"))])).not.toContain(KEY);
    expect(await openMetricTarget(env, site.id, id)).toMatchObject({ config: { apiKey: KEY } });
    expect(await openMetricTarget({ ...env, ADMIN_TOKEN: "another" }, site.id, id)).toMatchObject({ config: null });
  });

  it("can be tried, and removed", async () => {
    const { id } = await aTarget();
    expect(await ok("POST", at(`/metric-targets/${id}/test`))).toEqual({ result: "sent", told: "answered 202" });
    expect(sent[0]).toMatchObject({ body: { series: [{ metric: "edgewise_target_test", points: [{ value: 1 }] }] } });
    expect((await call("DELETE", at(`/metric-targets/${id}`))).status).toBe(204);
    await minute();
    expect(sent).toHaveLength(1);
  });

  it("need an address on the public internet, metrics that are there and settings of their kind", async () => {
    const errorsOf = async (fields: object) => {
      const body = { kind: "otlp", label: "In", config: {}, ...fields };
      return (await call<{ errors: { path: string }[] }>("POST", at("/metric-targets"), { body })).body.errors;
    };
    expect(await errorsOf({ config: { url: "https://10.0.0.1/v1/metrics" } })).toMatchObject([{ path: "config.url" }]);
    expect(await errorsOf({ kind: "carbon" })).toMatchObject([{ path: "kind" }]);
    expect(await errorsOf({ kind: "datadog" })).toMatchObject([{ path: "config.apiKey" }]);
    const good = { kind: "datadog", config: { apiKey: KEY } };
    expect(await errorsOf({ ...good, metrics: ["percentage"] })).toMatchObject([{ path: "metrics.0" }]);
    const batch = { samples: [], at: now };
    const config = { url: "https://10.0.0.1/v1/metrics" };
    expect(await sendSamples(env, { kind: "otlp", config, batch })).toMatchObject({
      told: expect.stringContaining("private"),
    });
    expect(await sendSamples(env, { kind: "carbon", config: {}, batch })).toMatchObject({ result: "failed" });
    expect(await sendSamples(env, { kind: "otlp", config: null, batch })).toMatchObject({ result: "failed" });
    expect(sent).toEqual([]);
  });
});
