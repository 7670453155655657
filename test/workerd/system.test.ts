// What the system measures of itself: in workerd, on D1, by the figures of a known load.
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { StorageReply, SystemReply } from "../../workers/api/system-schemas.ts";
import type { Site } from "../../workers/domain/site.ts";
import worker from "../../workers/index.ts";
import { compactMeasures } from "../../workers/jobs/compact-measures.ts";
import { runDueJobs } from "../../workers/jobs/index.ts";
import { forgetMeasures, observe, writeMeasures } from "../../workers/store/system/gather.ts";
import { readDetail, readTotals } from "../../workers/store/system/measure-rows.ts";
import { meteredDatabase, statementName } from "../../workers/store/system/metered-database.ts";
import { createTimed, timed } from "../../workers/store/system/timed.ts";
import { aView, call, createSite, from, HOUR_MS, ok, rows, sendTaken, setClock } from "./worker.ts";

const WATCH = "*/5 * * * *";
const HOURLY = "7 * * * *";
const SLOT_MS = 5 * 60_000;

const system = () => ok<SystemReply>("GET", "/api/v1/system");
const timingOf = ({ timings }: SystemReply, name: string) => timings.find((one) => `${one.kind} ${one.name}` === name);

beforeEach(async () => {
  forgetMeasures();
  await env.DB.batch(
    ["measures", "job_runs", "system_incidents"].map((table) => env.DB.prepare(`delete from ${table}`)),
  );
});
afterEach(() => {
  vi.useRealTimers();
});

const broken = (): never => {
  throw new Error("away");
};
/** D1 that answers nothing. */
const away: D1Database = new Proxy(env.DB, { get: () => broken });

describe("timing", () => {
  it("hands on results and errors, and tells of both", async () => {
    const told: unknown[] = [];
    const times = createTimed((...one) => void told.push(one), Date.now);
    expect(await times("d1 a", async () => 7)).toBe(7);
    const failure = new Error("its own");
    await expect(times("d1 b", () => Promise.reject(failure))).rejects.toBe(failure);
    expect(told).toMatchObject([
      ["d1 a", expect.any(Number), { outcome: "done" }],
      ["d1 b", expect.any(Number), { outcome: "failed" }],
    ]);
  });

  it("breaks nothing when recording fails", async () => {
    const times = createTimed(broken, Date.now);
    expect(await times("d1 a", async () => 7)).toBe(7);
    const failure = new Error("its own");
    await expect(times("d1 b", () => Promise.reject(failure))).rejects.toBe(failure);
  });

  it("goes on while the store is away, and what was measured is written when it is back", async () => {
    const now = Date.now();
    expect(await timed("d1 before", async () => 1)).toBe(1);
    await writeMeasures(away, now);
    expect(await timed("d1 meanwhile", async () => 2)).toBe(2);
    await writeMeasures(env.DB, now + 1);
    const { tallies } = await readDetail(env.DB, now - HOUR_MS);
    expect(tallies).toMatchObject({ "d1 before": { count: 1 }, "d1 meanwhile": { count: 1 } });
  });

  it("takes beacons and answers while the store of measures is away", async () => {
    const site = await createSite();
    await sendTaken(aView(site), from(1));
    await env.DB.prepare("alter table measures rename to measures_away").run();
    try {
      expect((await sendTaken(aView(site), from(2))).accepted).toBe(1);
      await writeMeasures(env.DB, Date.now());
      expect((await call("GET", "/api/v1/sites")).status).toBe(200);
    } finally {
      await env.DB.prepare("alter table measures_away rename to measures").run();
    }
  });
});

describe("D1 with its statements timed", () => {
  it("answers as without", async () => {
    const db = meteredDatabase(env.DB);
    const insert = db.prepare("insert into job_runs (name, cron, started_at, ms) values (?1, 'c', 1, 2)");
    await db.batch([insert.bind("one"), insert.bind("two")]);
    const read = db.prepare("select name from job_runs where name <> ?1 order by name").bind("none");
    expect((await read.all()).results).toEqual([{ name: "one" }, { name: "two" }]);
    expect(await read.first("name")).toBe("one");
    expect(await read.raw()).toEqual([["one"], ["two"]]);
    await expect(db.prepare("select 1 from nowhere").all()).rejects.toThrow(/nowhere/);
    await writeMeasures(env.DB, Date.now());
    const now = Date.now();
    const { tallies } = await readDetail(env.DB, now - SLOT_MS);
    expect(tallies).toMatchObject({
      "d1 batch": { count: 1 },
      "d1 select job_runs": { count: 3, failed: 0 },
      "d1 select nowhere": { count: 1, failed: 1 },
    });
    const totals = await readTotals(env.DB, now - SLOT_MS);
    expect(totals.at(-1)?.value.counts).toMatchObject({ d1RowsWritten: 4, d1RowsRead: expect.any(Number) });
  });

  it("names statements by what they do to which table", () => {
    expect(statementName('select "id" from "sites" where 1')).toBe("d1 select sites");
    expect(statementName("insert into drops (a) values (1)")).toBe("d1 insert drops");
    expect(statementName("update incidents set a = 1")).toBe("d1 update incidents");
    expect(statementName("select 1")).toBe("d1 select");
  });
});

describe("the figures of a known load", () => {
  it("come out as they went in", async () => {
    const site = await createSite();
    forgetMeasures();
    for (let i = 0; i < 5; i++) await sendTaken({ events: [aView(site), aView(site)] }, from(i));
    expect((await call("POST", "/api/event", { body: "not json", token: "" })).status).toBe(400);
    for (let i = 0; i < 3; i++) await ok("GET", `/api/v1/sites/${site.id}`);
    expect((await call("GET", "/api/v1/sites/none-such")).status).toBe(404);
    const found = await system();
    expect(found.ingest).toMatchObject({
      events: 10,
      lag: { count: 10 },
      requests: { count: 6, refused: 1, failed: 0 },
    });
    expect(timingOf(found, "api GET /api/v1/sites/:id")).toMatchObject({ count: 4, refused: 1, failed: 0 });
    expect(found.api).toMatchObject({ count: 4, refused: 1, failed: 0 });
    expect(found.budget).toMatchObject({ requests: 10, failed: 0, availability: 1, left: 1 });
    expect(found.series).toHaveLength(24);
    expect(found.series.at(-1)).toMatchObject({ events: 10, requests: 10, failed: 0 });
    const lineOf = (name: string) => found.cost.lines.find((line) => line.name === name)?.used ?? 0;
    expect(lineOf("workerRequests")).toBe(11);
    expect(lineOf("d1Bytes")).toBeGreaterThan(100_000);
    expect(found.cost).toMatchObject({ plan: "paid", dollars: 0, events: 10 });
  });

  it("tell what is stored, by site", async () => {
    const site = await createSite();
    await sendTaken({ events: [aView(site), aView(site), aView(site)] }, from(1));
    const { sites, d1Bytes } = await ok<StorageReply>("GET", "/api/v1/system/storage");
    expect(sites.find(({ siteId }) => siteId === site.id)).toMatchObject({ shards: site.shards, events: 3 });
    expect(d1Bytes).toBeGreaterThan(100_000);
  });

  it("have slow questions without the values of their filters", async () => {
    const { noteSlow } = await import("../../workers/store/system/gather.ts");
    const slow = { siteId: "a.example", asked: "visitors, filtered", period: "30d", source: "shards" };
    for (let ms = 1; ms <= 30; ms++) noteSlow({ ...slow, at: ms, scanned: 10, rolled: 0, ms: ms * 100 });
    const found = await system();
    expect(found.slow).toHaveLength(20);
    expect(found.slow[0]).toMatchObject({ ...slow, ms: 3000 });
    expect(found.slow.at(-1)?.ms).toBe(1100);
  });
});

describe("the rows of measures", () => {
  const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 5 * HOUR_MS;
  const rowsOf = async () =>
    (await env.DB.prepare("select count(*) as n from measures").first<number>("n")) ?? Number.NaN;
  const countOf = async () => (await readDetail(env.DB, hour - HOUR_MS)).tallies["d1 known"]?.count;

  it("are one a slot and isolate, and one an hour once it is over, however often that is done", async () => {
    for (let slot = 0; slot < 12; slot++) {
      // Each time with its full values, so that a repeat changes nothing.
      await writeMeasures(env.DB, hour + slot * SLOT_MS);
      observe("d1 known", 5);
      await writeMeasures(env.DB, hour + slot * SLOT_MS + 1);
      observe("d1 known", 6);
      await writeMeasures(env.DB, hour + slot * SLOT_MS + 2);
    }
    expect([await rowsOf(), await countOf()]).toEqual([12, 24]);
    forgetMeasures();
    for (let round = 0; round < 2; round++) await runDueJobs(HOURLY, env, hour + 3 * HOUR_MS);
    expect(await countOf()).toBe(24);
    const totals = await readTotals(env.DB, hour);
    expect(totals.filter(({ start }) => start < hour + HOUR_MS)).toHaveLength(1);
  });

  it("of an hour that is not over stay as they are", async () => {
    await writeMeasures(env.DB, hour);
    observe("d1 known", 5);
    await writeMeasures(env.DB, hour + SLOT_MS);
    await runDueJobs(HOURLY, env, hour + HOUR_MS + 60_000);
    const { results } = await env.DB.prepare("select id % 1048576 as isolate from measures where id < ?1")
      .bind(((hour + HOUR_MS) / SLOT_MS) * 1048576)
      .all<{ isolate: number }>();
    expect(results.every(({ isolate }) => isolate > 0)).toBe(true);
    expect(results.length).toBeGreaterThan(0);
  });
});

it("costs at most 200 rows an hour of one isolate, all of it together", async () => {
  const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const rowsWritten = async () => {
    const totals = await readTotals(env.DB, 0);
    return totals.reduce((sum, { value }) => sum + (value.counts.d1RowsWritten ?? 0), 0);
  };
  setClock(hour);
  const db = meteredDatabase(env.DB);
  const metered = { ...env, DB: db };
  for (let minute = 0; minute < 60; minute++) {
    setClock(hour + minute * 60_000);
    observe("api GET /api/v1/sites", 3);
    await writeMeasures(db, hour + minute * 60_000);
    if (minute % 5 === 0) await runDueJobs(WATCH, metered, hour + minute * 60_000);
  }
  const before = await rowsWritten();
  setClock(hour + HOUR_MS);
  await compactMeasures.run(metered, hour + HOUR_MS + 7 * 60_000);
  await writeMeasures(db, hour + HOUR_MS + 7 * 60_000);
  const all = await rowsWritten();
  expect(before).toBeGreaterThan(60);
  expect(all).toBeLessThan(200);
});

describe("the system's own site", () => {
  const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS;
  const measureHour = async () => {
    await writeMeasures(env.DB, hour);
    for (let i = 0; i < 4; i++) observe("api GET /api/v1/sites", 30, { outcome: i < 1 ? "failed" : "done" });
    await writeMeasures(env.DB, hour + 1);
    forgetMeasures();
  };

  it("has the figures of each finished hour as events, once, where somebody made it", async () => {
    await measureHour();
    const later = hour + HOUR_MS + 7 * 60_000;
    setClock(later);
    await runDueJobs(HOURLY, env, later);
    const site = await ok<Site>("POST", "/api/v1/sites", { id: "edgewise-system" });
    for (let round = 0; round < 2; round++) await runDueJobs(HOURLY, env, later);
    const question = {
      metrics: ["events"],
      dimensions: ["event:props:name", "event:props:count", "event:props:failed"],
      filters: [["is", "event:props:kind", ["api"]]],
    };
    expect(await rows(site, question)).toEqual([["api GET /api/v1/sites", "4", "1", 1]]);
    // And it does not measure being told.
    expect((await system()).ingest.events).toBe(0);
  });
});

describe("health", () => {
  interface HealthReply {
    status: string;
    reasons: { probe: string; reason: string }[];
  }
  const healthWith = async (bindings: Partial<typeof env>, path = "/health") => {
    const waits: Promise<unknown>[] = [];
    const ctx = {
      waitUntil: (work: Promise<unknown>) => void waits.push(work),
      passThroughOnException() {},
      props: {},
    };
    const request = new Request(`https://edge.test${path}`) as Parameters<typeof worker.fetch>[0];
    const response = await worker.fetch(request, { ...env, ...bindings }, ctx as unknown as ExecutionContext);
    return { status: response.status, body: await response.json<HealthReply>() };
  };

  it("is ok once cron has run", async () => {
    expect((await healthWith({})).body).toMatchObject({
      status: "degraded",
      reasons: [{ probe: "cron", reason: expect.stringContaining("has not run yet") }],
    });
    await runDueJobs(WATCH, env, Date.now());
    expect(await healthWith({})).toEqual({ status: 200, body: { status: "ok", reasons: [] } });
    expect((await healthWith({}, "/health/live")).body).toEqual({ status: "ok" });
  });

  it("says when cron stays away, and which job fails", async () => {
    await runDueJobs(WATCH, env, Date.now() - 40 * 60_000);
    expect((await healthWith({})).body.reasons).toEqual([
      { probe: "cron", reason: expect.stringContaining("cron */5 * * * * last ran 40 minutes ago") },
    ]);
    await env.DB.prepare("update job_runs set started_at = ?1, problem = iif(name = 'watchSystem', 'broke', null)")
      .bind(Date.now())
      .run();
    expect((await healthWith({})).body.reasons).toEqual([
      { probe: "cron", reason: expect.stringContaining("the last run of watchSystem failed") },
    ]);
  });

  it("names a missing binding, a part that does not answer, and what was not migrated", async () => {
    await runDueJobs(WATCH, env, Date.now());
    const without = { LIVE_SITE: undefined } as unknown as Partial<typeof env>;
    expect((await healthWith(without)).body).toMatchObject({
      status: "not ready",
      reasons: [{ probe: "bindings", reason: expect.stringContaining("LIVE_SITE") }],
    });
    const silent = { SECRETS: new Proxy(env.SECRETS, { get: () => broken }) };
    expect((await healthWith(silent)).body).toMatchObject({
      status: "not ready",
      reasons: [{ probe: "kv", reason: "KV, the secrets does not answer" }],
    });
    expect(await healthWith(silent, "/health/ready")).toMatchObject({
      status: 503,
      body: { status: "not ready", checks: { d1: true, kv: false } },
    });
    await env.DB.prepare("alter table system_incidents rename column reason to reasons").run();
    try {
      expect((await healthWith({ ADMIN_TOKEN: "x" })).body.reasons).toEqual([
        { probe: "migrations", reason: expect.stringContaining("system_incidents.reason;") },
      ]);
    } finally {
      await env.DB.prepare("alter table system_incidents rename column reasons to reason").run();
    }
  });

  it("is not ready without D1", async () => {
    const { status, body } = await healthWith({ DB: away }, "/health/ready");
    expect([status, body.reasons.map(({ probe }) => probe)]).toEqual([503, ["d1", "migrations"]]);
  });

  it("tells of a full disk, as the server outside sees it", async () => {
    await runDueJobs(WATCH, env, Date.now());
    const disk = (free: number) => ({
      HOST: { fetch: async () => Response.json({ free, size: 1000 }) } as unknown as Fetcher,
    });
    expect((await healthWith(disk(40))).body.reasons).toEqual([
      { probe: "disk", reason: expect.stringContaining("4.0 % of the disk is free") },
    ]);
    expect((await healthWith(disk(500))).body.reasons).toEqual([]);
  });
});

describe("incidents", () => {
  const failing = (times: number, failed: number) => {
    for (let i = 0; i < times; i++) observe("api GET /api/v1/sites", 3, { outcome: i < failed ? "failed" : "done" });
  };

  it("open once when too many requests fail, and close when they no longer do", async () => {
    const start = Math.floor(Date.now() / SLOT_MS) * SLOT_MS;
    setClock(start);
    await writeMeasures(env.DB, start);
    failing(40, 10);
    for (const minute of [1, 2]) await runDueJobs(WATCH, env, start + minute * 60_000);
    const [open, ...others] = (await system()).incidents;
    expect(others).toEqual([]);
    expect(open).toMatchObject({
      kind: "api errors",
      openedAt: start + 60_000,
      closedAt: null,
      reason: expect.stringMatching(/^25\.0 % of 40 requests to the API failed/),
    });
    const later = start + 3 * SLOT_MS;
    setClock(later);
    await runDueJobs(WATCH, env, later);
    expect((await system()).incidents).toMatchObject([{ kind: "api errors", closedAt: later }]);
  });

  it("tell of a time in which nobody looked, once", async () => {
    const now = Date.now();
    await runDueJobs(WATCH, env, now - 2 * HOUR_MS);
    for (let round = 0; round < 2; round++) await runDueJobs(WATCH, env, now);
    expect((await system()).incidents).toMatchObject([
      { kind: "unwatched", openedAt: now - 2 * HOUR_MS, closedAt: now },
    ]);
  });
});
