import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, isDay, localDay, localStamp, monthEnd, monthStart, spanDays } from "../../dashboard/state/days.ts";
import {
  bucketPeriod,
  type Calendar,
  calendarOf,
  comparisonKnownFrom,
  dateRange,
  daysOf,
  grainOf,
  grainsOf,
  includesToday,
  type Period,
  PRESETS,
  type PresetName,
  shiftPeriod,
} from "../../dashboard/state/periods.ts";

const calendar: Calendar = { today: "2026-11-21", firstDay: "2024-05-10" };
const custom = (from: string, to: string): Period => ({ name: "custom", from, to });
const names = Object.keys(PRESETS) as PresetName[];

describe("local dates", () => {
  it("are the site's and not the browser's", () => {
    const at = Date.UTC(2026, 10, 21, 3, 30);
    expect(localDay(at, "America/New_York")).toBe("2026-11-20");
    expect(localStamp(at, "Asia/Kathmandu")).toBe("2026-11-21 09:15:00");
    expect(localStamp(Date.UTC(2026, 0, 1), "UTC")).toBe("2026-01-01 00:00:00");
  });

  it("step over months, leap days and years", () => {
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(monthStart("2026-01-31", -1)).toBe("2025-12-01");
    expect(monthEnd("2027-02-03")).toBe("2027-02-28");
  });

  it("count a span with both its ends", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), (count) => {
        expect(spanDays("2026-03-01", addDays("2026-03-01", count))).toBe(count + 1);
      }),
    );
  });

  it("know a date from something that looks like one", () => {
    expect(isDay("2026-02-28")).toBe(true);
    expect(isDay("2026-02-30")).toBe(false);
    expect(isDay("tomorrow")).toBe(false);
  });
});

describe("periods", () => {
  it("ask the API by its own names where it has them, else by dates", () => {
    expect(dateRange({ name: "today" }, calendar.today)).toBe("day");
    expect(dateRange({ name: "yesterday" }, calendar.today)).toEqual(["2026-11-20", "2026-11-20"]);
    expect(dateRange({ name: "last-month" }, calendar.today)).toEqual(["2026-10-01", "2026-10-31"]);
    expect(dateRange(custom("2026-01-02", "2026-01-05"), calendar.today)).toEqual(["2026-01-02", "2026-01-05"]);
  });

  it("begin all of time with the site's first event", () => {
    const since = calendarOf({ timeZone: "UTC", since: Date.UTC(2025, 6, 1) }, Date.UTC(2026, 10, 21, 12));
    expect(daysOf({ name: "all" }, since)).toEqual(["2025-07-01", "2026-11-21"]);
  });

  it("know whether they are still growing", () => {
    expect(names.filter((name) => !includesToday({ name }, calendar))).toEqual(["yesterday", "last-month"]);
  });

  it("always have a grain, and it is one of those offered", () => {
    for (const name of names) {
      for (const chosen of ["auto", "hour", "day", "week", "month"] as const) {
        expect(grainsOf({ name }, calendar)).toContain(grainOf(chosen, { name }, calendar));
      }
    }
    expect(grainOf("auto", { name: "today" }, calendar)).toBe("hour");
    expect(grainOf("auto", { name: "28d" }, calendar)).toBe("day");
    expect(grainOf("auto", { name: "12mo" }, calendar)).toBe("month");
    expect(grainOf("week", { name: "today" }, calendar)).toBe("hour");
  });
});

describe("stepping to the period before and after", () => {
  it("goes by days, months and years as people mean them", () => {
    expect(shiftPeriod({ name: "today" }, -1, calendar)).toEqual({ name: "yesterday" });
    expect(shiftPeriod({ name: "7d" }, -1, calendar)).toEqual(custom("2026-11-08", "2026-11-14"));
    expect(shiftPeriod({ name: "month" }, -1, calendar)).toEqual({ name: "last-month" });
    expect(shiftPeriod({ name: "last-month" }, -1, calendar)).toEqual(custom("2026-09-01", "2026-09-30"));
    expect(shiftPeriod({ name: "last-month" }, 1, calendar)).toEqual({ name: "month" });
    expect(shiftPeriod({ name: "year" }, -1, calendar)).toEqual(custom("2025-01-01", "2025-12-31"));
  });

  it("does not go into the future, nor anywhere from all of time", () => {
    for (const name of names.filter((one) => includesToday({ name: one }, calendar))) {
      expect(shiftPeriod({ name }, 1, calendar)).toBeNull();
    }
    expect(shiftPeriod({ name: "all" }, -1, calendar)).toBeNull();
  });

  it("comes back to the same days by a step back and a step forward", () => {
    const past = fc.integer({ min: 1, max: 900 });
    fc.assert(
      fc.property(past, fc.integer({ min: 0, max: 60 }), (ago, length) => {
        const to = addDays(calendar.today, -ago);
        const period = custom(addDays(to, -length), to);
        const there = shiftPeriod(period, -1, calendar);
        const back = there && shiftPeriod(there, 1, calendar);
        expect(back && daysOf(back, calendar)).toEqual(daysOf(period, calendar));
      }),
    );
  });
});

describe("a click on a bucket", () => {
  it("opens its days, cut at today", () => {
    expect(bucketPeriod("2026-11-03", "day", calendar)).toEqual(custom("2026-11-03", "2026-11-03"));
    expect(bucketPeriod("2026-11-20", "day", calendar)).toEqual({ name: "yesterday" });
    expect(bucketPeriod("2026-11-16", "week", calendar)).toEqual(custom("2026-11-16", "2026-11-21"));
    expect(bucketPeriod("2026-11-01", "month", calendar)).toEqual({ name: "month" });
  });

  it("opens nothing finer than an hour", () => {
    expect(bucketPeriod("2026-11-20 14:00:00", "hour", calendar)).toBeNull();
  });
});

describe("what a period is compared with", () => {
  const young: Calendar = { today: "2026-11-21", firstDay: "2026-10-20" };

  it("is named as far as it is known, where that is a part of it", () => {
    expect(comparisonKnownFrom({ name: "28d" }, "previous", young)).toBe("2026-10-20");
    expect(comparisonKnownFrom(custom("2026-11-01", "2026-11-10"), "previous", young)).toBeNull();
    expect(comparisonKnownFrom(custom("2026-10-20", "2026-10-26"), "previous", young)).toBeNull();
    expect(comparisonKnownFrom({ name: "28d" }, "year", young)).toBeNull();
    expect(comparisonKnownFrom({ name: "28d" }, "year", { ...young, firstDay: "2025-11-01" })).toBe("2025-11-01");
    expect(comparisonKnownFrom({ name: "28d" }, "previous", calendar)).toBeNull();
  });
});
