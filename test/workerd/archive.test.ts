import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { archiveDay } from "../../workers/store/archive/archive-site.ts";
import {
  askEverything,
  dateAt,
  daysOf,
  FIRST,
  heldEvents,
  keysOf,
  LIVE_DAYS,
  lake,
  manifestOf,
  resultsOf,
  runJobsOn,
  setRetention,
  siteNow,
  siteWithHistory,
} from "./archived-site.ts";
import { moveThrough, raise } from "./moving.ts";
import {
  call,
  crashShards,
  createSite,
  DAY_MS,
  evictShards,
  HOUR_MS,
  ok,
  runAlarms,
  setClock,
  shardsOfSite,
} from "./worker.ts";

vi.setConfig({ testTimeout: 180_000 });

afterEach(() => {
  vi.useRealTimers();
});

const ARCHIVE = { archive: { afterDays: 7, months: null } };
const EVENTS = LIVE_DAYS * 9 * 6 + 60;

describe("a month that was archived", () => {
  it("is dropped from the shards, and answers are those of before, also after a restart and in more shards", async () => {
    const site = await siteWithHistory();
    const before = await askEverything(site);
    expect(before.every(({ meta }) => meta.archived === undefined)).toBe(true);
    for (const { results } of before) expect(JSON.stringify(results).length).toBeGreaterThan(40);
    expect(await heldEvents(site)).toBe(EVENTS);
    await setRetention(site, ARCHIVE);
    await runJobsOn(40);
    expect(await heldEvents(site)).toBe(0);
    const days = await daysOf(site);
    expect(days.every(({ state }) => state === "dropped")).toBe(true);
    expect(days.reduce((sum, { live, imports }) => sum + live + imports, 0)).toBe(EVENTS);
    const after = await askEverything(site);
    expect(resultsOf(after)).toEqual(resultsOf(before));
    expect(after.filter(({ meta }) => meta.source === "archive").length).toBeGreaterThan(3);
    await evictShards(site);
    expect(resultsOf(await askEverything(site))).toEqual(resultsOf(before));
    expect((await ok<{ events: number }>("GET", `/api/v1/sites/${site.id}/status`)).events).toBe(EVENTS);
    await raise(site, 3);
    await moveThrough(site);
    expect(resultsOf(await askEverything(await siteNow(site)))).toEqual(resultsOf(before));
    expect((await ok<{ events: number }>("GET", `/api/v1/sites/${site.id}/status`)).events).toBe(EVENTS);
  });

  it("is forgotten an hour after it was read back, and read back again", async () => {
    const site = await siteWithHistory();
    await setRetention(site, ARCHIVE);
    await runJobsOn(40);
    for (let turn = 0; turn < 8; turn++) await runAlarms(site);
    const first = await askEverything(site);
    const thawed = () =>
      runInDurableObject(
        shardsOfSite(site)[0]!,
        (_, { storage }) => storage.sql.exec("select 1 from segments where live = 3").toArray().length,
      );
    expect(await thawed()).toBeGreaterThan(0);
    setClock(FIRST + 40 * DAY_MS + 15 * HOUR_MS);
    await runAlarms(site);
    expect(await thawed()).toBe(0);
    expect(resultsOf(await askEverything(site))).toEqual(resultsOf(first));
  });

  it("comes back to the shards, here and on a deployment that has nothing but the bucket", async () => {
    const site = await siteWithHistory();
    const before = await askEverything(site);
    await setRetention(site, ARCHIVE);
    await runJobsOn(40);
    const span = { from: dateAt(-3), to: dateAt(LIVE_DAYS) };
    const restore = () => ok<{ events: number }>("POST", `/api/v1/sites/${site.id}/archive/restore`, span);
    expect((await restore()).events).toBe(EVENTS);
    expect((await restore()).events).toBe(0);
    expect(await heldEvents(site)).toBe(EVENTS);
    const here = await askEverything(site);
    expect(resultsOf(here)).toEqual(resultsOf(before));
    expect(here.every(({ meta }) => meta.archived === undefined)).toBe(true);
    // Not archived again at once; then it is, and is not there twice.
    await runJobsOn(41);
    expect(await heldEvents(site)).toBe(EVENTS);
    await runJobsOn(75);
    expect(await heldEvents(site)).toBe(0);
    expect(resultsOf(await askEverything(site))).toEqual(resultsOf(before));
    // Fresh objects and an empty database: all that is left is the bucket.
    for (const shard of shardsOfSite(site)) {
      await runInDurableObject(shard, async (_, state) => {
        await state.storage.deleteAll();
        state.abort("gone");
      }).catch(() => undefined);
    }
    for (const table of ["rollups", "raw_events", "drops", "imports", "archive_days", "retention_runs"]) {
      await env.DB.prepare(`delete from ${table} where site_id = ?1`).bind(site.id).run();
    }
    expect((await restore()).events).toBe(EVENTS);
    for (let turn = 0; turn < 40; turn++) await runAlarms(site);
    expect(resultsOf(await askEverything(site))).toEqual(resultsOf(before));
    expect((await restore()).events).toBe(0);
  });
});

describe("a file of the archive", () => {
  it("that is damaged or gone is found, and nothing is dropped for it", async () => {
    const site = await siteWithHistory({ shards: 1 });
    const before = await askEverything(site);
    const put = lake().put.bind(lake());
    const [damaged, gone] = [dateAt(0), dateAt(1)];
    const day = await env.LAKE!.head("nothing");
    expect(day).toBeNull();
    // A bucket that loses what it was given after it was read back: the manifest is the last that is written.
    const spy = vi.spyOn(Object.getPrototypeOf(lake()), "put").mockImplementation(async (...args: unknown[]) => {
      const [key, value, options] = args as Parameters<R2Bucket["put"]>; // what it was called with
      const written = await put(key, value, options);
      const file = (await lake().list({ prefix: key.replace("manifest.json", "") })).objects.find(
        (one) => one.key.endsWith(".parquet") && key.endsWith("manifest.json"),
      );
      if (file && key.includes(`date=${damaged}`)) await put(file.key, "PAR1 nothing else PAR1");
      if (file && key.includes(`date=${gone}`)) await lake().delete(file.key);
      return written;
    });
    await setRetention(site, ARCHIVE);
    await runJobsOn(40);
    spy.mockRestore();
    const states = new Map((await daysOf(site)).map(({ date, state, problem }) => [date, [state, problem]]));
    expect(states.get(damaged)).toEqual(["damaged", expect.stringContaining("checksum differs")]);
    expect(states.get(gone)).toEqual(["damaged", expect.stringContaining("lacks")]);
    expect(states.get(dateAt(2))).toEqual(["dropped", null]);
    expect(await heldEvents(site)).toBeGreaterThan(100);
    expect(resultsOf(await askEverything(site))).toEqual(resultsOf(before));
    // The next run writes it anew.
    await runJobsOn(41);
    expect((await daysOf(site)).every(({ state }) => state === "dropped")).toBe(true);
    expect(await heldEvents(site)).toBe(0);
    expect(resultsOf(await askEverything(site))).toEqual(resultsOf(before));
    // Damaged after that, it is an error and no wrong answer.
    const file = (await manifestOf(site, damaged)).files[0]!;
    const bytes = await (await lake().get(file.key))!.arrayBuffer();
    for (let turn = 0; turn < 8; turn++) await runAlarms(site);
    setClock(FIRST + 41 * DAY_MS + 20 * HOUR_MS);
    await runAlarms(site);
    await lake().delete(file.key);
    const asked = { site_id: site.id, date_range: [damaged, damaged], analysis: "paths", params: {} };
    const unanswered = await call("POST", "/api/v2/query", { body: asked });
    expect([unanswered.status, JSON.stringify(unanswered.body)]).toEqual([503, expect.stringContaining("lacks")]);
    const verify = { from: damaged, to: damaged, verifyOnly: true };
    const refused = await call("POST", `/api/v1/sites/${site.id}/archive/restore`, { body: verify });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([409, expect.stringContaining("lacks")]);
    await lake().put(file.key, bytes);
    expect((await call("POST", "/api/v2/query", { body: asked })).status).toBe(200);
    expect((await call("POST", `/api/v1/sites/${site.id}/archive/restore`, { body: verify })).status).toBe(200);
  });

  it("of an import goes when the import is undone, and the others stay", async () => {
    const site = await siteWithHistory();
    await setRetention(site, ARCHIVE);
    await runJobsOn(40);
    const progress = () => ok<{ events: number }>("GET", `/api/v1/sites/${site.id}/import/history`);
    expect((await progress()).events).toBe(60);
    expect((await ok<{ removed: number }>("DELETE", `/api/v1/sites/${site.id}/import/history`)).removed).toBe(60);
    expect((await progress()).events).toBe(0);
    const days = await daysOf(site);
    expect(days.reduce((sum, { imports }) => sum + imports, 0)).toBe(0);
    expect(days.reduce((sum, { live }) => sum + live, 0)).toBe(EVENTS - 60);
    const keys = await keysOf(site);
    for (const { date } of days) {
      for (const file of (await manifestOf(site, date)).files)
        expect([file.importId, keys]).toEqual(["", expect.arrayContaining([file.key])]);
    }
    expect(keys).toHaveLength(days.length + days.reduce((sum, { files }) => sum + files, 0));
    for (let turn = 0; turn < 40; turn++) await runAlarms(site);
    const counted = { site_id: site.id, date_range: [dateAt(-3), dateAt(LIVE_DAYS)], metrics: ["events"] };
    const { results } = await ok<{ results: { metrics: number[] }[] }>("POST", "/api/v2/query", counted);
    expect(results[0]!.metrics).toEqual([EVENTS - 60]);
  });
});

it("archiving that is killed at any step ends the same", async () => {
  const site = await siteWithHistory();
  const before = await askEverything(site);
  setClock(FIRST + 40 * DAY_MS);
  const proto = Object.getPrototypeOf(lake());
  for (let step = 1; step < 9; step++) {
    const put = lake().put.bind(lake());
    let calls = 0;
    const spy = vi.spyOn(proto, "put").mockImplementation(async (...args: unknown[]) => {
      if (++calls > step) {
        await crashShards(site);
        throw new Error("the machine is gone");
      }
      const [key, value, options] = args as Parameters<R2Bucket["put"]>; // what it was called with
      return put(key, value, options);
    });
    await archiveDay(env, site, { date: dateAt(step % 3), now: Date.now() }).catch(() => undefined);
    spy.mockRestore();
    // What was asked of an object that died fails once.
    await evictShards(site).catch(() => undefined);
  }
  expect(resultsOf(await askEverything(site))).toEqual(resultsOf(before));
  for (let day = -2; day <= LIVE_DAYS; day++) await archiveDay(env, site, { date: dateAt(day), now: Date.now() });
  expect(await heldEvents(site)).toBe(0);
  expect(resultsOf(await askEverything(site))).toEqual(resultsOf(before));
  const days = await daysOf(site);
  expect(days.reduce((sum, { live, imports }) => sum + live + imports, 0)).toBe(EVENTS);
  expect(await keysOf(site)).toHaveLength(days.length + days.reduce((sum, { files }) => sum + files, 0));
});

it("a site without history has nothing to archive", async () => {
  const site = await createSite();
  await setRetention(site, ARCHIVE);
  await runJobsOn(80);
  expect(await daysOf(site)).toEqual([]);
});
