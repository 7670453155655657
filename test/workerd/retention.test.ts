import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { RetentionStep, RetentionTotal } from "../../workers/domain/retention.ts";
import type { Site } from "../../workers/domain/site.ts";
import { checkRollups } from "../../workers/jobs/check-rollups.ts";
import { pruneQuarantine } from "../../workers/jobs/prune-quarantine.ts";
import {
  dateAt,
  daysOf,
  FIRST,
  heldEvents,
  keysOf,
  LIVE_DAYS,
  runJobsOn,
  setRetention,
  siteNow,
  siteWithHistory,
} from "./archived-site.ts";
import { moveThrough, raise } from "./moving.ts";
import { call, createSite, DAY_MS, HOUR_MS, ok, runAlarms, setClock } from "./worker.ts";

vi.setConfig({ testTimeout: 180_000 });

afterEach(() => {
  vi.useRealTimers();
});

const LIVE = LIVE_DAYS * 9 * 6;

interface DryRun {
  held: string | null;
  totals: RetentionTotal[];
  steps: RetentionStep[];
}
interface Run {
  state: string;
  steps: RetentionStep[];
  kept: RetentionStep[];
  problems: string[];
}

const dryRun = (site: Site) => ok<DryRun>("POST", `/api/v1/sites/${site.id}/retention/dry-run`);
const runsOf = async (site: Site) => (await ok<{ runs: Run[] }>("GET", `/api/v1/sites/${site.id}/retention/runs`)).runs;
const countIn = (steps: readonly RetentionStep[], type: string) =>
  steps.filter((step) => step.type === type).reduce((sum, { count }) => sum + count, 0);

/** Page views and events as roll-ups tell them, by day. */
async function told(site: Site): Promise<unknown> {
  const date_range = [dateAt(-3), dateAt(LIVE_DAYS + 1)];
  const question = { site_id: site.id, date_range, metrics: ["visitors", "pageviews", "events"] };
  const answers = await ok<{ results: unknown }[]>("POST", "/api/v2/query", [
    question,
    { ...question, dimensions: ["time:day"] },
    { ...question, metrics: ["pageviews"], dimensions: ["event:page"] },
  ]);
  return answers.map(({ results }) => results);
}

async function clockOn(day: number): Promise<void> {
  setClock(FIRST + day * DAY_MS + 12 * HOUR_MS);
}

describe("collected events", () => {
  it("go after their months and not before, imports stay, and roll-ups tell of both", async () => {
    const site = await siteWithHistory();
    const before = await told(site);
    await setRetention(site, { events: 1 });
    await runJobsOn(25);
    expect(await heldEvents(site)).toBe(LIVE + 60);
    // A month and a day after the first day of three.
    await clockOn(33);
    const planned = await dryRun(site);
    expect(planned.steps.every(({ type, action }) => type === "events" && action === "remove")).toBe(true);
    expect(planned.steps.map(({ date }) => date)).toContain(dateAt(0));
    await runJobsOn(33);
    const [run] = await runsOf(site);
    expect(run).toMatchObject({ state: "done", kept: [], problems: [], steps: planned.steps });
    expect(await heldEvents(site)).toBe(LIVE + 60 - countIn(planned.steps, "events"));
    await runJobsOn(60);
    expect(await heldEvents(site)).toBe(60);
    for (let turn = 0; turn < 10; turn++) await runAlarms(site);
    expect(await told(site)).toEqual(before);
    await env.DB.prepare("update roll_checks set through = null where site_id = ?1").bind(site.id).run();
    for (let look = 0; look < 20; look++) await checkRollups.run(env, Date.now() + look);
    for (let turn = 0; turn < 10; turn++) await runAlarms(site);
    expect(await told(site)).toEqual(before);
    const { rollups } = await ok<{ rollups: { differing: number } }>("GET", `/api/v1/sites/${site.id}/status`);
    expect(rollups.differing).toBe(0);
    // More shards: what is told of events that are gone goes along.
    await raise(site, 3);
    await moveThrough(site);
    for (let turn = 0; turn < 30; turn++) await runAlarms(await siteNow(site));
    expect(await told(await siteNow(site))).toEqual(before);
  });

  it("stay under a legal hold, in the archive too, until it is lifted", async () => {
    const site = await siteWithHistory({ shards: 1 });
    await setRetention(site, { events: 1, archive: { afterDays: 7, months: 2 } });
    await runJobsOn(20);
    expect(await heldEvents(site)).toBe(0);
    const hold = await ok("PUT", `/api/v1/sites/${site.id}/legal-hold`, { reason: "case 12/2027" });
    expect(hold).toMatchObject({ reason: "case 12/2027", until: null, by: "operator" });
    expect((await siteNow(site)).retention.legalHold).toEqual(hold);
    const keys = await keysOf(site);
    await clockOn(100);
    const planned = await dryRun(site);
    expect(planned.held).toBe("case 12/2027");
    expect(countIn(planned.steps, "archive")).toBe(LIVE);
    await runJobsOn(100);
    expect((await runsOf(site))[0]).toMatchObject({ state: "held", steps: [], kept: planned.steps });
    expect(await keysOf(site)).toEqual(keys);
    // Other settings do not touch it.
    await setRetention(site, { rawDays: 2 });
    expect((await siteNow(site)).retention.legalHold).toEqual(hold);
    expect((await call("DELETE", `/api/v1/sites/${site.id}/legal-hold`)).status).toBe(204);
    await runJobsOn(101);
    const [run] = await runsOf(site);
    expect(run).toMatchObject({ state: "done", steps: planned.steps, kept: [] });
    expect((await daysOf(site)).reduce((sum, { live, imports }) => sum + live + imports, 0)).toBe(60);
    const report = await ok("GET", `/api/v1/sites/${site.id}/retention/report?year=${new Date().getUTCFullYear()}`);
    expect(report).toMatchObject({ heldRuns: 1, now: { events: 0, archived: 60 } });
    expect(JSON.stringify(report)).toContain("legal hold: case 12/2027");
    const csv = await call("GET", `/api/v1/sites/${site.id}/retention/report?year=2027&format=csv`);
    expect(csv.headers.get("content-type")).toContain("text/csv");
  });

  it("cannot be taken away by hand under a hold, imports no more than what the tracking plan refused", async () => {
    const site = await siteWithHistory({ shards: 1 });
    const old =
      "insert into quarantined (site_id, epoch, shard, seq, received_at, count, body) values (?1, 1, 0, 9, ?2, 1, '[]')";
    const add = () =>
      env.DB.prepare(old)
        .bind(site.id, Date.now() - 60 * DAY_MS)
        .run();
    const waiting = async () =>
      (await env.DB.prepare("select 1 from quarantined where site_id = ?1").bind(site.id).all()).results.length;
    await add();
    await ok("PUT", `/api/v1/sites/${site.id}/legal-hold`, { reason: "case 12/2027" });
    const held = await heldEvents(site);
    const undo = () => call("DELETE", `/api/v1/sites/${site.id}/import/history`);
    expect(await undo()).toMatchObject({ status: 409 });
    expect(await heldEvents(site)).toBe(held);
    await pruneQuarantine.run(env, Date.now());
    expect(await waiting()).toBe(1);
    expect((await call("DELETE", `/api/v1/sites/${site.id}/legal-hold`)).status).toBe(204);
    expect(await undo()).toMatchObject({ status: 200 });
    await pruneQuarantine.run(env, Date.now());
    expect(await waiting()).toBe(0);
  });

  it("are held until a moment when the hold names one", async () => {
    const site = await siteWithHistory({ shards: 1 });
    await setRetention(site, { events: 1 });
    await clockOn(50);
    const until = FIRST + 70 * DAY_MS;
    const put = (body: object) => call("PUT", `/api/v1/sites/${site.id}/legal-hold`, { body });
    expect((await put({ reason: "x", until: FIRST })).status).toBe(400);
    expect((await put({ reason: "" })).status).toBe(400);
    expect((await put({ reason: "x", until })).status).toBe(200);
    await runJobsOn(69);
    expect(await heldEvents(site)).toBe(LIVE + 60);
    await runJobsOn(71);
    expect(await heldEvents(site)).toBe(60);
  });
});

it("a dry run names what the next run does, by type and day, and changes nothing", async () => {
  const site = await siteWithHistory();
  await setRetention(site, { imports: 1, archive: { afterDays: 20, months: 3 }, refusals: 1 });
  await env.DB.prepare("insert into drops (site_id, epoch, shard, hour, reason, count) values (?1, 1, 0, ?2, 'bot', 3)")
    .bind(site.id, FIRST - DAY_MS)
    .run();
  await clockOn(31);
  const planned = await dryRun(site);
  expect(await dryRun(site)).toMatchObject({ steps: planned.steps, totals: planned.totals });
  expect(await heldEvents(site)).toBe(LIVE + 60);
  expect(await keysOf(site)).toEqual([]);
  expect(new Set(planned.steps.map(({ type, action }) => `${action} ${type}`))).toEqual(
    new Set(["archive events", "archive imports", "remove imports", "remove refusals"]),
  );
  expect(countIn(planned.steps, "events")).toBe(LIVE);
  expect(countIn(planned.steps, "imports")).toBe(60);
  await runJobsOn(31);
  expect((await runsOf(site))[0]).toMatchObject({ steps: planned.steps, kept: [], state: "done" });
  expect((await dryRun(site)).steps).toEqual([]);
  const removed = planned.steps.filter(({ type, action }) => type === "imports" && action === "remove");
  const kept = (await daysOf(site)).reduce((sum, { live, imports }) => sum + live + imports, 0);
  expect(kept).toBe(LIVE + 60 - countIn(removed, "imports"));
  // Once a day, whatever there is.
  const runs = (await runsOf(site)).length;
  await runJobsOn(31, 13);
  expect(await runsOf(site)).toHaveLength(runs);
});

it("a site keeps 13 months of events and all else for ever, unless it is told otherwise", async () => {
  const site = await createSite({ retention: { events: null } });
  expect(site.retention).toEqual({
    events: null,
    imports: null,
    rawDays: 3,
    refusals: 13,
    archive: null,
    legalHold: null,
  });
  expect((await createSite()).retention.events).toBe(13);
  const patch = (retention: object) => call("PATCH", `/api/v1/sites/${site.id}`, { body: { retention } });
  expect((await patch({ rawDays: 9 })).status).toBe(400);
  expect((await patch({ legalHold: null })).status).toBe(400);
  expect((await patch({ archive: { afterDays: 1, months: null } })).status).toBe(400);
  expect(await ok("PATCH", `/api/v1/sites/${site.id}`, { retention: { events: 6 } })).toMatchObject({
    retention: { events: 6, imports: null, rawDays: 3 },
  });
});
