import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logTime, writtenTime } from "../../../workers/local/replay/times.ts";
import { wallClock } from "../../../workers/local/replay/wall-clock.ts";

const asUtc = (wallMs: number) => wallMs;

describe("a written time", () => {
  it.each([
    ["2026-11-21", "2026-11-21T00:00:00.000Z"],
    ["2026-11-21 10:11:12", "2026-11-21T10:11:12.000Z"],
    ["2026-11-21T10:11", "2026-11-21T10:11:00.000Z"],
    ["2026-11-21T10:11:12.345678Z", "2026-11-21T10:11:12.345Z"],
    ["2026-11-21 10:11:12 UTC", "2026-11-21T10:11:12.000Z"],
    ["2026-11-21T10:11:12+05:30", "2026-11-21T04:41:12.000Z"],
    ["2026-11-21T10:11:12-0800", "2026-11-21T18:11:12.000Z"],
    ["1700000000", "2023-11-14T22:13:20.000Z"],
    ["1700000000.5", "2023-11-14T22:13:20.500Z"],
    ["1700000000123", "2023-11-14T22:13:20.123Z"],
    ["1700000000123456", "2023-11-14T22:13:20.123Z"],
  ])("%s is %s", (text, iso) => {
    expect(new Date(writtenTime(text, asUtc) ?? 0).toISOString()).toBe(iso);
  });

  it.each(["", "yesterday", "2026-02-30", "12/31/2026", "17"])("%j is none", (text) => {
    expect(writtenTime(text, asUtc)).toBeNull();
  });
});

describe("the time of a log line", () => {
  it("is moved by its offset", () => {
    expect(logTime("31/Dec/2015:23:30:00 -0130")).toBe(Date.parse("2016-01-01T01:00:00Z"));
    expect(logTime("31/Dez/2015:23:30:00 +0000")).toBeNull();
  });
});

describe("a zone's wall clock", () => {
  it("gives back the moment of any time that it shows", () => {
    const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe");
    const moments = fc.integer({ min: 0, max: Date.UTC(2035, 0) });
    fc.assert(
      fc.property(zones, moments, (zone, moment) => {
        const clock = wallClock(zone);
        const wall = moment + clock.offset(moment);
        const back = clock.toUtc(wall);
        expect(back + clock.offset(back)).toBe(wall);
      }),
    );
  });

  it("takes the first of two equal times, and moves on from a time that does not exist", () => {
    const { toUtc } = wallClock("Europe/Berlin");
    expect(new Date(toUtc(Date.UTC(2026, 9, 25, 2, 30))).toISOString()).toBe("2026-10-25T00:30:00.000Z");
    expect(new Date(toUtc(Date.UTC(2026, 2, 29, 2, 30))).toISOString()).toBe("2026-03-29T01:30:00.000Z");
  });
});
