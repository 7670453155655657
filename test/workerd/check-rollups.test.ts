import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Site } from "../../workers/domain/site.ts";
import { checkRollups } from "../../workers/jobs/check-rollups.ts";
import type { RollChecks } from "../../workers/store/roll-checks.ts";
import { rollupFaults } from "./rolled-up.ts";
import {
  ask,
  aView,
  createSite,
  DAY_MS,
  from,
  HOUR_MS,
  ok,
  passHours,
  runAlarms,
  sendTaken,
  setClock,
  shardOfSite,
} from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

const TODAY = Math.floor(Date.now() / DAY_MS);
/** The last of four days whose segments become one; those of the next three days stay by themselves for now. */
const NOON = (Math.ceil(TODAY / 16) * 16 + 3) * DAY_MS + 12 * HOUR_MS;

/** Some visits at noon of those days, counted from the first, all of them sealed and rolled up by the day after. */
async function siteWithDays(days: readonly number[], shards = 1): Promise<Site> {
  setClock(NOON);
  const site = await createSite({ shards });
  for (const day of days) {
    setClock(NOON + day * DAY_MS);
    for (const visitor of [0, 1, 2, 3, 4]) {
      await sendTaken(aView(site, { url: `https://example.com/day${day}` }), from(`${day}-${visitor}`));
    }
    await passHours(site, 3);
  }
  setClock(NOON + (days.at(-1)! + 1) * DAY_MS);
  for (let turn = 0; turn < 4; turn++) await runAlarms(site);
  return site;
}

async function checksOf(site: Site): Promise<RollChecks> {
  return (await ok<{ rollups: RollChecks }>("GET", `/api/v1/sites/${site.id}/status`)).rollups;
}

/** Runs the job until it was through all of the site's roll-ups; what that found. */
async function checkAll(site: Site) {
  const before = await checksOf(site);
  await env.DB.prepare("update roll_checks set through = null where site_id = ?1").bind(site.id).run();
  for (let run = 0; run < 40; run++) {
    setClock(Date.now() + 1000);
    await checkRollups.run(env, Date.now());
    const open = await env.DB.prepare("select 1 from roll_checks where site_id = ?1 and through is not null")
      .bind(site.id)
      .first();
    const begun = (await checksOf(site)).checked > before.checked;
    if (!open && (begun || run > 5)) break;
  }
  const after = await checksOf(site);
  for (let turn = 0; turn < 4; turn++) await runAlarms(site);
  const { checked, differing, kept } = after;
  return {
    checked: checked - before.checked,
    differing: differing - before.differing,
    kept: kept - before.kept,
    differedAt: after.differedAt,
  };
}

const change = (site: Site, what: string, where: string) =>
  env.DB.prepare(`${what} where site_id = ?1 and ${where}`)
    .bind(site.id)
    .run()
    .then(({ meta }) => meta.changes);

/** The page of a day gets another name. */
const plant = (day: number) => `update rollups set body = replace(body, '[["/day${day}"],[', '[["/planted"],[')`;

const faultsOf = (site: Site) => rollupFaults(env.DB, site, (shard) => shardOfSite(site, shard));

async function rowsOf(site: Site) {
  const statement =
    "select grain, bucket, panel, shard, version, body from rollups where site_id = ?1 order by 1, 2, 3, 4";
  return (await env.DB.prepare(statement).bind(site.id).all()).results;
}

const hasPlanted = async (site: Site) => JSON.stringify(await rowsOf(site)).includes("/planted");

/** As when its time is over: what the shard holds of a day around then is gone. */
async function loseDay(site: Site, noon: number): Promise<void> {
  const shard = shardOfSite(site);
  const lost = await runInDurableObject(shard, (_, { storage: { sql } }) => {
    const [start, end] = [noon - DAY_MS / 2, noon + DAY_MS / 2];
    return sql.exec("delete from segments where at_min >= ? and at_max < ?", start, end).rowsWritten;
  });
  expect(lost).toBeGreaterThan(0);
  await evictDurableObject(shard);
}

describe("the check of roll-ups", () => {
  it("finds what is wrong or missing, has the shard mend it, and finds nothing the next time", async () => {
    const site = await siteWithDays([0, 1], 2);
    expect(await checkAll(site)).toMatchObject({ differing: 0, kept: 0, differedAt: null });
    const faults = [
      [plant(1), "grain = 'hour' and panel = 'event:page'"],
      [plant(1), "grain = 'day' and panel = 'event:page'"],
      ["delete from rollups", `grain = 'hour' and panel = 'event:page' and body like '%"/day1"%'`],
    ] as const;
    for (const [what, where] of faults) {
      expect(await change(site, what, where)).toBeGreaterThan(0);
      expect((await faultsOf(site)).length).toBeGreaterThan(0);
      const found = await checkAll(site);
      expect(found.differing).toBeGreaterThan(0);
      expect(found.differedAt).toBeGreaterThan(NOON);
      expect(await faultsOf(site)).toEqual([]);
      expect(await hasPlanted(site)).toBe(false);
    }
    const { differedAt } = await checksOf(site);
    const again = await checkAll(site);
    expect(again).toMatchObject({ differing: 0, kept: 0, differedAt });
    // Two shards with a day and a half each, at the least.
    expect(again.checked).toBeGreaterThan(50);
  });

  it("leaves roll-ups of before the first event as they are and the day that was cut, and mends those after", async () => {
    const site = await siteWithDays([0, 1, 3]);
    const pages = "grain = 'hour' and panel = 'event:page'";
    const days = async () => (await rowsOf(site)).filter(({ bucket }) => Number(bucket) < NOON + 1.5 * DAY_MS);
    await loseDay(site, NOON);
    // Were it rolled up anew, this would show.
    expect(await change(site, plant(1), pages)).toBeGreaterThan(0);
    const before = await days();
    expect(JSON.stringify(before)).toContain("/planted");
    expect(await change(site, plant(3), pages)).toBeGreaterThan(0);
    expect(await checkAll(site)).toMatchObject({ differing: 1, kept: 0 });
    expect(await days()).toEqual(before);
    expect((await rowsOf(site)).filter(({ body }) => String(body).includes("/planted"))).toHaveLength(1);
    const date = new Date(NOON).toISOString().slice(0, 10);
    const { results } = await ask(site, { metrics: ["pageviews"], date_range: [date, date] });
    expect(results[0]?.metrics).toEqual([5]);
  });

  it("leaves roll-ups as they are whose events are gone from among others", async () => {
    const site = await siteWithDays([0, 1, 2]);
    const before = await rowsOf(site);
    await loseDay(site, NOON + DAY_MS);
    // The hour and the day.
    expect(await checkAll(site)).toMatchObject({ differing: 0, kept: 2 });
    expect(await rowsOf(site)).toEqual(before);
  });

  it("leaves the roll-ups of a shard without any event as they are", async () => {
    const site = await siteWithDays([0]);
    const before = await rowsOf(site);
    await loseDay(site, NOON);
    expect(await checkAll(site)).toMatchObject({ checked: 0, differing: 0 });
    expect(await rowsOf(site)).toEqual(before);
  });

  it("goes on where it was, with those that waited longest, and does not look at all in one run", async () => {
    const sites = [await siteWithDays([0]), await siteWithDays([0])];
    const looked = async () =>
      Promise.all(
        sites.map(async ({ id }) => {
          const statement = "select through from roll_checks where site_id = ?1";
          return (await env.DB.prepare(statement).bind(id).first<{ through: number | null }>())?.through ?? null;
        }),
      );
    await checkRollups.run(env, Date.now());
    const first = await looked();
    await checkRollups.run(env, Date.now() + 1000);
    expect(await looked()).not.toEqual(first);
    expect((await Promise.all(sites.map(checksOf))).every(({ checked }) => checked > 0)).toBe(true);
  });
});
