import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { idsOf } from "../../workers/api/request-erasure.ts";
import type { PlanChange } from "../../workers/domain/plan-diff.ts";
import type { Site } from "../../workers/domain/site.ts";
import type { PlanVersion, TrackingPlan } from "../../workers/domain/tracking-plan.ts";
import { runDueJobs } from "../../workers/jobs/index.ts";
import { quarantine } from "../../workers/store/personal/quarantine.ts";
import { moveThrough, raise, siteNow } from "./moving.ts";
import {
  CHROME,
  call,
  crashShards,
  createSite,
  DAY_MS,
  evictShards,
  from,
  HOUR_MS,
  ok,
  rows,
  sendTaken,
  setClock,
} from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

const PLAN: TrackingPlan = {
  mode: "enforce",
  events: {
    order_completed: {
      properties: { total: { type: "number", required: true }, plan: { type: "string", values: ["a"] } },
    },
    menu_opened: { mode: "warn", properties: { item: { type: "string" } } },
    search_performed: { mode: "observe", properties: { query: { type: "string" } } },
  },
};
const MENDED: TrackingPlan = {
  ...PLAN,
  events: { ...PLAN.events, order_completed: { properties: { total: { type: "number" }, plan: { type: "string" } } } },
};

const pathOf = (site: Site, rest = "tracking-plan") => `/api/v1/sites/${site.id}/${rest}`;
const push = (site: Site, plan: TrackingPlan) => ok<PlanVersion>("PUT", pathOf(site), plan);
const anEvent = (site: Site, name: string, props: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  site: site.id,
  name,
  url: "https://example.com/shop",
  props,
  ...more,
});
const counts = (site: Site) => rows(site, { metrics: ["events"], dimensions: ["event:name"] });

interface Listed {
  events: { event: string; id: string; violations: { property: string; rule: string }[] }[];
  total: number;
  next: string | null;
}
const held = (site: Site, query = "") => ok<Listed>("GET", pathOf(site, `quarantine${query}`));
const replay = (site: Site, asked: unknown = {}) =>
  ok<Record<string, unknown> & { replayed?: number }>("POST", pathOf(site, "quarantine/replay"), asked);

type Row = Record<string, unknown>;

const rowsHeld = async (site: Site): Promise<Row[]> =>
  (await env.DB.prepare("select * from quarantined where site_id = ?1").bind(site.id).all()).results;

async function putBack(kept: Row[]): Promise<void> {
  for (const { site_id, epoch, shard, seq, received_at, count, body } of kept) {
    await env.DB.prepare("insert into quarantined values (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      .bind(site_id, epoch, shard, seq, received_at, count, body)
      .run();
  }
}

describe("a tracking plan", () => {
  it("is kept in versions; a change of an old version is refused with what holds now", async () => {
    const site = await createSite();
    expect(await ok("GET", pathOf(site))).toMatchObject({ version: 0, plan: { events: {} } });
    expect(await push(site, PLAN)).toMatchObject({ version: 1, plan: PLAN });
    const headers = { "if-match": '"1"' };
    const second = await call<PlanVersion>("PUT", pathOf(site), { body: MENDED, headers });
    expect(second.body).toMatchObject({ version: 2 });
    const stale = await call("PUT", pathOf(site), { body: PLAN, headers });
    expect(stale.status).toBe(412);
    expect(stale.body).toMatchObject({ detail: expect.stringContaining("version 2"), current: { version: 2 } });
    expect(
      (await call("PUT", pathOf(site), { body: { events: { a: { properties: { b: { type: "x" } } } } } })).status,
    ).toBe(400);
    const listed = await ok<{ versions: PlanVersion[] }>("GET", pathOf(site, "tracking-plan/versions"));
    expect(listed.versions.map(({ version }) => version)).toEqual([2, 1]);
    const diff = await ok<{ changes: PlanChange[]; breaking: number }>(
      "GET",
      pathOf(site, "tracking-plan/diff?from=2&to=1"),
    );
    expect(diff).toMatchObject({ breaking: 2 });
    expect(diff.changes.map(({ property, what }) => `${property}: ${what}`)).toEqual([
      'plan: allowed values limited to ["a"]',
      "total: required added",
    ]);
    const check = await ok("POST", pathOf(site, "tracking-plan/check"), { events: { clickButton: {} } });
    expect(check).toMatchObject({ version: 2, hints: [{ name: "clickButton", suggestion: "click_button" }] });
    expect(await ok("GET", pathOf(site, "tracking-plan/versions/1"))).toMatchObject({ version: 1, plan: PLAN });
  });

  it("publishes its form as JSON Schema", async () => {
    const schema = await ok("GET", "/api/v1/tracking-plan.schema.json");
    expect(schema).toMatchObject({ type: "object", required: ["events"], title: "Edgewise tracking plan" });
  });
});

describe("events that do not fit the plan", () => {
  it("are counted where observed, told where warned about, kept back where it is enforced, and the sender learns why", async () => {
    const site = await createSite();
    await push(site, PLAN);
    const reply = await sendTaken([
      anEvent(site, "order_completed", { total: "12" }, { id: "o-1" }),
      anEvent(site, "order_completed", { total: 12 }, { id: "o-2" }),
      anEvent(site, "menu_opened", { item: 5 }),
      anEvent(site, "search_performed", { query: 5 }),
      anEvent(site, "order_completed", { total: "12" }, { id: "o-1" }),
    ]);
    expect(reply).toEqual({
      ...{ accepted: 3, duplicate: 1, quarantined: 1, dropped: 0, invalid: 0, retry: 0, reasons: { plan: 1 } },
      events: [
        {
          ...{ index: 0, status: "quarantined", reason: "plan" },
          errors: [{ path: "events.0.props.total", message: "send a number" }],
        },
        { index: 2, status: "accepted", warnings: [{ path: "events.2.props.item", message: "send a string" }] },
        { index: 4, status: "duplicate" },
      ],
    });
    expect(await counts(site)).toEqual(
      expect.arrayContaining([
        ["order_completed", 1],
        ["menu_opened", 1],
        ["search_performed", 1],
      ]),
    );
    const single = await sendTaken(anEvent(site, "order_completed", {}));
    expect(single).toMatchObject({ accepted: 0, quarantined: 1, events: [{ errors: [{ path: "props.total" }] }] });
    const listed = await held(site);
    expect(listed).toMatchObject({ total: 2, next: null });
    expect(listed.events.map(({ id, violations }) => [id, violations[0]?.rule])).toEqual([
      ["o-1", "type"],
      ["", "missing"],
    ]);
    const first = await held(site, "?limit=1");
    const second = await held(site, `?limit=1&cursor=${first.next}`);
    expect([...first.events, ...second.events]).toEqual(listed.events);
    const { violations } = await ok<{ violations: unknown[] }>("GET", pathOf(site, "tracking-plan/violations"));
    expect(violations).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          event: "order_completed",
          property: "total",
          rule: "type",
          mode: "enforce",
          count: 1,
          sample: '"12"',
        }),
        expect.objectContaining({ event: "menu_opened", property: "item", mode: "warn", count: 1 }),
        expect.objectContaining({ event: "search_performed", property: "query", mode: "observe", count: 1 }),
      ]),
    );
  });

  it("come out of quarantine when the plan is mended: at their time, of their visitor, each once", async () => {
    const site = await createSite({ shards: 2 });
    await push(site, PLAN);
    const at = Date.now() - 50 * HOUR_MS;
    for (let i = 0; i < 12; i++) {
      await sendTaken(anEvent(site, "order_completed", { plan: i < 9 ? "b" : 7 }, { id: `e-${i}`, at }), from(i % 4));
    }
    // A retry of an event in quarantine is a repeat, whether or not the shard was ended meanwhile.
    await evictShards(site);
    const again = await sendTaken(
      anEvent(site, "order_completed", { plan: "b" }, { id: "e-0", at, retry: true }),
      from(0),
    );
    expect(again).toMatchObject({ duplicate: 1 });
    expect(await replay(site)).toMatchObject({ replayed: 0, refused: 12, left: 12 });
    // Long after ids are forgotten, and later than a beacon may come.
    const received = new Date();
    setClock(Date.now() + 9 * DAY_MS);
    await push(site, MENDED);
    expect(await replay(site, { event: "other" })).toMatchObject({ replayed: 0, left: 12 });
    const both = await Promise.all([replay(site), replay(site, { rule: "missing" })]);
    expect(both.reduce((sum, { replayed = 0 }) => sum + replayed, 0)).toBe(9);
    expect(await replay(site)).toMatchObject({ replayed: 0, refused: 3, left: 3 });
    expect(await counts(site)).toEqual([["order_completed", 9]]);
    expect(await rows(site, { metrics: ["visitors"] })).toEqual([[4]]);
    const hour = await rows(site, { metrics: ["events"], dimensions: ["time:hour"] });
    expect(hour).toEqual([[expect.stringContaining(new Date(at).toISOString().slice(0, 13).replace("T", " ")), 9]]);
    const month = received.toISOString().slice(0, 7);
    const { imports } = await ok<{ imports: { id: string; events: number }[] }>("GET", pathOf(site, "import"));
    expect(imports).toMatchObject([{ id: `quarantine-${month}`, events: 9 }]);
    expect((await call("POST", pathOf(site, `import/quarantine-${month}/finish`))).status).toBe(409);
  });

  it("are reached behind any number that are still refused", async () => {
    const site = await createSite();
    await push(site, PLAN);
    await sendTaken(
      Array.from({ length: 500 }, (_, i) => anEvent(site, "order_completed", { plan: 7 }, { id: `a-${i}` })),
    );
    await held(site);
    await sendTaken(anEvent(site, "order_completed", { plan: "b" }, { id: "behind" }));
    await held(site);
    await env.DB.prepare("update quarantined set seq = 1000 where site_id = ?1 and count = 1").bind(site.id).run();
    await env.DB.prepare(
      `insert into quarantined (site_id, epoch, shard, seq, received_at, count, body)
       select site_id, epoch, shard, seq + value, received_at, count, body
       from quarantined, json_each(?2) where site_id = ?1 and count = 500`,
    )
      .bind(site.id, JSON.stringify(Array.from({ length: 16 }, (_, i) => i + 1)))
      .run();
    await push(site, MENDED);
    const first = await replay(site);
    expect(first).toMatchObject({ replayed: 0, refused: 8000, more: true });
    expect(await replay(site, { cursor: first.next })).toMatchObject({ replayed: 1, more: false, next: null });
    expect(await counts(site)).toEqual([["order_completed", 1]]);
    expect((await call("POST", pathOf(site, "quarantine/replay"), { body: { cursor: "x" } })).status).toBe(400);
  });

  it("are counted once when a replay breaks off after the shard took them", async () => {
    const site = await createSite();
    await push(site, PLAN);
    const events = Array.from({ length: 30 }, (_, i) => anEvent(site, "order_completed", {}, { id: `b-${i}` }));
    await sendTaken(events);
    await held(site);
    const kept = await rowsHeld(site);
    await push(site, MENDED);
    expect(await replay(site)).toMatchObject({ replayed: 30, left: 0 });
    // As if the end had come between the shard's answer and the removal from quarantine, and again once all is on disk.
    for (let round = 0; round < 2; round++) {
      await putBack(kept);
      await crashShards(site);
      expect(await replay(site)).toMatchObject({ replayed: 0, duplicate: 30, left: 0 });
    }
    expect(await counts(site)).toEqual([["order_completed", 30]]);
  });

  it("are counted once when shards are raised before, between and after replays", async () => {
    const site = await createSite();
    await push(site, PLAN);
    const refused = (i: number) => anEvent(site, "order_completed", {}, { id: `m-${i}` });
    for (let i = 0; i < 12; i++) await sendTaken(refused(i), from(i));
    await held(site);
    const kept = await rowsHeld(site);
    await push(site, MENDED);
    expect(await replay(site)).toMatchObject({ replayed: 12 });
    await push(site, PLAN);
    for (let i = 12; i < 24; i++) await sendTaken(refused(i), from(i));
    await raise(site, 3);
    for (let i = 24; i < 36; i++) await sendTaken(refused(i), from(i));
    await moveThrough(site);
    expect(await siteNow(site)).toMatchObject({ shards: 3, nextShards: null });
    await push(site, MENDED);
    await putBack(kept);
    expect(await replay(site)).toMatchObject({ replayed: 24, duplicate: 12, left: 0 });
    expect(await counts(site)).toEqual([["order_completed", 36]]);
  }, 60_000);

  it("are undone with the import of their month, and leave after 30 days where nobody replays them", async () => {
    const site = await createSite();
    await push(site, PLAN);
    await sendTaken([anEvent(site, "order_completed", {}), anEvent(site, "order_completed", { plan: "b" })]);
    const month = new Date().toISOString().slice(0, 7);
    await push(site, {
      events: { order_completed: { mode: "enforce", properties: { total: { type: "number" } } } },
      unplanned: { properties: "enforce" },
    });
    expect(await replay(site)).toMatchObject({ replayed: 1, refused: 1 });
    expect(await ok("DELETE", pathOf(site, `import/quarantine-${month}`))).toEqual({ removed: 1 });
    expect(await counts(site)).toEqual([]);
    const now = Date.now();
    await runDueJobs("7 * * * *", env, now + 29 * DAY_MS);
    expect(await rowsHeld(site)).toHaveLength(1);
    await push(site, MENDED);
    expect(await replay(site)).toMatchObject({ replayed: 1 });
    const stateAt = async (time: number) => {
      await runDueJobs("7 * * * *", env, time);
      const { imports } = await ok<{ imports: { state: string }[] }>("GET", pathOf(site, "import"));
      return imports.map(({ state }) => state);
    };
    expect(await stateAt(now + 29 * DAY_MS)).toEqual(["open"]);
    expect(await stateAt(now + 63 * DAY_MS)).toEqual(["finished"]);
    await push(site, PLAN);
    await sendTaken(anEvent(site, "order_completed", {}, { id: "late" }));
    await held(site);
    await runDueJobs("7 * * * *", env, Date.now() + 31 * DAY_MS);
    expect(await rowsHeld(site)).toEqual([]);
  });

  it("are erased with their person, named by nobody else, and found when the person asks for them", async () => {
    const site = await createSite();
    await push(site, PLAN);
    const consent = { analytics: true };
    for (const i of [1, 2, 3]) {
      const who = { userId: `ann-number-${i}`, consent };
      await sendTaken(anEvent(site, "order_completed", { plan: `for ann-number-${i}` }, who), from(i));
    }
    await sendTaken(anEvent(site, "order_completed", { plan: "from ann-number-2" }), from(4));
    const { userId, names } = await idsOf(env, site, { userId: "ann-number-2" });
    const subject = { id: "", userId, persistentIds: [], visitorIds: [], names };
    const found: unknown[] = [];
    for await (const events of quarantine.events!(env, site, subject)) found.push(...events);
    expect(found).toMatchObject([{ props: { plan: "for ann-number-2" } }]);
    await ok("GET", pathOf(site, "tracking-plan/violations"));
    expect(await quarantine.erase(env, site, subject)).toMatchObject({ removed: { events: 1, named: 1 } });
    expect(await quarantine.erase(env, site, subject)).toMatchObject({ removed: { events: 0, named: 0, samples: 0 } });
    expect(await held(site)).toMatchObject({ total: 3 });
    expect(JSON.stringify(await rowsHeld(site))).not.toContain("ann-number-2");
    expect(JSON.stringify(await ok("GET", pathOf(site, "tracking-plan/violations")))).not.toContain("ann-number-2");
  });

  it("are on disk before the answer: a shard that crashes at once still has them", async () => {
    const site = await createSite();
    await push(site, PLAN);
    await sendTaken(anEvent(site, "order_completed", {}, { id: "c-1" }));
    await crashShards(site);
    expect(await held(site)).toMatchObject({ total: 1, events: [{ id: "c-1" }] });
  });

  it("are compared with the plan, and a plan is drawn from them", async () => {
    const site = await createSite();
    const made = Array.from({ length: 40 }, (_, i) => anEvent(site, "sign_up", { plan: i % 2 ? "a" : "b", seats: i }));
    await sendTaken([...made, anEvent(site, "signup", {})], { "user-agent": CHROME });
    await push(site, { events: { signup: { properties: { source: { type: "string" } } }, mail_sent: {} } });
    expect(await ok("GET", pathOf(site, "tracking-plan/coverage?days=1"))).toEqual({
      ...{ planned: 2, seen: 1, neverSeen: ["mail_sent"], unplanned: [{ event: "sign_up", events: 40 }] },
      properties: [{ event: "signup", property: "source", gap: "never_sent", events: 0, of: 1 }],
    });
    const { plan } = await ok<{ plan: TrackingPlan }>("GET", pathOf(site, "tracking-plan/draft?days=1"));
    expect(plan.events.sign_up?.properties).toEqual({
      plan: { type: "string", required: true, values: ["a", "b"] },
      seats: { type: "integer", required: true },
    });
    const { hints } = await ok<{ hints: { name: string; rule: string }[] }>("GET", pathOf(site, "tracking-plan/lint"));
    expect(hints.map(({ name, rule }) => `${name} ${rule}`)).toContain("signup near_duplicate");
  });
});
