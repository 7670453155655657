// What rules can look at, on real shards and D1: filters and splits, a site's own metrics and KPIs, its data's quality, the
// system, and other rules.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AlertRule, Incident } from "../../workers/domain/alert.ts";
import { alertRuleSchema } from "../../workers/domain/alert.ts";
import type { Site } from "../../workers/domain/site.ts";
import { evaluateAlerts } from "../../workers/jobs/evaluate-alerts.ts";
import { settleFindings } from "../../workers/store/quality.ts";
import { observe, writeMeasures } from "../../workers/store/system/gather.ts";
import { aView, call, createSite, from, HOUR_MS, ok, sendTaken, setClock, shardOfSite } from "./worker.ts";

const MINUTE_MS = 60_000;

let site: Site;
/** Half past an hour to come. */
let now: number;
const at = (path: string) => `/api/v1/sites/${site.id}${path}`;

beforeEach(async () => {
  now = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + 12 * HOUR_MS + 30 * MINUTE_MS;
  setClock(now);
  site = await createSite();
  return () => vi.restoreAllMocks();
});

const aRule = (fields: Record<string, unknown>): Promise<AlertRule> =>
  ok("POST", at("/alert-rules"), { name: "R", recoverMinutes: 0, ...fields });
const views = (count: number, url: string, visitor = 1) =>
  sendTaken(
    Array.from({ length: count }, () => aView(site, { url })),
    from(visitor),
  );

/** Cron rings, so many minutes later. */
async function later(count: number): Promise<void> {
  now += count * MINUTE_MS;
  setClock(now);
  await evaluateAlerts.run(env, now);
}

/** Until the hour is over and looked at. */
const hourLater = () => later(37);
const incidents = async () => (await ok<{ incidents: Incident[] }>("GET", at("/incidents"))).incidents;
const told = async () => (await incidents()).map(({ name, reason }) => `${name}: ${reason}`).sort();
const errorsOf = async (rule: object) =>
  (await call<{ errors: { path: string }[] }>("POST", at("/alert-rules"), { body: rule })).body.errors.map(
    ({ path }) => path,
  );

const pageAbove = (value: number, fields: object = {}) => ({
  conditions: [{ kind: "threshold", metric: "pageviews", minutes: 60, value }],
  ...fields,
});

describe("an alert rule", () => {
  it("looks only at what passes its filters, and at each value of its split by itself", async () => {
    await aRule({ name: "Filtered", ...pageAbove(3, { filters: [["is", "event:page", ["/a"]]] }) });
    await aRule({ name: "Other", ...pageAbove(3, { filters: [["is", "event:page", ["/none"]]] }) });
    await aRule({ name: "Each", ...pageAbove(1, { split: { dimension: "event:page", top: 2 } }) });
    await later(1);
    await views(5, "https://example.com/a");
    await views(3, "https://example.com/b");
    await views(2, "https://example.com/c");
    await hourLater();
    expect(await told()).toEqual([
      "Each: /a: 5 pageviews in 1 h, above 1",
      "Each: /b: 3 pageviews in 1 h, above 1",
      "Filtered: 5 pageviews in 1 h, above 3",
    ]);
    const [each] = (await incidents()).filter(({ name }) => name === "Each: /b");
    await ok("POST", at(`/incidents/${each!.id}/acknowledge`), {});
    await later(60);
    const states = (await incidents()).map(({ name, state }) => [name, state]);
    expect(states).toEqual(states.map(([name]) => [name, "resolved"]));
  });

  it("asks the shards for all rules of a site together, once an hour", async () => {
    for (const page of ["/a", "/b", "/c"]) await aRule(pageAbove(1, { filters: [["is", "event:page", [page]]] }));
    await aRule({ conditions: [{ kind: "threshold", metric: "conversations", minutes: 60, value: 1 }] });
    await later(1);
    await views(5, "https://example.com/a");
    const scans = await runInDurableObject(shardOfSite(site), (shard) =>
      vi.spyOn(Object.getPrototypeOf(shard), "scan"),
    );
    // Other tests' sites have rules too.
    const ownScans = async () => {
      const own = await instanceOf(site);
      return scans.mock.contexts.filter((shard) => shard === own).length;
    };
    for (let minute = 0; minute < 5; minute++) await later(1);
    expect(await ownScans()).toBe(0);
    await later(32);
    expect(await ownScans()).toBe(1);
    expect(await told()).toEqual(["R: 5 pageviews in 1 h, above 1"]);
  });

  it("splits by the site's segments", async () => {
    const segment = { name: "Readers", filters: [["is", "event:page", ["/a"]]] };
    await ok("POST", at("/segments"), segment);
    await aRule({ name: "Each", ...pageAbove(1, { split: { dimension: "segment", top: 5 } }) });
    await later(1);
    await views(5, "https://example.com/a");
    await views(3, "https://example.com/b");
    await hourLater();
    expect(await told()).toEqual(["Each: Readers: 5 pageviews in 1 h, above 1"]);
  });

  it("looks at the site's own metrics and KPIs", async () => {
    const definition = { kind: "count", filters: [["is", "event:page", ["/a"]]] };
    await ok("POST", at("/metrics"), { name: "a_views", label: "Views of a", unit: "count", definition });
    const kpi = await ok<{ id: string }>("POST", at("/kpis"), {
      name: "Pages a visitor",
      formula: "pageviews / visitors",
      targets: [{ since: "2026-01-01", target: 1 }],
    });
    const above = (metric: string, value: number) => ({
      conditions: [{ kind: "threshold", metric, minutes: 60, value }],
    });
    await aRule({ name: "Own", ...above("a_views", 3) });
    await aRule({ name: "Kpi", ...above(`kpi:${kpi.id}`, 3) });
    await later(1);
    await views(5, "https://example.com/a", 1);
    await views(3, "https://example.com/b", 2);
    await hourLater();
    expect(await told()).toEqual(["Kpi: 4 Pages a visitor in 1 h, above 3", "Own: 5 a views in 1 h, above 3"]);
  });

  it("looks at the quality of the site's data and at the system itself", async () => {
    const finding = { fault: "gap", subject: "events", from: now - HOUR_MS, to: now, expected: 9, found: 0 } as const;
    const found = [{ ...finding, reason: "nothing came" }];
    await settleFindings(env.DB, site.id, { judged: ["gap"], found, at: now });
    await aRule({
      name: "Quality",
      conditions: [{ kind: "threshold", metric: "quality:findings", minutes: 60, value: 0 }],
    });
    await aRule({
      name: "Failing",
      conditions: [{ kind: "threshold", metric: "system:error_rate", minutes: 5, value: 50 }],
    });
    await aRule({
      name: "Stored",
      conditions: [{ kind: "threshold", metric: "system:storage_bytes", minutes: 5, value: 1 }],
    });
    await later(1);
    for (let i = 0; i < 1000; i++) observe("api GET /api/v1/sites", 5, { outcome: "failed" });
    await writeMeasures(env.DB, now);
    await hourLater();
    expect((await incidents()).map(({ name }) => name).sort()).toEqual(["Failing", "Quality", "Stored"]);
    expect(await told()).toContainEqual(expect.stringContaining("1 open quality findings in 1 h, above 0"));
  });

  it("holds a day of the system against the day before it", async () => {
    now += 10 * 24 * HOUR_MS;
    setClock(now);
    const change = { kind: "change", metric: "system:error_rate", minutes: 1440, by: "more", percent: 50, least: 1 };
    await aRule({ name: "Failing more", conditions: [change] });
    const requests = async (failed: number) => {
      // What was counted before belongs to the slot before.
      await writeMeasures(env.DB, now);
      for (let i = 0; i < 10; i++) observe("api GET /api/v1/sites", 5, { outcome: i < failed ? "failed" : "done" });
      await writeMeasures(env.DB, now);
    };
    await later(1);
    await requests(2);
    await later(24 * 60);
    await requests(8);
    for (let run = 0; run < 8; run++) await later(2);
    expect(await told()).toEqual([expect.stringMatching(/^Failing more: .* in 24 h, \+.* % against \d/)]);
  });

  it("looks at other rules, and waits for those that it depends on", async () => {
    const minute = (value: number) => ({
      conditions: [{ kind: "threshold", metric: "pageviews", minutes: 5, value }],
    });
    const cause = await aRule({ name: "Cause", ...minute(3) });
    await aRule({ name: "Symptom", ...minute(1), dependsOn: [cause.id] });
    const both = await aRule({ name: "Both", conditions: [{ kind: "rule", rule: cause.id }] });
    await later(1);
    await views(5, "https://example.com/");
    await later(2);
    expect(await told()).toEqual(["Both: “Cause” fires", "Cause: 5 pageviews in 5 min, above 3"]);
    const circle = { ...cause, conditions: [{ kind: "rule", rule: both.id }] };
    const { id: _, version: __, createdAt: ___, ...body } = circle;
    const refused = await call("PUT", at(`/alert-rules/${cause.id}`), { body });
    expect(refused.body).toMatchObject({ errors: [{ path: "conditions", message: "the rule would look at itself" }] });
  });

  it("is refused what nothing could tell, by the field", async () => {
    const budget = { kind: "budget", metric: "visitors", limit: 1 };
    expect(await errorsOf({ name: "R", conditions: [budget] })).toEqual(["conditions.0.metric"]);
    const watched = { kind: "threshold", metric: "quality:score", minutes: 60, value: 1 };
    const filters = [["is", "event:page", ["/a"]]];
    expect(await errorsOf({ name: "R", conditions: [watched], filters })).toEqual(["conditions.0.metric"]);
    expect(await errorsOf({ name: "R", ...pageAbove(1, { filters: [["is", "event:nothing", ["a"]]] }) })).toEqual([
      "filters.0.1",
    ]);
    const stands = { kind: "change", metric: "system:dollars", minutes: 60 };
    expect(await errorsOf({ name: "R", conditions: [stands] })).toEqual(["conditions.0.metric"]);
    const gone = { kind: "rule", rule: "gone" };
    expect(await errorsOf({ name: "R", conditions: [gone], dependsOn: ["gone"] })).toEqual([
      "conditions.0.rule",
      "dependsOn.0",
    ]);
    expect(await errorsOf({ name: "R", conditions: [{ ...watched, metric: "kpi:gone" }] })).toEqual([
      "conditions.0.metric",
    ]);
  });

  it("is tried on the past with its filters, its split and the rules that it looks at", async () => {
    await views(5, "https://example.com/a");
    await views(3, "https://example.com/b");
    const cause = await aRule({ name: "Cause", ...pageAbove(6) });
    await hourLater();
    const tried = (rule: object) =>
      ok<{ woken: { name: string; reason: string }[]; series: { label: string; values: number[] } }>(
        "POST",
        at("/alert-rules/back-test"),
        { name: "R", recoverMinutes: 0, ...rule },
      );
    const split = await tried(pageAbove(4, { split: { dimension: "event:page", top: 2 } }));
    expect(split.woken.map(({ name, reason }) => `${name} ${reason}`)).toEqual(["R: /a 5 pageviews in 1 h, above 4"]);
    expect(split.series).toMatchObject({ label: "pageviews, /a", part: "/a", bound: 4 });
    expect(split.series.values[0]).toBe(5);
    const composite = await tried({ conditions: [{ kind: "rule", rule: cause.id }] });
    expect(composite.woken.map(({ reason }) => reason)).toEqual(["“Cause” fires"]);
  });

  it("can begin as any of the templates", async () => {
    const { templates } = await ok<{ templates: { label: string; rules: object[] }[] }>("GET", "/api/v1/alert-kinds");
    expect(templates.map(({ label }) => label)).toEqual([
      "Every site",
      "Agents",
      "Content",
      "Marketplace",
      "Product",
      "Web",
    ]);
    for (const rule of templates.flatMap(({ rules }) => rules)) {
      expect(alertRuleSchema.parse(await aRule(rule as Record<string, unknown>).then(stripped))).toEqual(rule);
    }
  });
});

const instanceOf = (of: Site) => runInDurableObject(shardOfSite(of), (shard) => shard);
const stripped = ({ id: _, version: __, createdAt: ___, ...rule }: AlertRule) => rule;
