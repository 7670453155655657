import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type * as z from "zod";
import type { qualityReply } from "../../workers/api/quality-schemas.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import type { Event } from "../../workers/domain/event.ts";
import type { Site } from "../../workers/domain/site.ts";
import { checkQuality } from "../../workers/jobs/check-quality.ts";
import { readLook } from "../../workers/store/quality.ts";
import {
  aDay,
  append,
  check,
  dayStart,
  findingsOf,
  liveDay,
  openOf,
  rememberHours,
  usualCount,
} from "./watched-site.ts";
import { call, createSite, evictShards, HOUR_MS, ok, setClock, shardOfSite } from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** Five weeks are known, and two days were lived through and judged. */
async function aWatchedSite(fields: Parameters<typeof createSite>[0] = {}): Promise<Site> {
  setClock(dayStart(-2));
  const site = await createSite(fields);
  await rememberHours(site, { from: dayStart(-37), to: dayStart(-2) }, usualCount);
  for (const day of [-2, -1]) {
    await liveDay(site, day);
    await check();
  }
  expect(await findingsOf(site)).toEqual([]);
  return site;
}

/** What the check after the day names. */
async function checkAfter(site: Site, events: readonly Event[]): Promise<string[]> {
  await liveDay(site, 0, events);
  await check();
  return openOf(site);
}

describe("the next check", () => {
  it("names a day that brought 40 percent less", async () => {
    const site = await aWatchedSite();
    expect(
      await checkAfter(
        site,
        aDay(0, (at) => Math.round(0.6 * usualCount(at))),
      ),
    ).toEqual(["volume_drop events"]);
    expect((await findingsOf(site))[0]).toMatchObject({ from: dayStart(0), to: dayStart(1) });
  });

  it("does not name a holiday that was annotated as unlike other days", async () => {
    const site = await aWatchedSite();
    const holiday = { at: ["2031-06-02", "2031-06-02"], text: "Whit Monday", exceptional: true };
    await ok("POST", `/api/v1/sites/${site.id}/annotations`, holiday);
    const quiet = (day: number) => aDay(day, (at) => Math.round(0.6 * usualCount(at)));
    expect(await checkAfter(site, quiet(0))).toEqual([]);
    await liveDay(site, 1, quiet(1));
    await check();
    expect(await openOf(site)).toEqual(["volume_drop events"]);
  });

  it("names two hours without events, with their beginning and end", async () => {
    const site = await aWatchedSite();
    const [from, to] = [dayStart(0) + 6 * HOUR_MS, dayStart(0) + 8 * HOUR_MS];
    const silent = aDay(0, (at) => (at >= from && at < to ? 0 : usualCount(at)));
    // The gap itself is over by then.
    expect(await checkAfter(site, silent)).toEqual(["incomplete events"]);
    const found = (await findingsOf(site)).filter(({ fault }) => fault === "gap");
    expect(found).toMatchObject([{ subject: "events", from, to, found: 0 }]);
    expect(found[0]?.resolvedAt).not.toBeNull();
  });

  it("names a property that turned into a text", async () => {
    const site = await aWatchedSite();
    const turned = aDay(0).map((event) => ({ ...event, props: { ...event.props, price: String(event.props?.price) } }));
    expect(await checkAfter(site, turned)).toEqual(["type_drift order · price"]);
  });

  it("names three percent of events that came twice", async () => {
    const site = await aWatchedSite();
    const day = aDay(0);
    const twice = day.filter((_, place) => place % 33 === 0).map((event) => ({ ...event, at: event.at + 300 }));
    expect(await checkAfter(site, [...day, ...twice])).toEqual(["duplicates events"]);
  });

  it("names a counter that is off by one", async () => {
    const site = await aWatchedSite();
    await liveDay(site, 0);
    const bucket = dayStart(0) + 9 * HOUR_MS;
    const counted = usualCount(bucket);
    const { meta } = await env.DB.prepare(
      `update rollups set body = replace(body, ?3, ?4)
       where site_id = ?1 and grain = 'hour' and panel = 'totals' and bucket = ?2`,
    )
      .bind(site.id, bucket, `,${counted},`, `,${counted + 1},`)
      .run();
    expect(meta.changes).toBe(1);
    await check();
    expect(await findingsOf(site)).toMatchObject([
      { fault: "counts_differ", subject: "roll-ups", from: bucket, expected: counted, found: counted + 1 },
    ]);
  });

  it("names a live count that is off by one", async () => {
    const site = await aWatchedSite();
    await liveDay(site, 0);
    const minute = dayStart(0) + 9 * HOUR_MS + 60_000;
    await runInDurableObject(shardOfSite(site), (_, { storage: { sql } }) => {
      sql.exec("insert into strip values (?, 0, 1) on conflict do update set events = events + 1", minute);
    });
    await evictShards(site);
    await check();
    expect(await findingsOf(site)).toMatchObject([
      { fault: "counts_differ", subject: "live counts", from: dayStart(0) + 9 * HOUR_MS },
    ]);
  });

  it("names a roll-up's row that is gone", async () => {
    const site = await aWatchedSite({ shards: 2 });
    await liveDay(site, 0);
    const bucket = dayStart(0) + 9 * HOUR_MS;
    await env.DB.prepare("delete from rollups where site_id = ?1 and grain = 'hour' and bucket = ?2 and shard = 1")
      .bind(site.id, bucket)
      .run();
    await check();
    expect(await findingsOf(site)).toMatchObject([
      { fault: "missing_hour", subject: "roll-ups of shard 1", from: bucket, found: 0 },
    ]);
  });

  it("names a shard that is late, which is resolved when it has caught up", async () => {
    const site = await aWatchedSite({ shards: 2 });
    setClock(dayStart(1));
    await append(site, aDay(0));
    setClock(dayStart(1) + HOUR_MS);
    await check();
    expect(await openOf(site)).toEqual(["late_shard shard 0", "late_shard shard 1"]);
    setClock(dayStart(1) + 2 * HOUR_MS);
    await liveDay(site, 1, []);
    await check();
    expect((await openOf(site)).filter((text) => text.startsWith("late_shard"))).toEqual([]);
  });

  it("names events that came late, and a property that has many times as many values", async () => {
    const site = await aWatchedSite();
    const day = aDay(0).map((event, place) => ({
      ...event,
      receivedAt: event.at + (place % 10 === 0 ? 2 * HOUR_MS : 0),
      props: { ...event.props, session: `s-${place}` },
    }));
    expect(await checkAfter(site, day)).toEqual(["late_events events", "too_many_values order · session"]);
  });

  it("names values that are wrong, without telling any", async () => {
    const site = await aWatchedSite();
    const wrong = ["Ada Lovelace", "Grace Hopper", "Alan Turing"];
    const day = aDay(0).map((event, place) =>
      place % 100 === 0 ? { ...event, props: { ...event.props, price: wrong[place % 3]! } } : event,
    );
    expect(await checkAfter(site, day)).toEqual(["wrong_values order · price · wrong_type"]);
    const [found] = await findingsOf(site);
    expect(found).toMatchObject({ found: 6, expected: 528 });
    for (const name of wrong.flatMap((text) => text.split(" "))) expect(JSON.stringify(found)).not.toContain(name);
  });

  it("goes on with what it found the day before, for as long as it is so", async () => {
    const site = await aWatchedSite();
    const turned = (day: number) =>
      aDay(day).map((event) => ({ ...event, props: { ...event.props, price: String(event.props?.price) } }));
    await checkAfter(site, turned(0));
    for (const day of [1, 2]) {
      await liveDay(site, day, turned(day));
      await check();
    }
    expect(await findingsOf(site)).toMatchObject([
      { fault: "type_drift", from: dayStart(0), to: dayStart(3), resolvedAt: null },
    ]);
    await liveDay(site, 3);
    await check();
    expect(await openOf(site)).toEqual([]);
  });

  it.each([
    ["text still", (price: unknown) => String(price), ["type_drift"]],
    ["numbers again", (price: unknown) => price, []],
  ])("is told by few values whether it goes on: %s", async (_, few, expected) => {
    const site = await aWatchedSite();
    const turned = (day: number, priceOf: (price: unknown, place: number) => unknown) =>
      aDay(day).map(({ props, ...event }, place) => {
        const price = priceOf(props?.price, place);
        const plan = { plan: props!.plan! };
        return { ...event, props: (price === undefined ? plan : { ...plan, price }) as typeof props };
      });
    await checkAfter(site, turned(0, String));
    await liveDay(
      site,
      1,
      turned(1, (price, place) => (place % 26 === 0 ? few(price) : undefined)),
    );
    await check();
    const drifts = async () => (await openOf(site)).filter((one) => one.startsWith("type_drift"));
    expect(await drifts()).toEqual(expected.map((fault) => `${fault} order · price`));
    // A day without any says nothing.
    await liveDay(
      site,
      2,
      turned(2, () => undefined),
    );
    await check();
    expect(await drifts()).toEqual(expected.map((fault) => `${fault} order · price`));
  });
});

describe("many sites", () => {
  it("are looked at in turn, as many a run as there is room for", async () => {
    setClock(dayStart(20) + 7 * 60_000);
    const sites = [await createSite(), await createSite(), await createSite()];
    const looked = async () =>
      (await Promise.all(sites.map(({ id }) => readLook(env.DB, id)))).map((look) => look?.checkedAt);
    await env.DB.prepare(
      "insert into quality_looks (site_id, checked_at) select id, ?1 from sites where true on conflict do nothing",
    )
      .bind(dayStart(20) - HOUR_MS)
      .run();
    await env.DB.prepare("update quality_looks set checked_at = ?1").bind(Date.now()).run();
    await env.DB.prepare("update quality_looks set checked_at = ?1 where site_id in (?2, ?3, ?4)")
      .bind(dayStart(20) - HOUR_MS, ...sites.map(({ id }) => id))
      .run();
    const free = { ...env, EDGEWISE_PLAN: "free" };
    await checkQuality.run(free, Date.now());
    expect((await looked()).filter((at) => at === Date.now())).toHaveLength(2);
    await checkQuality.run(free, Date.now());
    expect((await looked()).filter((at) => at === Date.now())).toHaveLength(3);
  });
});

describe("the score", () => {
  it("is told by event and site with its reasons, and whether completeness is what it should be", async () => {
    const site = await aWatchedSite();
    const day = aDay(0);
    const twice = day.filter((_, place) => place % 20 === 0).map((event) => ({ ...event, at: event.at + 300 }));
    await checkAfter(site, [...day, ...twice]);
    const quality = await ok<z.infer<typeof qualityReply>>("GET", `/api/v1/sites/${site.id}/quality`);
    expect(quality).toMatchObject({
      checkedAt: Date.now(),
      day: "2031-06-02",
      objective: { completeness: 95, met: true },
      sample: { share: 1, events: 555 },
      findings: [{ fault: "duplicates", resolvedAt: null }],
      events: [{ event: "order", events: 555 }],
    });
    expect(quality.series.map((one) => one.day)).toEqual(["2031-05-31", "2031-06-01", "2031-06-02"]);
    const { aspects, reasons } = quality.score!;
    expect(aspects.uniqueness).toBeCloseTo(95.1, 0);
    expect(aspects).toMatchObject({ validity: 100, completeness: 100, timeliness: 100, consistency: 100 });
    expect(reasons).toMatchObject([{ aspect: "uniqueness", reason: "order: 27 events sent twice" }]);
    const path = `/api/v1/sites/${site.id}/quality`;
    const order = await ok<z.infer<typeof qualityReply>>("GET", `${path}?event=order`);
    expect(order).toMatchObject({ event: "order", day: "2031-06-02", score: quality.events[0]!.score });
    expect(order.series).toHaveLength(3);
    expect(await ok("GET", `${path}?event=nothing`)).toMatchObject({ day: null, score: null, series: [] });
    expect((await call("GET", `${path}?evnt=order`)).status).toBe(400);
  });
});

it("imported history is late by its nature, and costs nothing", async () => {
  setClock(dayStart(1) + 2 * HOUR_MS);
  const site = await createSite();
  const events = Array.from({ length: 300 }, (_, line) => ({
    line,
    name: "pageview",
    url: "https://example.com/",
    visitor: `v-${line}`,
    at: dayStart(0) + line * 60_000,
  }));
  await ok("POST", `/api/v1/sites/${site.id}/import`, { import: { id: "import-log", label: "log" }, events });
  await check();
  const { score, findings } = await ok<z.infer<typeof qualityReply>>("GET", `/api/v1/sites/${site.id}/quality`);
  expect(findings.filter(({ fault }) => fault === "late_events")).toEqual([]);
  expect(score).toMatchObject({ total: 100, aspects: { timeliness: null, completeness: 100 } });
});

describe("a rule", () => {
  const cheap = {
    on: "events",
    name: "nothing is dear",
    event: "order",
    condition: { kind: "range", field: "props.price", max: 40 },
    tolerated: 1,
  };

  it("is judged with the day, told when it is broken, and resolved when it is kept", async () => {
    const site = await aWatchedSite();
    const path = `/api/v1/sites/${site.id}/quality-rules`;
    const rule = await ok<{ id: string }>("POST", path, cheap);
    await ok("POST", path, { on: "metric", name: "somebody comes", metric: "visitors", min: 1 });
    await ok("POST", path, { on: "metric", name: "everybody comes", metric: "visitors", min: 1e9 });
    expect(await checkAfter(site, aDay(0))).toEqual(["rule_broken everybody comes", "rule_broken nothing is dear"]);
    const { verdicts } = await ok<{ verdicts: Record<string, unknown> }>("GET", `/api/v1/sites/${site.id}/quality`);
    expect(verdicts[rule.id]).toMatchObject({ kept: false, checked: 528 });
    expect(Object.values(verdicts)).toHaveLength(3);
    await ok("PUT", `${path}/${rule.id}`, { ...cheap, condition: { ...cheap.condition, max: 50 } });
    await liveDay(site, 1);
    await check();
    expect(await openOf(site)).toEqual(["rule_broken everybody comes"]);
  });

  it("is tried on the last 24 hours, and keeps nothing", async () => {
    const site = await aWatchedSite();
    const path = `/api/v1/sites/${site.id}/quality-rules`;
    const tried = await ok<{ verdict: { kept: boolean }; sample: unknown }>("POST", `${path}/try`, cheap);
    expect(tried.verdict.kept).toBe(false);
    expect(tried.sample).toMatchObject({ share: 1 });
    const metric = { on: "metric", name: "some", metric: "visitors", min: 1 };
    expect(await ok("POST", `${path}/try`, metric)).toMatchObject({
      verdict: { kept: true, checked: 1 },
      sample: null,
    });
    expect(await ok("GET", path)).toEqual({ rules: [], next: null });
  });

  it.each([
    ["metric", { on: "metric", name: "a", metric: "no_such", min: 1 }],
    ["condition.pattern", { ...cheap, condition: { kind: "pattern", field: "path", pattern: "(?=a)" } }],
    ["condition.field", { ...cheap, condition: { kind: "required", field: "props..a" } }],
    ["tolerated", { ...cheap, tolerated: 101 }],
  ])("that is wrong is refused with the field: %s", async (field, body) => {
    const site = await createSite();
    const answer = await call<Problem>("POST", `/api/v1/sites/${site.id}/quality-rules`, { body });
    expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([400, field]);
  });
});
