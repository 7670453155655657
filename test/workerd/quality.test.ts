import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Event } from "../../workers/domain/event.ts";
import type { Site } from "../../workers/domain/site.ts";
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
import { createSite, HOUR_MS, setClock } from "./worker.ts";

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
    const [from, to] = [dayStart(0) + 6 * HOUR_MS, dayStart(0) + 8 * HOUR_MS];
    const silent = aDay(0, (at) => (at >= from && at < to ? 0 : usualCount(at)));
    // The gap itself is over by then.
    expect(await checkAfter(site, silent)).toEqual(["incomplete events"]);
    const found = (await findingsOf(site)).filter(({ fault }) => fault === "gap");
    expect(found).toMatchObject([{ subject: "events", from, to, found: 0 }]);
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
});
