// A roll-up's row that is gone from D1: what is asked is answered at once by the shards, and nothing is counted anew of events
// that were removed.
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { bucketsTouched } from "../../durable-objects/site-shard/roll-calendar.ts";
import type { QueryInput, QueryResult } from "../../workers/domain/query.ts";
import type { Site } from "../../workers/domain/site.ts";
import { anEvent } from "../support/events.ts";
import { dateAt, LIVE_DAYS, runJobsOn, setRetention, siteWithHistory } from "./archived-site.ts";
import { append, hex } from "./watched-site.ts";
import { ask, createSite, DAY_MS, HOUR_MS, ok, runAlarms, setClock } from "./worker.ts";

vi.setConfig({ testTimeout: 180_000 });

afterEach(() => {
  vi.useRealTimers();
});

/** The clock goes back at this moment: a day of 25 hours. */
const SWITCH = Date.UTC(2026, 10, 1, 6);
const timeZone = "America/New_York";
const days = bucketsTouched([SWITCH - 2 * DAY_MS], SWITCH + DAY_MS, "day", timeZone);
const [first, second, switched] = days as [Day, Day, Day];
const DATES: [string, string] = ["2026-10-30", "2026-11-01"];

interface Day {
  start: number;
  end: number;
}

/** Events by day; at night nobody comes. */
const viewsOf = (day: Day) =>
  Array.from({ length: 120 }, (_, place) =>
    anEvent({
      name: place % 3 === 0 ? "order" : "pageview",
      path: `/p${place % 4}`,
      at: day.start + 9 * HOUR_MS + place * 5 * 60_000,
      visitorId: `${hex(place % 40)}${hex(place)}`,
    }),
  );

async function aSite(shards: number): Promise<Site> {
  setClock(first.start);
  const site = await createSite({ shards, timeZone });
  for (const day of days.slice(0, 3)) {
    setClock(day.end);
    await append(site, viewsOf(day));
    setClock(day.end + 2 * HOUR_MS);
    for (let turn = 0; turn < 5; turn++) await runAlarms(site);
  }
  return site;
}

const QUESTIONS: Partial<QueryInput>[] = [
  { metrics: ["visitors", "pageviews", "events"] },
  { metrics: ["pageviews", "events"], dimensions: ["time:day"] },
  { metrics: ["events"], dimensions: ["time:hour"] },
  { metrics: ["visitors", "events"], dimensions: ["event:page"] },
];

const askAll = (site: Site, date_range: [string, string]): Promise<QueryResult[]> =>
  Promise.all(QUESTIONS.map((question) => ask(site, { ...question, date_range })));

const sourcesOf = (answers: readonly QueryResult[]) => answers.map(({ meta }) => meta.source);
const resultsOf = (answers: readonly QueryResult[]) => answers.map(({ results }) => results);

async function remove(site: Site, where: string): Promise<void> {
  const { meta } = await env.DB.prepare(`delete from rollups where site_id = ?1 and ${where}`).bind(site.id).run();
  expect(meta.changes).toBeGreaterThan(0);
}

it.each([
  ["totals' row of a day of 25 hours", 2, `grain = 'day' and panel = 'totals' and bucket = ${switched.start}`, [0, 1]],
  [
    "an hour's row, the first of the two at one o'clock and busy ones",
    1,
    `grain = 'hour' and panel = 'totals' and bucket >= ${switched.start + HOUR_MS} and bucket < ${switched.end}`,
    [2],
  ],
  [
    "one shard's pages of a day",
    2,
    `shard = 1 and grain = 'day' and panel = 'event:page' and bucket = ${second.start}`,
    [3],
  ],
] as const)("without %s all is answered as before, by the shards as well", async (_, shards, where, touched) => {
  const site = await aSite(shards);
  // Nothing was asked before, so that nothing is held.
  await remove(site, where);
  const broken = await askAll(site, DATES);
  expect(broken[0]!.results[0]!.metrics.slice(1)).toEqual([240, 360]);
  expect(broken[1]!.results.map(({ metrics }) => metrics)).toEqual(days.slice(0, 3).map(() => [80, 120]));
  expect(sourcesOf(broken)).toEqual(
    QUESTIONS.map((__, place) => ((touched as readonly number[]).includes(place) ? "rollups_and_shards" : "rollups")),
  );
  // The same of a site of which no row is gone.
  const whole = await askAll(await aSite(shards), DATES);
  expect(sourcesOf(whole)).toEqual(["rollups", "rollups", "rollups", "rollups"]);
  expect(resultsOf(broken)).toEqual(resultsOf(whole));
  expect(whole.map(({ meta }) => meta.scanned)).toEqual([0, 0, 0, 0]);
});

it("of days that retention removed nothing is counted anew, where imports of before are there still", async () => {
  const site = await siteWithHistory({ shards: 1 });
  await setRetention(site, { events: 1 });
  const range: [string, string] = [dateAt(0), dateAt(LIVE_DAYS - 1)];
  const pages = { metrics: ["pageviews"], dimensions: ["event:page"] };
  // Not asked before, so that nothing of it is held.
  const sources = { metrics: ["pageviews"], dimensions: ["visit:source"] };
  const answered = (questions: object[]) =>
    ok<QueryResult[]>(
      "POST",
      "/api/v2/query",
      questions.map((question) => ({ site_id: site.id, date_range: range, ...question })),
    );
  const before = await answered([pages, { metrics: ["pageviews"], dimensions: ["time:day"] }]);
  await runJobsOn(60);
  for (let turn = 0; turn < 10; turn++) await runAlarms(site);
  const day = Date.parse(`${dateAt(1)}T00:00:00Z`);
  await remove(site, `grain = 'day' and panel = 'visit:source' and bucket = ${day}`);
  const after = await answered([pages, sources]);
  expect(sourcesOf(after)).toEqual(["rollups", "rollups"]);
  expect(after[0]!.results).toEqual(before[0]!.results);
  // The other days' rows, and nothing for the one that is gone.
  const byDay = before[1]!.results.map(({ metrics }) => Number(metrics[0]));
  const left = after[1]!.results.reduce((sum, { metrics }) => sum + Number(metrics[0]), 0);
  expect(left).toBe(byDay[0]! + byDay[2]!);
  expect(after.map(({ meta }) => meta.scanned)).toEqual([0, 0]);
});
