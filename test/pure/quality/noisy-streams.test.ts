// Falls and gaps planted into traffic that goes up and down by itself: what share of them is found, and what is found without.
import { describe, expect, it } from "vitest";
import { calendarLoad } from "../../../workers/local/simulator/load.ts";
import { simulate } from "../../../workers/local/simulator/simulate.ts";
import { gaps } from "../../../workers/quality/streams/gap.ts";
import { hourDrop, volumeDrop } from "../../../workers/quality/streams/volume-drop.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2031, 5, 2);
const DAYS = 30;
const dayEnds = Array.from({ length: DAYS }, (_, day) => START + (day + 1) * DAY_MS);

function momentsOf(seed: string, dailyVisits: number): number[] {
  const events = simulate({ seed, from: START - 35 * DAY_MS, to: START + DAYS * DAY_MS, dailyVisits });
  return [...events].filter(({ name }) => name !== "engagement").map(({ at }) => at);
}

function hoursOf(moments: readonly number[], end = START + DAYS * DAY_MS): Map<number, number> {
  const hours = new Map<number, number>();
  for (let at = START - 35 * DAY_MS; at < end; at += HOUR_MS) hours.set(at, 0);
  for (const at of moments) {
    const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
    if (hours.has(hour)) hours.set(hour, hours.get(hour)! + 1);
  }
  return hours;
}

const SITES = [
  ["clean", 250],
  ["a", 250],
] as const;

describe.each(SITES)("the simulated site %s of %i visits a day", (seed, dailyVisits) => {
  const moments = momentsOf(seed, dailyVisits);
  const hours = hoursOf(moments);

  it("has at most one finding in 30 days", () => {
    const days = dayEnds.flatMap((end) => volumeDrop(hours, end));
    const byHour = dayEnds.flatMap((end) =>
      Array.from({ length: 24 }, (_, back) => end - back * HOUR_MS).flatMap(
        (at) => hourDrop(new Map([...hours].filter(([hour]) => hour < at)), at) ?? [],
      ),
    );
    expect([...days, ...byHour, ...gaps(hours, START, START + DAYS * DAY_MS)].length).toBeLessThanOrEqual(1);
  });

  it.each([0, 15, 30, 45])("tells two silent hours that begin %i minutes past the hour", (minutes) => {
    let [found, planted] = [0, 0];
    for (const end of dayEnds) {
      for (const hour of [10, 15]) {
        const from = end - DAY_MS + hour * HOUR_MS + minutes * 60_000;
        const to = from + 2 * HOUR_MS;
        const left = hoursOf(
          moments.filter((at) => at < from || at >= to),
          end,
        );
        planted++;
        if (gaps(left, end - DAY_MS, end).some((gap) => gap.from < to && gap.to > from)) found++;
      }
    }
    expect(found).toBeGreaterThanOrEqual(0.9 * planted);
  });
});

/** Days on which a campaign or a front page brings a tenth more: less by 40 percent is then near what is usual. */
function ordinaryDays(seed: string, dailyVisits: number): number[] {
  const load = calendarLoad({ seed, timeZone: "UTC", dailyVisits, from: START - 35 * DAY_MS });
  return dayEnds.filter((end) => {
    const hours = Array.from({ length: 24 }, (_, back) => load.visits(end - (back + 1) * HOUR_MS));
    const base = hours.reduce((sum, hour) => sum + hour.base, 0);
    return hours.reduce((sum, hour) => sum + hour.campaign + hour["front-page"], 0) <= 0.1 * base;
  });
}

/** With so much less from `from` on. */
const fallen = (hours: ReadonlyMap<number, number>, from: number): Map<number, number> =>
  new Map([...hours].map(([at, count]) => [at, at >= from ? Math.round(0.6 * count) : count]));

describe.each([
  [250, ["one", "two", "three", "four"], 0.8],
  [1000, ["one", "two"], 0.95],
] as const)("of simulated sites of %i visits a day", (dailyVisits, seeds, least) => {
  const sites = seeds.map((seed) => ({ seed, hours: hoursOf(momentsOf(seed, dailyVisits)) }));

  it(`40 percent less is told with the day on ${100 * least} percent of the ordinary days, and no clean day is told`, () => {
    let [told, planted] = [0, 0];
    for (const { seed, hours } of sites) {
      expect(dayEnds.flatMap((end) => volumeDrop(hours, end))).toEqual([]);
      for (const end of ordinaryDays(seed, dailyVisits)) {
        planted++;
        told += volumeDrop(fallen(hours, end - DAY_MS), end).length;
      }
    }
    expect(planted).toBeGreaterThan(20 * sites.length);
    expect(told).toBeGreaterThanOrEqual(least * planted);
  });

  it("what is told goes on being told, and a new level is usual after three weeks", () => {
    const told = sites.flatMap(({ seed, hours }) => {
      const ends = ordinaryDays(seed, dailyVisits);
      const first = ends.find((end) => volumeDrop(fallen(hours, end - DAY_MS), end).length > 0)!;
      expect(first).toBeLessThan(START + 8 * DAY_MS);
      const since = first - DAY_MS;
      const low = fallen(hours, since);
      const isTold = (end: number) => volumeDrop(low, end, { wrongSince: since }).length > 0;
      expect(ends.filter((end) => end > since + 21 * DAY_MS && isTold(end))).toEqual([]);
      return ends.filter((end) => end > first && end <= since + 14 * DAY_MS).map(isTold);
    });
    expect(told.filter((isTold) => isTold).length).toBeGreaterThanOrEqual(least * told.length);
  });
});
