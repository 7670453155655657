import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CANARY } from "../../workers/domain/canary.ts";
import type { Site } from "../../workers/domain/site.ts";
import { runDueJobs } from "../../workers/jobs/index.ts";
import { lastCanary } from "../../workers/store/canary.ts";
import { healthOf } from "../../workers/store/system/probes.ts";
import { call, createSite, HOUR_MS, ok, passHours, rows, setClock } from "./worker.ts";

const CRON = "*/5 * * * *";
const MINUTE_MS = 60_000;
const HOUR = Date.UTC(2026, 5, 15, 9);

/** The visit that is due then. */
async function visitAt(time: number, bindings = env): Promise<unknown> {
  setClock(time);
  return runDueJobs(CRON, bindings, time).then(
    () => null,
    (error: unknown) => error,
  );
}
const visits = () => rows(CANARY, { metrics: ["events", "visits"], date_range: "all" });

let hour = HOUR;
beforeEach(() => {
  // Each test in a day of its own.
  hour += 48 * HOUR_MS;
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the canary", () => {
  it("is counted right, each event once, and its hour is one row", async () => {
    expect(await visitAt(hour + 5 * MINUTE_MS)).toBeNull();
    expect(await visitAt(hour + 10 * MINUTE_MS)).toBeNull();
    expect(await lastCanary(env.DB)).toMatchObject({
      hour,
      runs: 2,
      failed: 0,
      lastAt: hour + 10 * MINUTE_MS,
      lastProblem: null,
    });
    expect(await visits()).toEqual([[6, 2]]);
  });

  it("counts once what is told twice, and after it was broken off before its end", async () => {
    const before = (await visits())[0]!.map(Number);
    expect(await visitAt(hour)).toBeNull();
    expect(await visitAt(hour)).toBeNull();
    expect(await lastCanary(env.DB)).toMatchObject({ hour, runs: 1 });
    // As if it had been killed after its events were taken, and before it could write how it was.
    await env.DB.prepare("delete from canary_hours where hour = ?1").bind(hour).run();
    expect(await visitAt(hour)).toBeNull();
    expect(await lastCanary(env.DB)).toMatchObject({ hour, runs: 1, failed: 0 });
    expect((await visits())[0]).toEqual([before[0]! + 3, before[1]! + 1]);
  });

  it("comes again at once when the clock was set back, by days or by minutes", async () => {
    for (const at of [hour + 72 * HOUR_MS, hour + 40 * MINUTE_MS, hour + 20 * MINUTE_MS]) {
      expect(await visitAt(at)).toBeNull();
      expect(await lastCanary(env.DB)).toMatchObject({ runs: 1, failed: 0, lastAt: at });
    }
    expect((await healthOf(env, Date.now())).looks.find(({ name }) => name === "canary")?.reason).toBeNull();
    expect(await visitAt(hour + 25 * MINUTE_MS)).toBeNull();
    expect(await lastCanary(env.DB)).toMatchObject({ hour, runs: 2, failed: 0 });
  });

  it("says what came out wrong", async () => {
    const canaryLook = async () => {
      const { looks } = await healthOf(env, Date.now());
      return looks.find(({ name }) => name === "canary");
    };
    expect(await visitAt(hour, { ...env, ADMIN_TOKEN: "another" })).toBeNull();
    expect(await lastCanary(env.DB)).toMatchObject({ hour, runs: 1, failed: 1 });
    expect((await lastCanary(env.DB))?.lastProblem).toMatch(/query answered 401/);
    expect((await canaryLook())?.reason).toMatch(/query answered 401/);
    expect(await visitAt(hour + 5 * MINUTE_MS)).toBeNull();
    expect(await lastCanary(env.DB)).toMatchObject({ runs: 2, failed: 1, lastProblem: null });
    expect((await canaryLook())?.reason).toBeNull();
  });

  async function rolledHour(from: number): Promise<void> {
    for (const minute of [0, 20, 40]) expect(await visitAt(from + minute * MINUTE_MS)).toBeNull();
    setClock(from + HOUR_MS);
    await passHours(CANARY);
    // The one that looks back must follow another's hour.
    expect(await visitAt(from + 2 * HOUR_MS + 50 * MINUTE_MS)).toBeNull();
  }

  it("finds an hour whose roll-up tells something else than its events, and none where it is right", async () => {
    await rolledHour(hour);
    expect(await visitAt(hour + 3 * HOUR_MS)).toBeNull();
    expect(await lastCanary(env.DB)).toMatchObject({ lastProblem: null });
    const next = hour + 24 * HOUR_MS;
    await rolledHour(next);
    const removed = env.DB.prepare("delete from rollups where site_id = ?1 and bucket = ?2").bind(CANARY.id, next);
    expect((await removed.run()).meta.changes).toBeGreaterThan(0);
    await visitAt(next + 3 * HOUR_MS);
    expect((await lastCanary(env.DB))?.lastProblem).toMatch(/^of the hour .* roll-ups tell .*, the events 9,6,3,3$/);
  });

  it("comes less often on the free plan, whose objects must sleep", async () => {
    const free = { ...env, EDGEWISE_PLAN: "free" };
    for (let minute = 0; minute < 30; minute += 5) expect(await visitAt(hour + minute * MINUTE_MS, free)).toBeNull();
    expect(await lastCanary(env.DB)).toMatchObject({ runs: 2 });
  });

  it("has a site that is in no list, nobody's usage, and nobody else's name", async () => {
    await visitAt(hour);
    const own = await createSite();
    const { sites } = await ok<{ sites: Site[] }>("GET", "/api/v1/sites?limit=100");
    expect(sites.map(({ id }) => id)).toContain(own.id);
    expect(sites.map(({ id }) => id)).not.toContain(CANARY.id);
    expect((await call("POST", "/api/v1/sites", { body: { id: CANARY.id } })).status).toBe(409);
    expect(JSON.stringify(await ok("GET", "/api/v1/api-usage"))).not.toContain(CANARY.id);
    const key = await ok<{ key: string }>("POST", `/api/v1/sites/${own.id}/keys`, {
      label: "reader",
      scopes: ["query"],
    });
    const asked = { site_id: CANARY.id, metrics: ["events"], date_range: "7d" };
    expect((await call("POST", "/api/v2/query", { body: asked, token: key.key })).status).toBe(404);
  });
});
