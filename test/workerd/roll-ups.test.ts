import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { STANDARD_PANELS } from "../../workers/catalog/standard-panels.ts";
import { bucketsOf } from "../../workers/domain/period.ts";
import type { Site } from "../../workers/domain/site.ts";
import { writeRollups } from "../../workers/store/rollups.ts";
import { rollupFaults } from "./rolled-up.ts";
import {
  aView,
  createSite,
  DAY_MS,
  evictShards,
  from,
  HOUR_MS,
  passHours,
  runAlarms,
  sendTaken,
  setClock,
  shardsOfSite,
} from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

const MINUTE_MS = 60_000;

interface Row {
  grain: "hour" | "day" | "month";
  bucket: number;
  shard: number;
  panel: string;
  version: number;
  body: string;
}

async function rollups(site: Site, where = "1 = 1"): Promise<Row[]> {
  const statement = `select grain, bucket, shard, panel, version, body from rollups where site_id = ?1 and ${where} order by grain, bucket, panel, shard`;
  return (await env.DB.prepare(statement).bind(site.id).all<Row>()).results;
}

/** Alarms ring by the real clock as well: what they are at is waited for, and what is closed by then is rolled up. */
async function rolledUp(site: Site): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const standings = await Promise.all(
      shardsOfSite(site).map(async (shard) => {
        await shard.flush();
        return shard.standing(site.timeZone, []);
      }),
    );
    const isDone = standings.every(({ hours, closedUntil }) => hours.every((hour) => hour + 2 * HOUR_MS > closedUntil));
    if (isDone) return;
    await runAlarms(site);
  }
}

/** Every roll-up row says what its shard answers now for that hour or day; returns how many there are. */
async function expectTrue(site: Site): Promise<number> {
  await rolledUp(site);
  const shards = shardsOfSite(site);
  expect(await rollupFaults(env.DB, site, (shard) => shards[shard]!)).toEqual([]);
  return new Set((await rollups(site)).map(({ shard, grain, bucket }) => `${shard} ${grain} ${bucket}`)).size;
}

/** Hours with page views. */
const hoursWithEvents = async (site: Site) =>
  new Set(
    (await rollups(site, `grain = 'hour' and panel = 'event:page' and body like '%"/p%'`)).map((row) => row.bucket),
  );

/** Visits of several visitors over two days, some of them over the hour and over midnight. */
async function sendTwoDays(site: Site, end: number): Promise<void> {
  const at = (hoursAgo: number) => end - hoursAgo * HOUR_MS;
  for (let visitor = 0; visitor < 6; visitor++) {
    const starts = [47, 30.1, 24.2, 12 + visitor / 3, 5, 1.2 + visitor / 10];
    const events = starts.flatMap((start, i) => [
      aView(site, { at: at(start), url: `https://example.com/in${i}`, referrer: "https://news.test/" }),
      aView(site, { at: at(start - 0.4), url: `https://example.com/p${visitor}` }),
      { ...aView(site, { at: at(start - 0.8) }), name: "signup" },
    ]);
    await sendTaken(events, from(visitor));
  }
}

describe("roll-ups", () => {
  it.each(["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"])(
    "say of each closed hour and day of %s what the shards answer, and they add up",
    async (timeZone) => {
      const site = await createSite({ timeZone, shards: 2 });
      await sendTwoDays(site, Date.now());
      await passHours(site, 3);
      // Of each shard, hours and days that have events.
      expect(await expectTrue(site)).toBeGreaterThan(10);
      expect((await hoursWithEvents(site)).size).toBeGreaterThan(5);
      const panels = new Set((await rollups(site)).map(({ panel }) => panel));
      expect(panels.size).toBe(STANDARD_PANELS.length);
    },
  );

  it.each([
    ["23 hours", "2026-03-29T12:00:00Z", "Europe/Berlin", 23],
    ["25 hours", "2026-10-25T12:00:00Z", "Europe/Berlin", 25],
    ["24.5 hours", "2026-04-05T06:00:00Z", "Australia/Lord_Howe", 24.5],
  ])("close a day of %s when it is over, and not before", async (_, noon, timeZone, hours) => {
    setClock(Date.parse(noon));
    const site = await createSite({ timeZone });
    const day = bucketsOf(Date.now(), Date.now() + 1, "day", timeZone)[0]!.start;
    for (let hour = 2; hour < 12; hour++) await sendTaken(aView(site, { at: day + hour * HOUR_MS }), from(hour));
    const days = () => rollups(site, `grain = 'day' and bucket = ${day} and panel = 'totals'`);
    setClock(day + hours * HOUR_MS + 20 * MINUTE_MS);
    for (let turn = 0; turn < 3; turn++) await runAlarms(site);
    expect(await days()).toEqual([]);
    setClock(day + hours * HOUR_MS + 32 * MINUTE_MS);
    for (let turn = 0; turn < 3; turn++) await runAlarms(site);
    expect(await days()).toHaveLength(1);
    expect(await expectTrue(site)).toBeGreaterThan(10);
  });

  it("are made again with a higher version when an event comes late, wherever its session now begins", async () => {
    const site = await createSite();
    const noon = Math.floor(Date.now() / DAY_MS) * DAY_MS + 12 * HOUR_MS;
    setClock(noon);
    const view = (minutes: number, who = "a") => sendTaken(aView(site, { at: noon + minutes * MINUTE_MS }), from(who));
    // Two sessions of one visitor, 50 minutes apart, the second in the next hour.
    await view(-130);
    await view(-80);
    await view(-70, "b");
    await passHours(site, 2);
    const versions = async () =>
      new Map((await rollups(site, "panel = 'totals'")).map((row) => [row.bucket, row.version]));
    const before = await versions();
    expect(await expectTrue(site)).toBeGreaterThan(1);
    // Late, and it makes one session of the two.
    await view(-105);
    await passHours(site, 1);
    await expectTrue(site);
    const hour = noon - 3 * HOUR_MS;
    expect((await versions()).get(hour)).toBeGreaterThan(before.get(hour) ?? 0);
  });

  it("are made again when an event that comes late joins the open session to one that was over", async () => {
    const site = await createSite();
    const noon = Math.floor(Date.now() / DAY_MS) * DAY_MS + 12 * HOUR_MS;
    setClock(noon);
    const view = (minutes: number) => sendTaken(aView(site, { at: noon + minutes * MINUTE_MS }), from("a"));
    for (const minutes of [-95, -75, -58, -10]) await view(minutes);
    for (let turn = 0; turn < 3; turn++) await runAlarms(site);
    expect((await rollups(site, `grain = 'hour' and bucket = ${noon - 2 * HOUR_MS}`)).length).toBeGreaterThan(0);
    await view(-29);
    await passHours(site, 2);
    expect(await expectTrue(site)).toBeGreaterThan(1);
  });

  it("stay true for a session that goes on for hours over seals and restarts", async () => {
    const site = await createSite();
    const begun = Date.now();
    for (let minutes = 0; minutes <= 300; minutes += 20) {
      setClock(begun + minutes * MINUTE_MS);
      await sendTaken(aView(site, { url: `https://example.com/${minutes}` }), from("long"));
      if (minutes % 60 === 0) for (let turn = 0; turn < 3; turn++) await runAlarms(site);
      if (minutes % 100 === 0) await evictShards(site);
    }
    await passHours(site, 3);
    expect(await expectTrue(site)).toBeGreaterThan(4);
  });

  it("follow events that come while the shard is asleep from seal to seal", async () => {
    const site = await createSite();
    const noon = Math.floor(Date.now() / HOUR_MS) * HOUR_MS + 50 * MINUTE_MS;
    setClock(noon);
    await sendTaken(aView(site), from("a"));
    await evictShards(site);
    setClock(noon + 25 * MINUTE_MS);
    await sendTaken(aView(site), from("a"));
    await runAlarms(site);
    await evictShards(site);
    await passHours(site, 2);
    expect(await expectTrue(site)).toBeGreaterThan(1);
  });

  it("refuse a lower version, and take a repeated one as it stands", async () => {
    const site = await createSite();
    const origin = { siteId: site.id, epoch: 1, shard: 0, timeZone: "UTC" };
    const write = (version: number, body: string) =>
      writeRollups(env.DB, origin, [{ grain: "hour", bucket: 0, panel: "totals", version, body }]);
    await write(2, "second");
    await write(1, "first");
    await write(2, "second again");
    expect(await rollups(site)).toMatchObject([{ version: 2, body: "second" }]);
    await write(3, "third");
    expect(await rollups(site)).toMatchObject([{ version: 3, body: "third" }]);
  });

  it("hold no id of a visitor", async () => {
    const site = await createSite();
    await sendTaken(aView(site, { consent: { analytics: true }, userId: "u", persistentId: "p" }));
    await runAlarms(site);
    await passHours(site, 3);
    const ids = await env.DB.prepare("select visitor_id, user_id, persistent_id from events where site_id = ?1")
      .bind(site.id)
      .first<Record<string, string>>();
    const bodies = (await rollups(site)).map(({ body }) => body).join();
    expect(bodies).toContain("1");
    for (const id of Object.values(ids ?? {})) {
      expect(id).toMatch(/^[0-9a-f]{16}$/);
      expect(bodies).not.toContain(id);
    }
  });
});
