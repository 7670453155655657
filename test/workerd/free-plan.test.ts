// The free plan allows an invocation fifty calls to what lies outside of it. One site has more than a minute of that to judge,
// to tell and to send; ten have all of it at once.
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import type { Incident } from "../../workers/domain/alert.ts";
import type { Site } from "../../workers/domain/site.ts";
import type { Env } from "../../workers/env.ts";
import { callsFor } from "../../workers/jobs/calls.ts";
import { JOBS, type Job, runDueJobs } from "../../workers/jobs/index.ts";
import { SUBSCRIBED } from "../support/pushed.ts";
import { countedEnv } from "./counted-calls.ts";
import { aView, createSite, HOUR_MS, ok, sendTaken, setClock } from "./worker.ts";

const MINUTE_MS = 60_000;
const MOST = 50;
const SITES = 10;
const MINUTES = 75;
const CRON = "* * * * *";
const counter = { calls: 0 };

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const above = (metric: string, fields: object = {}) => ({
  conditions: [{ kind: "threshold", metric, minutes: 60, is: "above", value: 0 }],
  recoverMinutes: 60,
  ...fields,
});

/** Rules of every cost, and channels of every cost. */
async function watched(place: number): Promise<Site> {
  const site = await createSite({ currency: "EUR" });
  const post = (path: string, body: object) => ok<{ id: string }>("POST", `/api/v1/sites/${site.id}${path}`, body);
  const secret = `whsec_${btoa("a secret of alerts ......")}`;
  const sms = { accountSid: "AC0123456789", authToken: "a-secret-token", from: "Edge", to: "+12025550143" };
  const channels = [
    { kind: "webhook", label: "Ours", config: { url: `https://hooks.example.com/${place}`, secret } },
    { kind: "sms", label: "Mine", config: sms },
    { kind: "push", label: "Here", config: { url: `https://push.example.com/${place}`, ...SUBSCRIBED } },
  ];
  const ids = await Promise.all(channels.map(async (one) => (await post("/alert-channels", one)).id));
  const policy = await post("/escalation-policies", {
    name: "Wake",
    steps: [{ afterMinutes: 10, channels: [ids[0]], rotations: [] }],
  });
  const rule = (name: string, fields: object) => post("/alert-rules", { name, ...fields });
  await rule("Events", above("events", { channels: ids, policy: policy.id }));
  await rule("Pages", above("visitors", { channels: ids.slice(0, 1), split: { dimension: "event:page", top: 3 } }));
  await rule("Odd", { conditions: [{ kind: "anomaly", metric: "pageviews" }] });
  await rule("Quality", above("quality:findings"));
  if (place === 0) await rule("System", above("system:queue_depth"));
  return site;
}

/** Every template, each hour, as files that are made beside; the ids of the schedules. */
async function scheduled(site: Site): Promise<string[]> {
  const at = `/api/v1/sites/${site.id}`;
  const { templates } = await ok<{ templates: { label: string; report: object }[] }>("GET", `${at}/report-templates`);
  const { channels } = await ok<{ channels: { id: string; kind: string }[] }>("GET", `${at}/alert-channels`);
  const channelId = channels.find(({ kind }) => kind === "webhook")!.id;
  const ids: string[] = [];
  for (const { label, report } of templates) {
    const { id: reportId } = await ok<{ id: string }>("POST", `${at}/reports`, { ...report, name: label });
    const when = { every: "cron", cron: "43 * * * *" };
    const recipients = [{ to: "channel", channelId }];
    const schedule = { name: label, reportId, when, timeZone: "UTC", formats: ["pdf", "xlsx"], recipients };
    ids.push((await ok<{ id: string }>("POST", `${at}/report-schedules`, schedule)).id);
  }
  return ids;
}

/** Receivers; every alert by webhook is first sent away once, and each that was taken is kept by its id. */
function receive() {
  const taken: string[] = [];
  const refused = new Set<string>();
  const sent = { metrics: 0, charts: 0 };
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    counter.calls++;
    const request = new Request(input as string, init as RequestInit); // as channels call it
    const id = request.headers.get("webhook-id") ?? "";
    if (request.url.includes("datadog")) sent.metrics++;
    if (id !== "" && !id.startsWith("report.") && !refused.has(id)) {
      refused.add(id);
      return new Response("later", { status: 503 });
    }
    if (id !== "") taken.push(id);
    if (id !== "" && (await request.text()).includes("/alert-charts/")) sent.charts++;
    return new Response("{}", { status: request.url.includes("datadog") ? 202 : 201 });
  });
  return { taken, sent };
}

/** What each job used and what it took for it, of those that it was given. */
function overspent(names: readonly ("evaluateAlerts" | "deliverNotices" | "sendMetrics" | "sendReports")[]) {
  const found: string[] = [];
  for (const name of names) {
    const job: Job = JOBS[name];
    const { run } = job;
    vi.spyOn(job, "run").mockImplementation(async (bindings, at, calls = callsFor(bindings)) => {
      const [used, left] = [counter.calls, calls.left];
      await run.call(job, bindings, at, calls);
      const [spent, took] = [counter.calls - used, left - calls.left];
      if (spent > took) found.push(`${name} used ${spent} and took ${took}`);
    });
  }
  return found;
}

it("a minute's jobs stay within the free plan's calls, and what is left over follows, once", async () => {
  let now = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + 12 * HOUR_MS + 40 * MINUTE_MS;
  setClock(now);
  const sites: Site[] = [];
  for (let place = 0; place < SITES; place++) sites.push(await watched(place));
  const target = {
    kind: "datadog",
    label: "Ours",
    everyMinutes: 1,
    config: { apiKey: "0123456789abcdef0123456789abcdef" },
  };
  await ok("POST", "/api/v1/system/metric-targets", { ...target, metrics: [] });
  for (const { id } of sites.slice(0, 3))
    await ok("POST", `/api/v1/sites/${id}/metric-targets`, { ...target, metrics: ["visitors", "pageviews"] });
  const reports = await scheduled(sites[0]!);
  const { taken, sent } = receive();
  const wrong = overspent(["evaluateAlerts", "deliverNotices", "sendMetrics", "sendReports"]);
  const free = countedEnv({ ...env, EDGEWISE_PLAN: "free" } as Env, counter); // the same bindings
  const used: number[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    now += MINUTE_MS;
    setClock(now);
    counter.calls = 0;
    await runDueJobs(CRON, free, now);
    used.push(counter.calls);
    if (minute === 2) for (const site of sites) await sendTaken(Array.from({ length: 3 }, () => aView(site)));
  }
  expect(wrong).toEqual([]);
  expect(Math.max(...used)).toBeLessThanOrEqual(MOST);
  // There was more than the minutes had room for.
  expect(used.filter((calls) => calls > MOST - 12).length).toBeGreaterThan(5);

  for (const { id } of sites) {
    const { incidents } = await ok<{ incidents: Incident[] }>("GET", `/api/v1/sites/${id}/incidents`);
    expect(incidents.map(({ name }) => name).sort()).toEqual(["Events", "Pages: /"]);
  }
  const { results } = await env.DB.prepare(
    "select id, state, n.channel_id in (select id from alert_channels where kind = 'webhook') as hooked from notices n",
  ).all<{ id: string; state: string; hooked: number }>();
  expect(results.filter(({ state }) => state !== "sent")).toEqual([]);
  // Each site's first on three channels and once more by its policy, the second on one.
  expect(results).toHaveLength(SITES * 5);
  const ofAlerts = taken.filter((id) => !id.startsWith("report."));
  expect(ofAlerts.sort()).toEqual(
    results
      .filter(({ hooked }) => hooked === 1)
      .map(({ id }) => id)
      .sort(),
  );
  const behind = await env.DB.prepare("select count(*) as sites from alert_runs where through < ?1")
    .bind(now - 5 * MINUTE_MS)
    .first<{ sites: number }>();
  expect(behind).toEqual({ sites: 0 });
  expect(sent.metrics).toBeGreaterThan(10);
  expect(sent.charts).toBeGreaterThan(0);
  const { results: gone } = await env.DB.prepare(
    "select schedule_id as schedule from report_deliveries where state = 'sent'",
  ).all<{
    schedule: string;
  }>();
  expect(new Set(gone.map(({ schedule }) => schedule))).toEqual(new Set(reports));
}, 180_000);
