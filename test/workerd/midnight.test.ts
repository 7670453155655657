import { afterEach, expect, it, vi } from "vitest";
import {
  aView,
  createSite,
  DAY_MS,
  evictShards,
  from,
  HOUR_MS,
  rows,
  runAlarms,
  sendTaken,
  setClock,
} from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

const MINUTE_MS = 60_000;
const VISITORS = [1, 2, 3, 4, 5, 6, 7, 8];

it.each([
  [1, "UTC", 0],
  [3, "UTC", 0],
  [4, "Asia/Kolkata", 5.5],
])(
  "over midnight, on %i shards in %s, a visit goes on as one and a new one is another visitor's",
  async (shards, timeZone, offset) => {
    const site = await createSite({ shards, timeZone });
    const midnight = (Math.floor(Date.now() / DAY_MS) + 2) * DAY_MS - offset * HOUR_MS;
    const at = (minutes: number) => setClock(midnight + minutes * MINUTE_MS);
    const visits = async (who: number[], page: string) => {
      for (const visitor of who) await sendTaken(aView(site, { url: `https://example.com/${page}` }), from(visitor));
    };
    at(-50);
    await visits([1, 2, 3, 4], "left");
    at(-15);
    await visits([5, 6, 7, 8], "stayed");
    at(10);
    // The first four come back after an hour of silence, the others after 25 minutes.
    await visits(VISITORS, "after");
    await evictShards(site);
    at(12);
    await visits(VISITORS, "again");
    expect(await rows(site, { metrics: ["visitors", "visits", "pageviews"] })).toEqual([[12, 12, 24]]);
    // A visit counts on the day on which it began.
    expect(await rows(site, { metrics: ["visits", "pageviews"], dimensions: ["time:day"] })).toEqual(
      expect.arrayContaining([
        [expect.any(String), 8, 8],
        [expect.any(String), 4, 16],
      ]),
    );
    expect(await rows(site, { metrics: ["visits"], dimensions: ["visit:entry_page"] })).toEqual(
      expect.arrayContaining([
        ["/left", 4],
        ["/stayed", 4],
        ["/after", 4],
      ]),
    );
  },
);

it("a flagged retry that crosses the half hour after midnight is still a duplicate", async () => {
  const site = await createSite({ shards: 4 });
  const midnight = (Math.floor(Date.now() / DAY_MS) + 2) * DAY_MS;
  setClock(midnight - 5 * MINUTE_MS);
  for (const visitor of VISITORS) await sendTaken(aView(site), from(visitor));
  setClock(midnight + 20 * MINUTE_MS);
  for (const visitor of VISITORS) await sendTaken(aView(site, { id: `late-${visitor}` }), from(visitor));
  setClock(midnight + 31 * MINUTE_MS);
  await runAlarms(site);
  for (const visitor of VISITORS) {
    const again = await sendTaken(aView(site, { id: `late-${visitor}`, retry: true }), from(visitor));
    expect(again).toMatchObject({ accepted: 0, duplicate: 1 });
  }
  // Kept under yesterday's id: after 25 minutes of silence.
  expect(await rows(site, { metrics: ["visitors"] })).toEqual([[8]]);
});
