import { describe, expect, it } from "vitest";
import { SeasonalForecast } from "../../../workers/stats/seasonal-forecast.ts";

const HOUR_MS = 3_600_000;
const WEEK = 168;

function fed(valueAt: (hour: number) => number, hours: number, offsetAt = (_: number) => 0) {
  const forecast = new SeasonalForecast({ intervalMs: HOUR_MS, offsetAt });
  for (let hour = 0; hour < hours; hour++) forecast.learn(hour * HOUR_MS, valueAt(hour));
  return (hour: number) => forecast.at(hour * HOUR_MS);
}

const weekly = (hour: number) => 100 + (hour % WEEK);

describe("a seasonal forecast", () => {
  it("repeats a series that repeats itself each week, for weeks ahead", () => {
    const at = fed(weekly, 3 * WEEK);
    for (const ahead of [0, 1, 23, 100, WEEK, 5 * WEEK + 17]) {
      expect(at(3 * WEEK + ahead)).toBe(weekly(3 * WEEK + ahead));
    }
  });

  it("repeats days while there are no two weeks, and says nothing of the first two days", () => {
    const daily = (hour: number) => hour % 24;
    expect(fed(daily, 24)(30)).toBeNull();
    expect(fed(daily, 72)(72 + 5)).toBe(5);
  });

  it("takes the middle of the weeks, so that one outage does not matter", () => {
    const at = fed((hour) => (Math.floor(hour / WEEK) === 2 && hour % WEEK < 12 ? 0 : weekly(hour)), 4 * WEEK);
    expect(at(4 * WEEK + 3)).toBe(weekly(3));
  });

  it("follows a new level within a day", () => {
    const at = fed((hour) => weekly(hour) + (hour >= 4 * WEEK ? 50 : 0), 4 * WEEK + 24);
    expect(at(4 * WEEK + 30)).toBe(weekly(30) + 50);
  });

  it("is never below zero where nothing was", () => {
    const falling = (hour: number) => 300 - (hour % WEEK);
    expect(fed((hour) => (hour < 2 * WEEK ? falling(hour) : 0), 2 * WEEK + 24)(2 * WEEK + 100)).toBe(0);
  });

  it("takes hours of local time", () => {
    // Clocks go on by an hour after three weeks: what came at 5 comes at 5 local time, an hour earlier.
    const changed = 3 * WEEK;
    const offsetAt = (at: number) => (at >= changed * HOUR_MS ? HOUR_MS : 0);
    expect(fed(weekly, changed, offsetAt)(changed + 4)).toBe(weekly(5));
  });
});
