// Falls and gaps planted into traffic that goes up and down by itself: what share of them is found, and what is found without.
import { describe, expect, it } from "vitest";
import { localOffset } from "../../../workers/domain/local-offset.ts";
import { calendarLoad } from "../../../workers/local/simulator/load.ts";
import { simulate } from "../../../workers/local/simulator/simulate.ts";
import { gaps } from "../../../workers/quality/streams/gap.ts";
import { hourDrop, volumeDrop } from "../../../workers/quality/streams/volume-drop.ts";
import { memoryOf } from "../../../workers/quality/usual-hour.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2031, 5, 2);
const DAYS = 30;
const dayEnds = Array.from({ length: DAYS }, (_, day) => START + (day + 1) * DAY_MS);

function momentsOf(seed: string, dailyVisits: number): number[] {
  const events = simulate({ seed, from: START - 35 * DAY_MS, to: START + DAYS * DAY_MS, dailyVisits });
  return [...events].filter(({ name }) => name !== "engagement").map(({ at }) => at);
}

const inUtc = (hours: ReadonlyMap<number, number>) => memoryOf(hours, "UTC");

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
    const days = dayEnds.flatMap((end) => volumeDrop(inUtc(hours), end));
    const byHour = dayEnds.flatMap((end) =>
      Array.from({ length: 24 }, (_, back) => end - back * HOUR_MS).flatMap(
        (at) => hourDrop(inUtc(new Map([...hours].filter(([hour]) => hour < at))), at) ?? [],
      ),
    );
    expect([...days, ...byHour, ...gaps(inUtc(hours), START, START + DAYS * DAY_MS)].length).toBeLessThanOrEqual(1);
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
        if (gaps(inUtc(left), end - DAY_MS, end).some((gap) => gap.from < to && gap.to > from)) found++;
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
      expect(dayEnds.flatMap((end) => volumeDrop(inUtc(hours), end))).toEqual([]);
      for (const end of ordinaryDays(seed, dailyVisits)) {
        planted++;
        told += volumeDrop(inUtc(fallen(hours, end - DAY_MS)), end).length;
      }
    }
    expect(planted).toBeGreaterThan(20 * sites.length);
    expect(told).toBeGreaterThanOrEqual(least * planted);
  });

  it("what is told goes on being told, and a new level is usual after three weeks", () => {
    const told = sites.flatMap(({ seed, hours }) => {
      const ends = ordinaryDays(seed, dailyVisits);
      const first = ends.find((end) => volumeDrop(inUtc(fallen(hours, end - DAY_MS)), end).length > 0)!;
      expect(first).toBeLessThan(START + 8 * DAY_MS);
      const since = first - DAY_MS;
      const low = fallen(hours, since);
      const isTold = (end: number) => volumeDrop(inUtc(low), end, { wrongSince: since }).length > 0;
      expect(ends.filter((end) => end > since + 21 * DAY_MS && isTold(end))).toEqual([]);
      return ends.filter((end) => end > first && end <= since + 14 * DAY_MS).map(isTold);
    });
    expect(told.filter((isTold) => isTold).length).toBeGreaterThanOrEqual(least * told.length);
  });
});

/** What comes in the ten hours that an office is open, so that an hour's shift is a fall and a gap. */
function officeHours(timeZone: string, changes: number): Map<number, number> {
  const offsetAt = localOffset(timeZone);
  const from = changes - 40 * DAY_MS;
  const hours = new Map<number, number>();
  for (let at = from; at < changes + 21 * DAY_MS; at += HOUR_MS) hours.set(at, 0);
  for (const { at: local, name } of simulate({ seed: timeZone, from, to: changes + 22 * DAY_MS, dailyVisits: 3000 })) {
    const isOffice = new Date(local).getUTCHours() >= 8 && new Date(local).getUTCHours() < 18;
    const hour = Math.floor((local - offsetAt(local)) / HOUR_MS) * HOUR_MS;
    if (name !== "engagement" && isOffice && hours.has(hour)) hours.set(hour, hours.get(hour)! + 1);
  }
  return hours;
}

describe.each([
  ["Europe/Berlin", Date.UTC(2031, 9, 26)],
  ["America/New_York", Date.UTC(2031, 2, 9)],
])("a site of office hours in %s", (timeZone, changes) => {
  const hours = officeHours(timeZone, changes);
  const looksOf = (memory: ReturnType<typeof memoryOf>) => {
    const ends = Array.from({ length: 14 * 24 }, (_, hour) => changes + (hour + 24) * HOUR_MS);
    const silent = gaps(memory, changes, ends.at(-1)!);
    return [...ends.flatMap((end) => hourDrop(memory, end) ?? []), ...silent];
  };

  it("has no fall and no gap in the weeks after its clocks are changed", () => {
    expect(looksOf(inUtc(hours)).length).toBeGreaterThan(10);
    expect(looksOf(memoryOf(hours, timeZone)).length).toBeLessThanOrEqual(1);
  });

  it("has one where there is one", () => {
    const from = changes + 3 * DAY_MS + 15 * HOUR_MS;
    const left = new Map([...hours].map(([at, count]) => [at, at >= from && at < from + 2 * HOUR_MS ? 0 : count]));
    expect(gaps(memoryOf(left, timeZone), changes, from + DAY_MS)).toMatchObject([{ from, to: from + 2 * HOUR_MS }]);
  });
});

describe("a newsletter each second week", () => {
  const isSent = (at: number) => {
    const days = Math.floor((at - START) / DAY_MS);
    return (days % 14 === 8 || days % 14 === -6) && [9, 10, 11].includes(new Date(at).getUTCHours());
  };
  const hours = new Map([...hoursOf(momentsOf("a", 1000))].map(([at, count]) => [at, isSent(at) ? count * 8 : count]));

  it("does not make the weeks between look poor", () => {
    const sent = [...hours.keys()].filter(isSent);
    expect(sent.length).toBe(3 * 5);
    const days = dayEnds.flatMap((end) => volumeDrop(inUtc(hours), end));
    const after = dayEnds.flatMap((end) =>
      [9, 10, 11, 12].flatMap((hour) => hourDrop(inUtc(hours), end - DAY_MS + (hour + 1) * HOUR_MS) ?? []),
    );
    expect([...days, ...after]).toEqual([]);
  });

  it("does not hide a day on which next to nothing came", () => {
    const end = dayEnds.find((one) =>
      [...hours.keys()].filter(isSent).includes(one - DAY_MS + 9 * HOUR_MS - 7 * DAY_MS),
    )!;
    const left = new Map([...hours].map(([at, count]) => [at, at >= end - DAY_MS && at < end ? count * 0.3 : count]));
    expect(volumeDrop(inUtc(left), end)).toMatchObject([{ fault: "volume_drop" }]);
  });
});

describe("a site that grows by three percent a day", () => {
  const hours = new Map(
    [...hoursOf(momentsOf("a", 250))].map(([at, count]) => [
      at,
      Math.round(count * 1.03 ** ((at - START) / DAY_MS + 35)),
    ]),
  );

  it("is well, and 40 percent less on a day is told", () => {
    expect(dayEnds.flatMap((end) => volumeDrop(inUtc(hours), end))).toEqual([]);
    const days = ordinaryDays("a", 1000);
    const told = days.filter((end) => volumeDrop(inUtc(fallen(hours, end - DAY_MS)), end).length > 0);
    expect(told.length).toBeGreaterThanOrEqual(0.75 * days.length);
  });
});
