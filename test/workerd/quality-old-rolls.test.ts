// Roll-ups of weeks ago: what is missing or does not add up is named by the next check, and asked of the events until then.
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { MEASURES } from "../../workers/catalog/measure.ts";
import { STANDARD_PANELS } from "../../workers/catalog/standard-panels.ts";
import type { Site } from "../../workers/domain/site.ts";
import { readRollSums } from "../../workers/store/roll-sums.ts";
import { rollupFaults } from "./rolled-up.ts";
import { check, dayStart, findingsOf, liveDay, usualCount } from "./watched-site.ts";
import { createSite, DAY_MS, HOUR_MS, runAlarms, setClock, shardOfSite } from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** Days of September and October 2031, by how many lie between them and the last; each test in a year of its own. */
async function aSiteOfWeeks(year: number, shards = 1): Promise<{ site: Site; last: number }> {
  const last = 140 + year * 365;
  setClock(dayStart(last - 25));
  const site = await createSite({ shards });
  for (const back of [24, 20, 10, 0]) await liveDay(site, last - back);
  return { site, last };
}

async function change(site: Site, what: string, where: string): Promise<void> {
  const { meta } = await env.DB.prepare(`${what} where site_id = ?1 and ${where}`).bind(site.id).run();
  expect(meta.changes).toBe(1);
}

const wrongOf = async (site: Site) =>
  (await findingsOf(site)).filter(({ fault, resolvedAt }) => fault === "rollup_differs" && resolvedAt === null);

async function nextCheck(): Promise<void> {
  setClock(Date.now() + HOUR_MS);
  await check();
}

async function mended(site: Site): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await runAlarms(site);
  expect(await rollupFaults(env.DB, site, (shard) => shardOfSite(site, shard))).toEqual([]);
  await nextCheck();
  expect(await wrongOf(site)).toEqual([]);
}

it.each([
  ["a day's row that is gone", "delete from rollups", "grain = 'day' and panel = 'totals'", 20, "totals by day"],
  [
    "the same of one shard of two",
    "delete from rollups",
    "grain = 'day' and panel = 'visit:os'",
    20,
    "visit:os by day",
  ],
  [
    "a month's row that is gone",
    "delete from rollups",
    "grain = 'month' and panel = 'event:page'",
    39,
    "event:page by month",
  ],
])("the next check names %s", async (text, what, where, back, subject) => {
  const shards = text.includes("two") ? 2 : 1;
  const year = ["totals by day", "visit:os by day", "event:page by month"].indexOf(subject);
  const { site, last } = await aSiteOfWeeks(year, shards);
  await check();
  expect(await wrongOf(site)).toEqual([]);
  const bucket = subject.endsWith("month")
    ? Date.UTC(new Date(dayStart(last - 20)).getUTCFullYear(), new Date(dayStart(last - 20)).getUTCMonth(), 1)
    : dayStart(last - back);
  await change(site, what, `${where} and bucket = ${bucket} and shard = ${shards - 1}`);
  await nextCheck();
  expect((await wrongOf(site)).map((one) => one.subject)).toEqual([shards > 1 ? `${subject} of shard 1` : subject]);
  expect((await wrongOf(site))[0]!.reason).toMatch(/ has no row, where \w+ are [1-9]\d*$/);
  await mended(site);
});

it("the next check names visitors that are off by one in an hour of ten days ago, whose row nobody rolled up anew", async () => {
  const { site, last } = await aSiteOfWeeks(3);
  await check();
  const hour = dayStart(last - 10) + 9 * HOUR_MS;
  const count = usualCount(hour);
  expect(MEASURES[0]).toBe("visitors");
  const up = `update rollups set body = replace(body, '[[],[${count},', '[[],[${count + 1},')`;
  await change(site, up, `grain = 'hour' and panel = 'totals' and bucket = ${hour}`);
  await nextCheck();
  expect(await wrongOf(site)).toMatchObject([
    {
      subject: "totals by hour",
      from: hour,
      to: hour + HOUR_MS,
      expected: count,
      found: count + 1,
    },
  ]);
  await mended(site);
});

it("hours that do not add up to their day are named by the first check that sees them", async () => {
  const { site, last } = await aSiteOfWeeks(4);
  const hour = dayStart(last - 10) + 9 * HOUR_MS;
  const count = usualCount(hour);
  const place = MEASURES.indexOf("events");
  const up = `update rollups set body = json_replace(body, '$.rows[0][1][${place}]', ${count + 1})`;
  await change(site, up, `grain = 'hour' and panel = 'totals' and bucket = ${hour}`);
  await check();
  expect(await wrongOf(site)).toMatchObject([{ subject: "totals by hour", from: hour, found: count + 1 }]);
  await mended(site);
});

it("all rows of a day that are gone are named by their number; where nothing changed no events are read", async () => {
  const { site, last } = await aSiteOfWeeks(5);
  await check();
  setClock(Date.now() + 60_000);
  expect(await shardOfSite(site).checkOldRolls()).toMatchObject({
    checked: 0,
    differing: 0,
  });
  const from = dayStart(last - 20);
  const gone = env.DB.prepare(
    "delete from rollups where site_id = ?1 and grain in ('hour', 'day') and bucket >= ?2 and bucket < ?3",
  );
  const { meta } = await gone.bind(site.id, from, from + DAY_MS).run();
  expect(meta.changes).toBe(25 * STANDARD_PANELS.length);
  await nextCheck();
  const subjects = (await wrongOf(site)).map(({ subject }) => subject).sort();
  expect(new Set(subjects)).toEqual(
    // One is empty: nothing was viewed.
    new Set(["day", "hour"].map((grain) => `${STANDARD_PANELS.length - 1} panels by ${grain}`)),
  );
  expect(subjects).toHaveLength(25);
  await mended(site);
});

it("a look reads the rows of days and two of each hour, and none of the other hourly panels", async () => {
  const { site, last } = await aSiteOfWeeks(6);
  const from = dayStart(last - 30);
  const days = Array.from({ length: 31 }, (_, day) => ({
    start: from + day * DAY_MS,
    end: from + (day + 1) * DAY_MS,
  }));
  const panels = STANDARD_PANELS.map(({ panel }) => panel);
  const origin = {
    siteId: site.id,
    epoch: site.epoch,
    shard: 0,
    timeZone: site.timeZone,
  };
  const read = await readRollSums(env.DB, origin, { days, byHour: days, months: [], panels, panel: "visit:os" });
  expect([...read.days.keys()]).toEqual([24, 20, 10, 0].map((back) => dayStart(last - back)));
  const rows = 4 * (STANDARD_PANELS.length + 2 * 24);
  expect(read.rowsRead).toBeGreaterThanOrEqual(rows);
  expect(read.rowsRead).toBeLessThan(3 * rows);
});
