// Roll-ups of every panel and grain against log and segments: what is wrong with them is named before it is mended.
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { MEASURES } from "../../workers/catalog/measure.ts";
import type { Site } from "../../workers/domain/site.ts";
import { checkRollups } from "../../workers/jobs/check-rollups.ts";
import { rollupFaults } from "./rolled-up.ts";
import { check, dayStart, findingsOf, liveDay, usualCount } from "./watched-site.ts";
import { createSite, HOUR_MS, runAlarms, setClock, shardOfSite } from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** Each test on days of its own, so that no other test's site is looked at then. */
async function aRolledSite(days: readonly number[], shards = 1): Promise<Site> {
  setClock(dayStart(days[0]!));
  const site = await createSite({ shards });
  for (const day of days) await liveDay(site, day);
  await check();
  expect(await findingsOf(site)).toEqual([]);
  return site;
}

async function change(site: Site, what: string, where: string): Promise<void> {
  const { meta } = await env.DB.prepare(`${what} where site_id = ?1 and ${where}`).bind(site.id).run();
  expect(meta.changes).toBe(1);
}

/** Nothing comes after the days, which is told as well. */
const wrongOf = async (site: Site) => (await findingsOf(site)).filter(({ fault }) => fault === "rollup_differs");

const openOf = async (site: Site) =>
  (await wrongOf(site)).filter(({ resolvedAt }) => resolvedAt === null).map(({ subject }) => subject);

/** As cron has it look an hour later, once. */
async function nextCheck(): Promise<void> {
  setClock(Date.now() + HOUR_MS);
  await check();
}

async function mended(site: Site): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await runAlarms(site);
  expect(await rollupFaults(env.DB, site, (shard) => shardOfSite(site, shard))).toEqual([]);
  await nextCheck();
  expect(await openOf(site)).toEqual([]);
}

const hour = dayStart(50) + 9 * HOUR_MS;
const count = usualCount(hour);
const visitorsUp = `update rollups set body = replace(body, '[[],[${count},', '[[],[${count + 1},')`;

describe("the next check", () => {
  it("names visitors that are off by one, in the totals' panel of an hour", async () => {
    expect(MEASURES[0]).toBe("visitors");
    const site = await aRolledSite([49, 50]);
    await change(site, visitorsUp, `grain = 'hour' and panel = 'totals' and bucket = ${hour}`);
    await nextCheck();
    expect(await wrongOf(site)).toMatchObject([
      {
        fault: "rollup_differs",
        subject: "totals by hour",
        from: hour,
        to: hour + HOUR_MS,
        expected: count,
        found: count + 1,
        reason: `roll-ups of the hour of 2031-07-22T09:00Z: totals has visitors ${count + 1} instead of ${count}, in 1 of 1 row`,
        resolvedAt: null,
      },
    ]);
    await mended(site);
  });

  it("names a wrong row of a panel of values, without the value", async () => {
    const site = await aRolledSite([59, 60], 2);
    const rename = `update rollups set body = replace(body, '[["order"],[', '[["ordre"],[')`;
    await change(site, rename, `grain = 'hour' and panel = 'event:name' and shard = 1 and bucket = ${dayStart(60)}`);
    await nextCheck();
    expect(await openOf(site)).toEqual(["event:name by hour of shard 1"]);
    const [{ reason } = { reason: "" }] = await wrongOf(site);
    expect(reason).toMatch(/: event:name is wrong in 1 of 1 row, visitors are \d+ in sum$/);
    expect(reason).not.toMatch(/ordre|order/);
    await mended(site);
  });

  it("names a day's row that is gone beside an hour that is wrong, both", async () => {
    const site = await aRolledSite([69, 70]);
    await change(site, "delete from rollups", `grain = 'day' and panel = 'visit:device' and bucket = ${dayStart(70)}`);
    const swap = `update rollups set body = replace(body, '"rows":[[', '"rows":[[["another"],[1,1,1,0,0,0,0,0,0,0,0,0,0],0,0],[')`;
    await change(site, swap, `grain = 'hour' and panel = 'event:page' and bucket = ${dayStart(70)}`);
    await nextCheck();
    expect((await openOf(site)).sort()).toEqual(["event:page by hour", "visit:device by day"]);
    const day = (await wrongOf(site)).find(({ subject }) => subject.endsWith("by day"));
    expect(day).toMatchObject({ from: dayStart(70), to: dayStart(71), found: 0 });
    expect(day?.reason).toMatch(/^roll-ups of the day 2031-08-11: visit:device has no row, where \w+ are [1-9]\d*$/);
    await mended(site);
  });

  it("reads no events again where nothing has changed", async () => {
    const site = await aRolledSite([79, 80]);
    const shard = shardOfSite(site);
    setClock(Date.now() + 60_000);
    const first = await shard.checkRecentRolls();
    expect(first.checked).toBe(0);
    await change(site, "delete from rollups", `grain = 'day' and panel = 'totals' and bucket = ${dayStart(80)}`);
    expect(await shard.checkRecentRolls()).toMatchObject({ checked: 1, differing: 1 });
  });
});

it("what the slow round through all roll-ups finds is told, stays open while it waits, and is over when it is mended", async () => {
  const site = await aRolledSite([89, 90, 91, 92]);
  // Too old to be read every hour, and no sum shows it.
  const rename = `update rollups set body = replace(body, '[["order"],[', '[["ordre"],[')`;
  await change(site, rename, `grain = 'day' and panel = 'event:name' and bucket = ${dayStart(89)}`);
  await nextCheck();
  expect(await wrongOf(site)).toEqual([]);
  for (let run = 0; run < 40 && (await wrongOf(site)).length === 0; run++) {
    setClock(Date.now() + 1000);
    await checkRollups.run(env, Date.now());
  }
  expect(await openOf(site)).toEqual(["event:name by day"]);
  await nextCheck();
  expect(await openOf(site)).toEqual(["event:name by day"]);
  await mended(site);
});
