// A person whose days are archived is erased from the archive too, whatever goes on meanwhile.
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Erased } from "../../workers/domain/backup.ts";
import { type PackedEvent, unpackEvent } from "../../workers/domain/event.ts";
import type { Site } from "../../workers/domain/site.ts";
import { continueErasures } from "../../workers/jobs/continue-erasures.ts";
import { archiveDay } from "../../workers/store/archive/archive-site.ts";
import { readEvents } from "../../workers/store/archive/event-parquet.ts";
import { beginRestore } from "../../workers/store/restores.ts";
import {
  dateAt,
  daysOf,
  FIRST,
  keysOf,
  LIVE_DAYS,
  lake,
  manifestOf,
  runJobsOn,
  setRetention,
  siteNow,
  siteWithHistory,
} from "./archived-site.ts";
import { crashAll, moveThrough, raise, withAlarms } from "./moving.ts";
import { call, DAY_MS, fetchRaw, HOUR_MS, ok, rows, runAlarms, setClock } from "./worker.ts";

vi.setConfig({ testTimeout: 240_000 });

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

interface Erasure {
  id: string;
  state: string;
  waits: string | null;
  receipt: { store: string; removed: Record<string, number>; note: string }[];
}

/** Each day six events of nine visitors, of whom three are known. */
const THEIRS = LIVE_DAYS * 6;
const EVENTS = LIVE_DAYS * 9 * 6 + 60;
const RETENTION = { archive: { afterDays: 7, months: null } };
const PERIOD: [string, string] = [dateAt(-3), dateAt(LIVE_DAYS + 1)];

async function archivedSite(shards = 2): Promise<Site> {
  const site = await siteWithHistory({ shards });
  await setRetention(site, RETENTION);
  await runJobsOn(40);
  expect((await daysOf(site)).every(({ state }) => state === "dropped")).toBe(true);
  return site;
}

const pathOf = (site: Site, user: string) => `/api/v1/sites/${site.id}/users/${user}`;
const erase = (site: Site, user: string, body: object = {}): Promise<Erasure> =>
  withAlarms(site, ok<Erasure>("DELETE", pathOf(site, user), body));
const lineOf = ({ receipt }: Erasure, store: string) => receipt.find((line) => line.store === store);

async function heldOf(site: Site, user: string): Promise<unknown[]> {
  const reply = await fetchRaw("GET", `${pathOf(site, user)}?format=ndjson`);
  const text = new TextDecoder().decode(await reply.arrayBuffer());
  return text.split("\n").filter(Boolean);
}

async function eventsInBucket(site: Site): Promise<PackedEvent[]> {
  const events: PackedEvent[] = [];
  for (const key of (await keysOf(site)).filter((one) => one.endsWith(".parquet"))) {
    const bytes = new Uint8Array(await (await lake().get(key))!.arrayBuffer());
    for await (const some of readEvents(bytes)) events.push(...some);
  }
  return events;
}

const usersIn = (events: readonly PackedEvent[]) =>
  new Set(events.map((packed) => unpackEvent(packed).userId).filter((id) => id !== ""));

/** What roll-ups say of each day, and what the events themselves do. */
async function told(site: Site) {
  const days = { date_range: PERIOD, dimensions: ["time:day"] };
  const byPage = { date_range: PERIOD, dimensions: ["event:page"] };
  return [
    await rows(site, { ...days, metrics: ["events", "pageviews", "visits"] }),
    await rows(site, { ...byPage, metrics: ["events"] }),
    await rows(site, {
      date_range: PERIOD,
      metrics: ["visitors", "visits", "bounce_rate"],
      dimensions: ["visit:source"],
    }),
  ];
}

const fromEvents = async (site: Site): Promise<unknown> =>
  (
    await rows(site, { date_range: PERIOD, metrics: ["events"], filters: [["is_not", "event:props:none", ["x"]]] })
  )[0]?.[0];

/** Every manifest, its files and D1 tell of the same. */
async function expectWhole(site: Site, events: number): Promise<void> {
  const days = await daysOf(site);
  expect(days.reduce((sum, { live, imports }) => sum + live + imports, 0)).toBe(events);
  const named = await Promise.all(days.map(async ({ date }) => (await manifestOf(site, date)).files));
  const keys = await keysOf(site);
  expect(keys.filter((key) => key.endsWith(".parquet")).sort()).toEqual(
    named
      .flat()
      .map(({ key }) => key)
      .sort(),
  );
  expect(keys).toHaveLength(days.length + named.flat().length);
  await ok("POST", `/api/v1/sites/${site.id}/archive/restore`, { from: PERIOD[0], to: PERIOD[1], verifyOnly: true });
}

describe("erasing a user whose days are archived", () => {
  it.each([1, 2])("writes those days anew without them; roll-ups stay, of %i shards", async (shards) => {
    const site = await archivedSite(shards);
    expect(await heldOf(site, "user-3")).toHaveLength(THEIRS);
    expect(await heldOf(site, "user-1")).toEqual([]);
    expect(usersIn(await eventsInBucket(site)).size).toBe(3);
    const before = await told(site);
    const done = await erase(site, "user-3");
    expect(lineOf(done, "archive")).toMatchObject({ removed: { days: LIVE_DAYS, events: THEIRS, named: 0 } });
    expect(lineOf(done, "shards")).toMatchObject({ removed: { events: 0 } });
    const left = await eventsInBucket(site);
    expect(left).toHaveLength(EVENTS - THEIRS);
    expect(usersIn(left).size).toBe(2);
    expect(await heldOf(site, "user-3")).toEqual([]);
    expect(await heldOf(site, "user-6")).toHaveLength(THEIRS);
    await expectWhole(site, EVENTS - THEIRS);
    expect(await told(site)).toEqual(before);
    expect(await fromEvents(site)).toBe(EVENTS - THEIRS);
  });

  it("counts them on when archived hours are rolled up again, and after the next move", async () => {
    const site = await archivedSite();
    const before = await told(site);
    await erase(site, "user-3");
    // Lines of an import that are undone again have every hour of these days rolled up anew.
    const lines = Array.from({ length: 12 * (LIVE_DAYS + 2) }, (_, line) => ({
      line,
      at: FIRST - DAY_MS + line * 2 * HOUR_MS,
      name: "pageview",
      url: "https://example.com/later",
      visitor: `192.0.2.${line}`,
    }));
    const body = { import: { id: "later-log", label: "later.log", visitors: "given" }, events: lines };
    await ok("POST", `/api/v1/sites/${site.id}/import`, body);
    const settle = async () => {
      const now = await siteNow(site);
      for (let turn = 0; turn < 60; turn++) {
        setClock(Date.now() + 60_000);
        await runAlarms(now);
      }
    };
    await settle();
    expect(await told(site)).not.toEqual(before);
    await ok("DELETE", `/api/v1/sites/${site.id}/import/later-log`);
    await settle();
    expect(await told(site)).toEqual(before);
    await raise(site, 4);
    await moveThrough(site);
    await settle();
    expect(await told(site)).toEqual(before);
    expect(await fromEvents(site)).toBe(EVENTS - THEIRS);
  });

  it("takes names out of what others sent", async () => {
    const site = await archivedSite();
    const done = await erase(site, "user-3", { names: ["/old1"] });
    expect(lineOf(done, "archive")?.removed.named).toBe(20);
    const paths = new Set((await eventsInBucket(site)).map((packed) => unpackEvent(packed).path));
    expect([...paths]).toEqual(expect.arrayContaining(["(erased)", "/old0", "/old2"]));
    expect([...paths]).not.toContain("/old1");
  });

  it("goes on where it broke off, whatever broke", async () => {
    const site = await archivedSite();
    const before = await told(site);
    const path = `/api/v1/sites/${site.id}/erasures`;
    for (const [step, name] of ["put", "delete", "put", "delete", "list"].entries()) {
      const proto = Object.getPrototypeOf(lake());
      const real = proto[name];
      let calls = 0;
      const broken = vi.spyOn(proto, name as "put").mockImplementation(async function (
        this: R2Bucket,
        ...args: unknown[]
      ) {
        if (++calls > step) throw new Error("the machine is gone");
        return real.apply(this, args);
      });
      const going =
        step === 0 ? call("POST", path, { body: { userId: "user-3" } }) : continueErasures.run(env, Date.now());
      await withAlarms<unknown>(site, going).catch(() => undefined);
      broken.mockRestore();
      await crashAll(site);
      setClock(Date.now() + 60_000);
    }
    await withAlarms(site, continueErasures.run(env, Date.now()));
    const { erasures } = await ok<{ erasures: Erasure[] }>("GET", path);
    expect(erasures.map(({ state }) => state)).toEqual(["done"]);
    expect(usersIn(await eventsInBucket(site)).size).toBe(2);
    await expectWhole(site, EVENTS - THEIRS);
    expect(await told(site)).toEqual(before);
    expect(await fromEvents(site)).toBe(EVENTS - THEIRS);
    const acts = await env.DB.prepare(
      "select actor, after from audit where site_id = ?1 and actor like 'job %' order by seq",
    )
      .bind(site.id)
      .all<{ actor: string; after: string }>();
    const [archived, ...erasing] = acts.results;
    const whats = (JSON.parse(archived!.after) as { done: { what: string }[] }).done.map(({ what }) => what);
    expect(whats.sort()).toEqual(["archive events", "archive imports"]);
    expect(erasing.at(-1)).toMatchObject({
      actor: "job continueErasures",
      after: expect.stringContaining(erasures[0]!.id),
    });
    await continueErasures.run(env, Date.now());
    const counted = await env.DB.prepare(
      "select count(*) as n from audit where site_id = ?1 and actor like 'job %'",
    ).bind(site.id);
    expect(await counted.first()).toEqual({ n: acts.results.length });
  });
});

describe("while something else goes on", () => {
  it("an archive run under way leaves no copy of them, and one that comes later waits until they are gone", async () => {
    const site = await siteWithHistory();
    setClock(FIRST + 40 * DAY_MS);
    const proto = Object.getPrototypeOf(lake());
    const put = proto.put;
    let erasing: Promise<Erasure> | undefined;
    let raising: Promise<{ status: number }> | undefined;
    vi.spyOn(proto, "put").mockImplementation(async function (this: R2Bucket, ...args: unknown[]) {
      erasing ??= ok<Erasure>("DELETE", pathOf(site, "user-3"), {});
      raising ??= call("PATCH", `/api/v1/sites/${site.id}`, { body: { shards: 4 } });
      // What is asked for above gets as far as it may.
      for (let turn = 0; turn < 20; turn++) await scheduler.wait(5);
      return put.apply(this, args);
    });
    await archiveDay(env, site, { date: dateAt(1), now: Date.now() }).catch(() => undefined);
    vi.restoreAllMocks();
    expect((await raising!).status).toBe(409);
    const during = await archiveDay(env, site, { date: dateAt(2), now: Date.now() }).catch((error: Error) => error);
    expect(String(during)).toMatch(/erased|archive|0/);
    const done = await withAlarms(site, erasing!);
    expect(done.state).toBe("done");
    expect(usersIn(await eventsInBucket(site)).has("")).toBe(false);
    const now = await siteNow(site);
    for (let day = -2; day <= LIVE_DAYS; day++) await archiveDay(env, now, { date: dateAt(day), now: Date.now() });
    const left = await eventsInBucket(site);
    expect(left).toHaveLength(EVENTS - THEIRS);
    expect(usersIn(left).size).toBe(2);
    await expectWhole(site, EVENTS - THEIRS);
    expect(await fromEvents(site)).toBe(EVENTS - THEIRS);
  });

  it("a raise that came between is followed by their erasure from the shards of now", async () => {
    const site = await archivedSite();
    const before = await told(site);
    const broken = vi.spyOn(Object.getPrototypeOf(lake()), "put").mockRejectedValue(new Error("the bucket is away"));
    await withAlarms(site, call("DELETE", pathOf(site, "user-3"), { body: {} }));
    broken.mockRestore();
    setClock(Date.now() + 60_000);
    await raise(site, 3);
    await moveThrough(site);
    await withAlarms(site, continueErasures.run(env, Date.now()));
    const { erasures } = await ok<{ erasures: Erasure[] }>("GET", `/api/v1/sites/${site.id}/erasures`);
    expect(erasures.map(({ state }) => state)).toEqual(["done"]);
    expect(usersIn(await eventsInBucket(site)).size).toBe(2);
    await expectWhole(site, EVENTS - THEIRS);
    const now = await siteNow(site);
    for (let turn = 0; turn < 60; turn++) await runAlarms(now);
    expect(await told(site)).toEqual(before);
    expect(await fromEvents(site)).toBe(EVENTS - THEIRS);
  });

  it("a legal hold that is set meanwhile stops it before the archive, and says so", async () => {
    const site = await archivedSite();
    const broken = vi.spyOn(Object.getPrototypeOf(lake()), "put").mockRejectedValue(new Error("the bucket is away"));
    await withAlarms(site, call("DELETE", pathOf(site, "user-3"), { body: {} }));
    broken.mockRestore();
    setClock(Date.now() + 60_000);
    await ok("PUT", `/api/v1/sites/${site.id}/legal-hold`, { reason: "a court asked" });
    const list = () => ok<{ erasures: Erasure[] }>("GET", `/api/v1/sites/${site.id}/erasures`);
    expect((await list()).erasures[0]).toMatchObject({ state: "found", waits: expect.stringContaining("legal hold") });
    await ok("DELETE", `/api/v1/sites/${site.id}/legal-hold`);
    await withAlarms(site, continueErasures.run(env, Date.now()));
    expect((await list()).erasures[0]).toMatchObject({ state: "done", waits: null });
    expect(usersIn(await eventsInBucket(site)).size).toBe(2);
  });
});

it("days that come back from a bucket of before are without who was erased since", async () => {
  const site = await archivedSite();
  const kept = new Map<string, ArrayBuffer>();
  for (const key of await keysOf(site)) kept.set(key, await (await lake().get(key))!.arrayBuffer());
  await erase(site, "user-3");
  for (const [key, bytes] of kept) await lake().put(key, bytes);
  expect(usersIn(await eventsInBucket(site)).size).toBe(3);
  const span = { from: PERIOD[0], to: PERIOD[1] };
  await ok("POST", `/api/v1/sites/${site.id}/archive/restore`, span);
  expect(usersIn(await eventsInBucket(site)).size).toBe(2);
  expect(await fromEvents(site)).toBe(EVENTS - THEIRS);
  await expectWhole(site, EVENTS - THEIRS);
});

it("days that come back on a new deployment are without whom a restore there was told of", async () => {
  const site = await archivedSite();
  const kept = new Map<string, ArrayBuffer>();
  for (const key of await keysOf(site)) kept.set(key, await (await lake().get(key))!.arrayBuffer());
  await erase(site, "user-3");
  const erased = await ok<Erased[]>("GET", "/api/v1/backups/erased");
  const ofSite = erased.filter((one) => one.site === site.id);
  // What a new deployment has: the bucket of before and what it was told, and no request.
  await env.DB.prepare("delete from erasures where site_id = ?1").bind(site.id).run();
  const backup = { name: "b.tar", checksum: "0".repeat(64), madeAt: FIRST, sites: [], erased: ofSite };
  await beginRestore(env.DB, backup, Date.now());
  for (const [key, bytes] of kept) await lake().put(key, bytes);
  await ok("POST", `/api/v1/sites/${site.id}/archive/restore`, { from: PERIOD[0], to: PERIOD[1] });
  expect(usersIn(await eventsInBucket(site)).size).toBe(2);
  expect(await fromEvents(site)).toBe(EVENTS - THEIRS);
  expect(await heldOf(site, "user-3")).toEqual([]);
  // Whoever goes on from there with the list of that deployment leaves them out too.
  expect(await ok("GET", "/api/v1/backups/erased")).toEqual(expect.arrayContaining(ofSite));
});
