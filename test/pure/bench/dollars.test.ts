import { describe, expect, it } from "vitest";
import { dollarsPerMillion, freeDay, type Use } from "../../../bench/cost/dollars.ts";

const NOTHING: Use = {
  workerRequests: 0,
  objectRequests: 0,
  objectMs: 0,
  objectRowsRead: 0,
  objectRowsWritten: 0,
  d1RowsRead: 0,
  d1RowsWritten: 0,
};
const use: Use = { ...NOTHING, workerRequests: 1, objectRequests: 1, objectMs: 10, objectRowsWritten: 0.1 };
const month = {
  events: 10_000_000,
  use,
  cpuMicrosPerEvent: 100,
  fixed: NOTHING,
  watched: { perSecond: { ...NOTHING, objectMs: 2000 }, hoursADay: 0 },
  storage: { bytesPerEvent: 0, months: 0, d1Bytes: 0 },
};

describe("dollars per million events", () => {
  it("are the published prices times what an event uses", () => {
    const { total, ...parts } = dollarsPerMillion(month);
    expect(parts.workerRequests).toBeCloseTo(0.3);
    expect(parts.workerCpu).toBeCloseTo(0.002);
    expect(parts.objectRequests).toBeCloseTo(0.15);
    // 10 ms of 128 MB, a million times: 1,280 GB-s at $12.50 a million.
    expect(parts.objectDuration).toBeCloseTo(0.016);
    expect(parts.rowsWritten).toBeCloseTo(0.1);
    expect(total).toBeCloseTo(0.568);
    expect(parts.analyticsEngine).toBe(0.25);
  });

  it("spread what comes by the clock over the month's events", () => {
    const fixed = { ...NOTHING, d1RowsWritten: 1_000_000 };
    expect(dollarsPerMillion({ ...month, fixed }).rowsWritten).toBeCloseTo(0.1 + 0.1);
    const storage = { bytesPerEvent: 10, months: 10, d1Bytes: 1e9 };
    // A GB of objects at 0.20 and one of D1 at 0.75, for ten million events.
    expect(dollarsPerMillion({ ...month, storage }).storage).toBeCloseTo(0.095);
  });

  it("add the hours in which somebody watches", () => {
    const watched = { ...month.watched, hoursADay: 8 };
    // 240 hours of two objects of 128 MB: 221,184 GB-s.
    expect(dollarsPerMillion({ ...month, watched }).watching).toBeCloseTo(0.27648);
  });
});

describe("a day of the free plan", () => {
  const load = { ...NOTHING, workerRequests: 4, d1RowsRead: 1000 };

  it("ends where the first limit is reached, a dashboard load for each hundred events", () => {
    const day = freeDay({ use: { ...use, objectRowsWritten: 2 }, load, fixedADay: NOTHING });
    expect(day).toEqual({ events: 50_000, dashboards: 500, limit: "objectRowsWritten" });
  });

  it("begins with what comes by the clock", () => {
    const fixedADay = { ...NOTHING, objectRowsWritten: 90_000 };
    const day = freeDay({ use: { ...use, objectRowsWritten: 2 }, load, fixedADay });
    expect(day.events).toBe(5_000);
  });

  it("takes nothing where the clock alone takes all", () => {
    const fixedADay = { ...NOTHING, objectRowsWritten: 200_000 };
    expect(freeDay({ use, load, fixedADay }).events).toBe(0);
  });
});
