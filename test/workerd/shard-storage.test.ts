import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createDirtyHours } from "../../durable-objects/site-shard/dirty-hours.ts";
import { createErasedRolls } from "../../durable-objects/site-shard/erased-rolls.ts";
import { createErasing } from "../../durable-objects/site-shard/erasing.ts";
import { createFindings } from "../../durable-objects/site-shard/findings.ts";
import { createGivenRanges } from "../../durable-objects/site-shard/given-ranges.ts";
import { recallMemory } from "../../durable-objects/site-shard/memory.ts";
import { createRollState } from "../../durable-objects/site-shard/roll-state.ts";
import { createSegments } from "../../durable-objects/site-shard/segments.ts";
import { createTakenPieces } from "../../durable-objects/site-shard/taken-pieces.ts";
import { createUpkeep } from "../../durable-objects/site-shard/upkeep.ts";
import type { Site } from "../../workers/domain/site.ts";
import {
  aView,
  countRaw,
  createSite,
  DAY_MS,
  evictShards,
  from,
  HOUR_MS,
  passHours,
  readShard,
  rows,
  runAlarms,
  sendTaken,
  setClock,
  shardOfSite,
} from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

const MINUTE_MS = 60_000;

/** Some days of visits, some of them late, with everything that the panels ask for. */
async function sendVisits(site: Site, now = Date.now()): Promise<void> {
  const events = Array.from({ length: 60 }, (_, i) => ({
    ...aView(site, { id: `event-${i}`, at: now - (i % 20) * 17 * MINUTE_MS }),
    name: i % 5 === 4 ? "signup" : "pageview",
    url: `https://example.com/p${i % 3}?utm_source=s${i % 2}`,
    props: { plan: i % 2 ? "pro" : "free" },
    ...(i % 5 === 4 && { revenue: { amount: i, currency: "EUR" } }),
  }));
  for (let visitor = 0; visitor < 4; visitor++) {
    await sendTaken(
      events.filter((_, i) => i % 4 === visitor),
      from(visitor),
    );
  }
}

const QUESTIONS = [
  { metrics: ["visitors", "visits", "pageviews", "events", "bounce_rate", "visit_duration", "views_per_visit"] },
  { metrics: ["visitors", "pageviews"], dimensions: ["time:hour"] },
  { metrics: ["visits", "bounce_rate"], dimensions: ["visit:entry_page", "visit:source"] },
  { metrics: ["events", "total_revenue"], dimensions: ["event:name"] },
  { metrics: ["events"], dimensions: ["event:props:plan"] },
  { metrics: ["visitors"], filters: [["is", "event:page", ["/p1"]] as ["is", string, string[]]] },
];

const answers = (site: Site) => Promise.all(QUESTIONS.map((question) => rows(site, question)));

describe("the copy in D1", () => {
  it("gives every event once with its columns, in packed rows", async () => {
    const site = await createSite();
    const at = Date.now() - 5 * MINUTE_MS;
    await sendTaken(
      aView(site, {
        id: "one",
        at,
        name: "purchase",
        title: "T",
        url: "https://example.com/buy?utm_source=news&utm_medium=email&utm_campaign=c&utm_term=t&utm_content=x",
        referrer: "https://www.google.com/search?q=secret",
        language: "de-DE",
        revenue: { amount: 19.9, currency: "EUR" },
        props: { plan: "pro" },
        consent: { analytics: true },
        userId: "u",
      }),
    );
    await sendTaken([aView(site), aView(site)]);
    await runAlarms(site);
    await runAlarms(site);
    const { results } = await env.DB.prepare("select * from events where site_id = ?1 order by name desc")
      .bind(site.id)
      .all<Record<string, unknown>>();
    expect(results).toHaveLength(3);
    expect(results[0]).toMatchObject({
      id: "one",
      name: "purchase",
      at,
      hostname: "example.com",
      path: "/buy",
      title: "T",
      source: "news",
      utm_source: "news",
      utm_medium: "email",
      utm_campaign: "c",
      utm_term: "t",
      utm_content: "x",
      browser: "Chrome",
      device: "Desktop",
      revenue: '{"amount":19.9,"currency":"EUR"}',
      props: '{"plan":"pro"}',
      consent: '{"analytics":"granted","experience":"unknown","marketing":"unknown"}',
    });
    expect(JSON.stringify(results)).not.toContain("secret");
    expect(String(results[0]?.user_id)).toMatch(/^[0-9a-f]{16}$/);
    expect(await env.DB.prepare("select count(*) from raw_events where site_id = ?1").bind(site.id).first()).toEqual({
      "count(*)": 1,
    });
  });

  it("holds each event once after a crash between its write and the note that it was written", async () => {
    const site = await createSite();
    await sendVisits(site);
    const shard = shardOfSite(site);
    const outbox = () => readShard<{ value: string }>(site, "select value from facts where name = 'outbox'");
    await shard.flush();
    expect(await countRaw(site)).toBe(60);
    const [{ value }] = (await outbox()) as [{ value: string }];
    const { done } = JSON.parse(value);
    await runInDurableObject(shard, (_, { storage }) => {
      storage.sql.exec("update facts set value = ? where name = 'outbox'", JSON.stringify({ done: 0, pending: done }));
    });
    await evictDurableObject(shard);
    await sendTaken([aView(site), aView(site)]);
    await shard.flush();
    await shard.flush();
    expect(await countRaw(site)).toBe(62);
    expect((await shard.stats()).unflushed).toBe(0);
  });

  it("is asked for again by the alarm while D1 is away", async () => {
    const site = await createSite();
    await sendTaken(aView(site));
    const away = vi.spyOn(env.DB, "batch").mockRejectedValue(new Error("D1 is away"));
    const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await runAlarms(site);
    expect(silent).toHaveBeenCalled();
    away.mockRestore();
    silent.mockRestore();
    expect((await shardOfSite(site).stats()).unflushed).toBe(1);
    await runAlarms(site);
    expect(await countRaw(site)).toBe(1);
    expect((await shardOfSite(site).stats()).unflushed).toBe(0);
  });
});

describe("sealing", () => {
  it("changes no answer, and neither does waking from it", async () => {
    const site = await createSite();
    await sendVisits(site);
    const before = await answers(site);
    await passHours(site);
    const sealed = await shardOfSite(site).stats();
    expect(sealed).toMatchObject({ events: 60, logRows: 0 });
    expect(sealed.segments).toBeGreaterThan(0);
    expect(await answers(site)).toEqual(before);
    await evictShards(site);
    expect(await answers(site)).toEqual(before);
    expect(await countRaw(site)).toBe(60);
  });

  it("keeps the ids of sealed events in mind over a restart, and those that came while it went on", async () => {
    const site = await createSite();
    const batch = ["short", "aLongRandomSenderPart01-1", "aLongRandomSenderPart01-3"].map((id) => aView(site, { id }));
    await sendTaken(batch);
    await passHours(site);
    await evictShards(site);
    expect(await sendTaken(batch)).toMatchObject({ duplicate: 3 });
    const more = [aView(site, { id: "later" }), aView(site, { id: "aLongRandomSenderPart01-2" })];
    expect(await sendTaken(more)).toMatchObject({ accepted: 2 });
    await passHours(site);
    await evictShards(site);
    expect(await sendTaken([...batch, ...more])).toMatchObject({ duplicate: 5 });
    expect((await shardOfSite(site).stats()).events).toBe(5);
  });

  it("counts nothing twice for those who ask while it goes on, and forgets no id that comes meanwhile", async () => {
    const site = await createSite();
    await sendVisits(site);
    await sendTaken(aView(site), from("other"));
    await shardOfSite(site).flush();
    await runInDurableObject(shardOfSite(site), async (_, { storage }) => {
      const { sql } = storage;
      // Several runs, and so several transactions with a pause between them.
      sql.exec("update log set import_id = 'part-' || (seq % 3) where seq % 3 > 0");
      sql.exec(
        "insert into facts values ('points', ?) on conflict do update set value = excluded.value",
        '{"done":99,"within":0}',
      );
      const now = Date.now() + 2 * HOUR_MS;
      const segments = createSegments(storage);
      const { store } = segments;
      const memory = recallMemory(storage, store, { now });
      const counted = () => segments.read(0, Number.MAX_SAFE_INTEGER).reduce((sum, batch) => sum + batch.length, 0);
      const seen: number[] = [];
      const pause = async () => {
        memory.seen.add(`meanwhile-${seen.length}`);
        seen.push(counted());
      };
      const owners = { given: createGivenRanges(sql), pieces: createTakenPieces(sql) };
      const ports = { storage, env, memory, segments, ...owners, pause };
      const dirty = createDirtyHours(sql, store, 99);
      const erasing = createErasing({ sql, env, ...owners });
      const erased = createErasedRolls(sql);
      const counts = { findings: createFindings(sql), rolls: createRollState(sql), erased, erasing };
      const upkeep = createUpkeep({ ...ports, dirty, ...counts });
      expect(counted()).toBe(61);
      const of = { siteId: site.id, shard: 0, shards: 1, epoch: 1, timeZone: "UTC", jurisdiction: "none" } as const;
      await upkeep.tidy(of, now);
      expect(sql.exec("select seq from log").toArray()).toEqual([]);
      expect(seen.length).toBeGreaterThan(1);
      expect(new Set(seen)).toEqual(new Set([61]));
      expect(memory.seen.unstored().length).toBeGreaterThan(0);
    });
  });

  it("waits until D1 has the events", async () => {
    const site = await createSite();
    await sendTaken(aView(site));
    const away = vi.spyOn(env.DB, "batch").mockRejectedValue(new Error("D1 is away"));
    const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await passHours(site);
    expect(await shardOfSite(site).stats()).toMatchObject({ logRows: 1, segments: 0 });
    away.mockRestore();
    silent.mockRestore();
    await passHours(site);
    expect(await shardOfSite(site).stats()).toMatchObject({ logRows: 0, segments: 1 });
  });
});

describe("waking", () => {
  it("brings back the live counters, sessions and the stream as they were, sealed or not", async () => {
    const site = await createSite();
    const begun = Date.now();
    await sendTaken(aView(site, { referrer: "https://www.google.com/" }), from("long"));
    for (const minutes of [20, 45, 63]) {
      setClock(begun + minutes * MINUTE_MS);
      await sendTaken(aView(site, { url: `https://example.com/${minutes}` }), from("long"));
    }
    setClock(begun + 63.5 * MINUTE_MS);
    await sendTaken([aView(site), { ...aView(site), name: "signup" }], from("short"));
    // The first event is over an hour old: all is sealed, the newest a moment ago.
    for (let turn = 0; turn < 2; turn++) await runAlarms(site);
    expect(await shardOfSite(site).stats()).toMatchObject({ logRows: 0, events: 6 });
    await sendTaken(aView(site, { url: "https://example.com/logged" }), from("short"));
    const before = await watched(site);
    expect(before).toMatchObject({
      visitors: 2,
      pages: [
        { name: "/63", count: 1 },
        { name: "/logged", count: 1 },
      ],
      sources: [
        { name: "", count: 1 },
        { name: "Google", count: 1 },
      ].map((one) => expect.objectContaining({ count: one.count })),
    });
    await evictShards(site);
    expect(await watched(site)).toEqual(before);
  });

  it("brings back the minute strip", async () => {
    const site = await createSite();
    await sendVisits(site);
    const strip = () =>
      runInDurableObject(shardOfSite(site), (_, { storage }) =>
        recallMemory(storage, createSegments(storage).store, { now: Date.now() }).strip.minutes(),
      );
    const before = await strip();
    expect(before.reduce((sum, minute) => sum + minute.events, 0)).toBe(60);
    await passHours(site);
    expect(await strip()).toEqual(before);
    await evictShards(site);
    expect(await strip()).toEqual(before);
  });

  async function watched(site: Site) {
    const { id: siteId, shards, timeZone, jurisdiction } = site;
    const of = { siteId, shard: 0, shards, epoch: 1, timeZone, jurisdiction };
    const { sequence, ...live } = await shardOfSite(site).watch({ of, goals: [], until: 0 });
    expect(sequence).toBeGreaterThan(0);
    return live;
  }
});

it("a shard sets no alarm when it has nothing to do, and none before it has", async () => {
  const site = await createSite({ timeZone: "Asia/Kolkata" });
  const alarm = () => runInDurableObject(shardOfSite(site), (_, { storage }) => storage.getAlarm());
  const runThrough = async () => {
    for (let turn = 0; turn < 3; turn++) await runAlarms(site);
  };
  const hour = (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS + 10 * HOUR_MS;
  setClock(hour + 5 * MINUTE_MS);
  await sendTaken(aView(site));
  await runThrough();
  // Sealed; the hour is over in UTC and was begun by half in Kolkata, where the next one is still open.
  setClock(hour + 95 * MINUTE_MS);
  await runThrough();
  expect(await alarm()).toBe(hour + 121 * MINUTE_MS + 1000);
  setClock(hour + 122 * MINUTE_MS);
  await runThrough();
  // What is left is the day, which ends at 18:30 UTC.
  expect(await alarm()).toBe(hour + (8.5 * 60 + 31) * MINUTE_MS + 1000);
  setClock(hour + 10 * HOUR_MS);
  await runThrough();
  expect(await alarm()).toBeNull();
});

it("log rows keep rising numbers when all before them were sealed or removed, and one row is written for each", async () => {
  const site = await createSite();
  await sendTaken(aView(site));
  await passHours(site);
  expect(await readShard(site, "select seq from log")).toEqual([]);
  await evictShards(site);
  await sendTaken(aView(site));
  expect(await readShard<{ seq: number }>(site, "select seq from log")).toEqual([{ seq: 2 }]);
  await passHours(site);
  expect(await countRaw(site)).toBe(2);
  const written = await runInDurableObject(shardOfSite(site), (_, { storage }) => {
    const body = "insert into log (import_id, at_min, at_max, received_at, count, body) values ('', 0, 0, 0, 0, '')";
    return storage.sql.exec(body).rowsWritten;
  });
  expect(written).toBe(1);
});
