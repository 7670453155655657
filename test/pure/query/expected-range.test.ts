import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { bucketsOf } from "../../../workers/domain/period.ts";
import { calendarLoad } from "../../../workers/local/simulator/load.ts";
import { seededRandom } from "../../../workers/local/simulator/random.ts";
import { simulate } from "../../../workers/local/simulator/simulate.ts";
import { expectedRange, type WatchedGrain } from "../../../workers/query/expected-range.ts";
import { fixturesDir, readFixture } from "../../support/fixtures.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FROM = Date.UTC(2026, 0, 5);
const at = (day: number) => FROM + day * DAY_MS;

interface Watching {
  grain?: WatchedGrain;
  timeZone?: string;
  from: number;
  to: number;
  now?: number;
  unit?: "count" | "percent";
  isExceptional?: (at: number) => boolean;
}

/** The range over counts by UTC start of their bucket. */
function watched(counts: ReadonlyMap<number, number>, watching: Watching) {
  const { grain = "day", timeZone = "UTC", from, to, now = to, unit = "count", isExceptional } = watching;
  const starts = new Map(bucketsOf(FROM - DAY_MS, to, grain, timeZone).map(({ label, start }) => [label, start]));
  const valueAt = (label: string) => counts.get(starts.get(label) ?? Number.NaN) ?? 0;
  const days = isExceptional && { isExceptional };
  return expectedRange({ grain, timeZone, period: { from, to }, now, unit, ...days, valueAt });
}

const times = ({ points }: ReturnType<typeof watched>) =>
  points.filter(({ anomalous }) => anomalous).map(({ time, reason }) => `${time} ${reason}`);

/** Weekdays of about 400, weekends of about 250. */
function daily(days: number, change: (day: number, count: number) => number = (_, count) => count) {
  const random = seededRandom("expected days");
  const count = (day: number) => random.poisson(day % 7 < 5 ? 400 : 250);
  return new Map(Array.from({ length: days }, (_, day) => [at(day), change(day, count(day))]));
}

describe("what is expected of a metric", () => {
  it("names a day that is far below its weekday, in words, and its bounds hold the others", () => {
    const range = watched(
      daily(100, (day, count) => (day === 90 ? count * 0.4 : count)),
      { from: at(72), to: at(100) },
    );
    expect(times(range)).toEqual(["2026-04-05 drop"]);
    expect(range.points[18]).toMatchObject({ anomalous: true, why: "far below what this day of the week brings" });
    const outside = range.points.filter(({ value, low, high }) => value! < low! || value! > high!);
    expect(outside.length).toBeLessThanOrEqual(2);
    expect(range.points[18]!.value).toBeLessThan(range.points[18]!.low!);
  });

  describe("of a holiday, a Monday as quiet as a Sunday", () => {
    const HOLIDAY = 91;
    const isExceptional = (moment: number) => moment >= at(HOLIDAY) && moment < at(HOLIDAY + 1);
    const quiet = daily(100, (day, count) => (day === HOLIDAY ? count * 0.55 : count));
    const random = seededRandom("hours of a holiday");
    const hour = (place: number) => {
      const day = Math.floor(place / 24);
      const ofWeek = day % 7 < 5 && day !== HOLIDAY ? 400 : 240;
      return random.poisson(ofWeek * (1 + 0.8 * Math.sin(((place % 24) / 12) * Math.PI)));
    };
    const hourly = new Map(Array.from({ length: 100 * 24 }, (_, place) => [at(0) + place * HOUR_MS, hour(place)]));
    const [from, to] = [at(72), at(100)];

    it("is that it may be so, where it is known, by day and by hour", () => {
      expect(times(watched(quiet, { from, to }))).toEqual(["2026-04-06 drop"]);
      expect(times(watched(quiet, { from, to, isExceptional }))).toEqual([]);
      const byHour = { grain: "hour", from, to } as const;
      // Told once.
      expect(times(watched(hourly, byHour))).toHaveLength(1);
      expect(times(watched(hourly, { ...byHour, isExceptional }))).toEqual([]);
    });

    it("is that far less than on any day is still out of the ordinary, and so are the days beside it", () => {
      const broken = daily(100, (day, count) => (day === HOLIDAY || day === HOLIDAY + 2 ? count * 0.2 : count));
      expect(times(watched(broken, { from, to, isExceptional }))).toEqual(["2026-04-06 drop", "2026-04-08 drop"]);
    });
  });

  it("is not said of too short a history, which says how much is missing", () => {
    const range = watched(new Map([...daily(100)].filter(([start]) => start >= at(70))), { from: at(72), to: at(100) });
    expect(range.history).toEqual({ buckets: 30, needed: 42, missing: 12 });
    expect(range.points.every(({ expected, low, high }) => expected ?? low ?? high === null)).toBe(true);
    expect(times(range)).toEqual([]);
  });

  it("is said of nothing at all without an answer", () => {
    const range = watched(new Map(), { from: at(72), to: at(100) });
    expect(range.history).toEqual({ buckets: 0, needed: 42, missing: 42 });
    expect(range.points).toHaveLength(28);
  });

  it("is told for a day that still runs, which is not judged by the little that it has so far", () => {
    const range = watched(
      daily(100, (day, count) => (day === 99 ? 3 : count)),
      { from: at(72), to: at(99) + 2 * HOUR_MS },
    );
    const last = range.points.at(-1)!;
    expect(last).toMatchObject({ time: "2026-04-14", value: 3, anomalous: false, score: 0 });
    expect(last.low!).toBeGreaterThan(3);
  });

  it("has no bound below nothing, and of shares none above all", () => {
    const random = seededRandom("shares");
    const shares = new Map(Array.from({ length: 100 }, (_, day) => [at(day), 100 - random.poisson(2)]));
    const range = watched(shares, { from: at(72), to: at(100), unit: "percent" });
    expect(Math.max(...range.points.map(({ high }) => high!))).toBeLessThanOrEqual(100);
    const few = new Map(Array.from({ length: 100 }, (_, day) => [at(day), random.poisson(1) + 1]));
    expect(
      Math.min(...watched(few, { from: at(72), to: at(100) }).points.map(({ low }) => low!)),
    ).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ["a day of 23 hours", "2026-03-29", 23],
    ["a day of 25 hours", "2026-10-25", 25],
  ])("goes by local hours on %s", (_, day, hours) => {
    const timeZone = "Europe/Berlin";
    const random = seededRandom("hours in Berlin");
    const middle = Date.parse(day);
    const buckets = bucketsOf(middle - 70 * DAY_MS, middle + 20 * DAY_MS, "hour", timeZone);
    const counts = new Map(
      buckets.map(({ start, label }) => {
        const hour = Number(label.slice(11, 13));
        return [start, random.poisson(300 + 250 * Math.sin((hour / 24) * 2 * Math.PI))];
      }),
    );
    const range = watched(counts, { grain: "hour", timeZone, from: middle - 5 * DAY_MS, to: middle + 20 * DAY_MS });
    expect(range.points.filter(({ time }) => time.startsWith(day))).toHaveLength(hours);
    expect(times(range)).toEqual([]);
  });
});

describe.each([
  ["clean", 400],
  ["other", 1500],
] as const)("thirty clean days of the simulated site %s of %d visits a day", (seed, dailyVisits) => {
  const DAYS = 150;
  const calendar = calendarLoad({ seed, timeZone: "UTC", dailyVisits, from: FROM });
  // Campaigns and front pages are what should be found, and so none of a clean day.
  const visits = (slot: number) => ({ ...calendar.visits(slot), campaign: 0, "front-page": 0 });
  const events = [...simulate({ seed, from: FROM, to: at(DAYS), dailyVisits, load: { ...calendar, visits } })];
  const counted = (unit: number) =>
    new Map(
      [...Map.groupBy(events, (event) => Math.floor((event.at - FROM) / unit))].map(([place, of]) => [
        FROM + place * unit,
        of.length,
      ]),
    );

  it.each(["hour", "day"] as const)("raise at most one anomaly by %s", (grain) => {
    const counts = counted(grain === "hour" ? HOUR_MS : DAY_MS);
    for (const first of [60, 90, 120]) {
      expect(times(watched(counts, { grain, from: at(first), to: at(first + 30) })).length).toBeLessThanOrEqual(1);
    }
  });
});

describe.skipIf(!fixturesDir)("real daily visits", () => {
  const rows: Record<string, string>[] = fixturesDir
    ? parse(readFixture("forecast/analytics_usa_gov_daily_visits_shared.csv"), { columns: true })
    : [];
  /** Their outbreaks: World AIDS Day, a new form for students, news of December. */
  const OUTBREAKS = ["agency_international_development", "education", "national_science_foundation"];

  it("raise at most one anomaly in all between Thanksgiving and Christmas, over the agencies without an outbreak", () => {
    const agencies = Object.keys(rows[0] ?? {}).filter((name) => name !== "date" && !OUTBREAKS.includes(name));
    const found = agencies.flatMap((agency) => {
      const values = new Map(rows.map((row) => [row.date, Number(row[agency])]));
      const period = { from: Date.parse("2023-11-27"), to: Date.parse("2023-12-23") };
      const valueAt = (label: string) => values.get(label) ?? null;
      const range = { grain: "day", timeZone: "UTC", period, now: period.to, unit: "count", valueAt } as const;
      return times(expectedRange(range)).map((time) => `${agency} ${time}`);
    });
    expect(agencies).toHaveLength(11);
    expect(found.length, found.join()).toBeLessThanOrEqual(1);
  });
});
