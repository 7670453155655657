import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bucketsOf,
  type ComparisonMode,
  comparisonPeriod,
  type DateRange,
  GRAINS,
  grainOf,
  type Period,
  periodOf,
} from "../../../workers/domain/period.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NEW_YORK = "America/New_York";
const now = Date.parse("2026-11-21T15:04:05Z");

const utc = (text: string) => Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
const iso = ({ from, to }: Period) => [from, to].map((at) => new Date(at).toISOString().slice(0, 16));

function period(range: DateRange, timeZone = "UTC", at = now): Period {
  const found = periodOf(range, { now: at, timeZone });
  if ("problem" in found) throw new Error(found.problem);
  return found;
}

function dayBuckets(date: string, timeZone: string, grain: "hour" | "day" = "hour") {
  const { from, to } = period([date, date], timeZone);
  return bucketsOf(from, to, grain, timeZone);
}

describe("a date range", () => {
  it.each<[DateRange, string, string]>([
    ["day", "2026-11-21T00:00", "2026-11-22T00:00"],
    ["24h", "2026-11-20T15:05", "2026-11-21T15:05"],
    ["7d", "2026-11-15T00:00", "2026-11-22T00:00"],
    ["28d", "2026-10-25T00:00", "2026-11-22T00:00"],
    ["30d", "2026-10-23T00:00", "2026-11-22T00:00"],
    ["91d", "2026-08-23T00:00", "2026-11-22T00:00"],
    ["month", "2026-11-01T00:00", "2026-12-01T00:00"],
    ["6mo", "2026-06-01T00:00", "2026-12-01T00:00"],
    ["12mo", "2025-12-01T00:00", "2026-12-01T00:00"],
    ["year", "2026-01-01T00:00", "2027-01-01T00:00"],
    [["2026-11-01", "2026-11-03"], "2026-11-01T00:00", "2026-11-04T00:00"],
    [["2026-11-01T12:00:00+02:00", "2026-11-01T15:30:00+02:00"], "2026-11-01T10:00", "2026-11-01T13:30"],
  ])("%j covers what it says", (range, from, to) => {
    expect(iso(period(range))).toEqual([from, to]);
  });

  it("begins and ends at local midnight, over a change of clocks too", () => {
    expect(iso(period("month", NEW_YORK))).toEqual(["2026-11-01T04:00", "2026-12-01T05:00"]);
    expect(iso(period("day", "Asia/Kathmandu"))).toEqual(["2026-11-20T18:15", "2026-11-21T18:15"]);
  });

  it("of all begins with the first event's day", () => {
    const found = periodOf("all", { now, timeZone: "UTC", earliest: utc("2026-01-05T09:00:00Z") });
    expect(found).toEqual({ from: utc("2026-01-05"), to: utc("2026-11-22") });
    expect(period("all")).toEqual(period("day"));
  });

  it.each<[DateRange]>([[["2026-02-30", "2026-03-01"]], [["2026-03-02", "2026-03-01"]]])("%j is refused", (range) => {
    expect(periodOf(range, { now, timeZone: "UTC" })).toHaveProperty("problem");
  });
});

describe("the period to compare with", () => {
  const compared = (range: DateRange, mode: ComparisonMode = "previous_period", timeZone = "UTC") => {
    const found = comparisonPeriod(range, period(range, timeZone), { compared: { mode }, timeZone });
    return found && "from" in found ? iso(found) : found;
  };

  it("is as long, or the calendar's one before", () => {
    expect(compared("day")).toEqual(["2026-11-20T00:00", "2026-11-21T00:00"]);
    expect(compared("7d")).toEqual(["2026-11-08T00:00", "2026-11-15T00:00"]);
    expect(compared("24h")).toEqual(["2026-11-19T15:05", "2026-11-20T15:05"]);
    expect(compared("month")).toEqual(["2026-10-01T00:00", "2026-11-01T00:00"]);
    expect(compared("year")).toEqual(["2025-01-01T00:00", "2026-01-01T00:00"]);
    expect(compared(["2026-11-10", "2026-11-12"])).toEqual(["2026-11-07T00:00", "2026-11-10T00:00"]);
    expect(compared("all")).toBeNull();
  });

  it("goes by local dates when the clocks change between", () => {
    const range: DateRange = ["2026-11-01", "2026-11-01"];
    expect(compared(range, "previous_period", NEW_YORK)).toEqual(["2026-10-31T04:00", "2026-11-01T04:00"]);
  });

  it("a year before has the same local dates", () => {
    expect(compared("day", "year_over_year")).toEqual(["2025-11-21T00:00", "2025-11-22T00:00"]);
    const leap = { from: utc("2028-02-29"), to: utc("2028-03-01") };
    const found = comparisonPeriod(["2028-02-29", "2028-02-29"], leap, {
      compared: { mode: "year_over_year" },
      timeZone: "UTC",
    });
    expect(found && "from" in found && iso(found)).toEqual(["2027-02-28T00:00", "2027-03-01T00:00"]);
  });
});

describe("hours of a day", () => {
  it("are 23 when clocks go forward and 25 when they go back, each label once", () => {
    const spring = dayBuckets("2026-03-08", NEW_YORK).map(({ label }) => label.slice(11));
    expect(spring).toHaveLength(23);
    expect(spring).not.toContain("02:00:00");
    const autumn = dayBuckets("2026-11-01", NEW_YORK).map(({ label }) => label.slice(11));
    expect(autumn).toHaveLength(25);
    expect(autumn.slice(0, 4)).toEqual(["00:00:00", "01:00:00", "01:00:00-05:00", "02:00:00"]);
    expect(dayBuckets("2026-10-25", "Europe/London")).toHaveLength(25);
  });

  it("follow the half hour by which Lord Howe moves its clocks", () => {
    const lengths = (date: string) => {
      const buckets = dayBuckets(date, "Australia/Lord_Howe");
      const { to } = period([date, date], "Australia/Lord_Howe");
      return buckets.map(({ start, label }, index) => [
        label.slice(11),
        ((buckets[index + 1]?.start ?? to) - start) / HOUR,
      ]);
    };
    expect(lengths("2026-04-05").slice(1, 4)).toEqual([
      ["01:00:00", 1],
      ["01:00:00+10:30", 0.5],
      ["02:00:00", 1],
    ]);
    expect(lengths("2026-10-04").slice(1, 4)).toEqual([
      ["01:00:00", 1],
      ["02:00:00", 0.5],
      ["03:00:00", 1],
    ]);
  });

  it("begin at the local full hour in zones of 45 minutes", () => {
    const first = dayBuckets("2026-11-21", "Asia/Kathmandu")[0]!;
    expect(first).toEqual({ start: utc("2026-11-20T18:15:00Z"), label: "2026-11-21 00:00:00" });
  });
});

describe("days", () => {
  it("leave out the date that Apia skipped", () => {
    const { from, to } = period(["2011-12-29", "2011-12-31"], "Pacific/Apia");
    const buckets = bucketsOf(from, to, "day", "Pacific/Apia");
    expect(buckets.map(({ label }) => label)).toEqual(["2011-12-29", "2011-12-31"]);
    expect(to - from).toBe(2 * DAY);
  });

  it("begin at the first moment there is where midnight is skipped", () => {
    const [day] = dayBuckets("2018-11-04", "America/Sao_Paulo", "day");
    expect(day).toEqual({ start: utc("2018-11-04T03:00:00Z"), label: "2018-11-04" });
    expect(dayBuckets("2018-11-04", "America/Sao_Paulo")[0]!.label).toBe("2018-11-04 01:00:00");
  });
});

describe("weeks and months", () => {
  it("begin on Monday and on the first, before the period if need be", () => {
    const { from, to } = period(["2026-11-18", "2026-12-02"]);
    expect(bucketsOf(from, to, "week", "UTC").map(({ label }) => label)).toEqual([
      "2026-11-16",
      "2026-11-23",
      "2026-11-30",
    ]);
    expect(bucketsOf(from, to, "month", "UTC").map(({ label }) => label)).toEqual(["2026-11-01", "2026-12-01"]);
  });
});

describe("buckets of any period", () => {
  const zones = [
    "UTC",
    NEW_YORK,
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Africa/Casablanca",
  ];
  const spans = { minute: 3 * HOUR, hour: 5 * DAY, day: 100 * DAY, week: 300 * DAY, month: 900 * DAY };

  function localLabel(at: number, timeZone: string): string {
    const options = { timeZone, hourCycle: "h23", dateStyle: "short", timeStyle: "medium" } as const;
    return new Intl.DateTimeFormat("sv-SE", options).format(at);
  }

  it("follow each other without gap, cover it, and say what a wall clock says", () => {
    const cases = fc.property(
      fc.integer({ min: utc("2011-01-01"), max: utc("2027-01-01") }),
      fc.double({ min: 0.001, max: 1, noNaN: true }),
      fc.constantFrom(...zones),
      fc.constantFrom(...GRAINS),
      (from, share, timeZone, grain) => {
        const to = from + Math.ceil(spans[grain] * share);
        const buckets = bucketsOf(from, to, grain, timeZone);
        expect(buckets[0]!.start).toBeLessThanOrEqual(from);
        expect(buckets.at(-1)!.start).toBeLessThan(to);
        expect(new Set(buckets.map(({ label }) => label)).size).toBe(buckets.length);
        buckets.forEach(({ start, label }, index) => {
          if (index > 0) expect(start).toBeGreaterThan(buckets[index - 1]!.start);
          const wall = localLabel(start, timeZone);
          const shown = { minute: 16, hour: 13, day: 10, week: 10, month: 10 }[grain];
          expect(wall.slice(0, shown)).toBe(label.slice(0, shown));
        });
      },
    );
    fc.assert(cases, { numRuns: 300 });
  }, 30_000);
});

describe("the grain of a chart", () => {
  it.each<[DateRange, string]>([
    ["day", "hour"],
    ["24h", "hour"],
    ["7d", "day"],
    ["91d", "day"],
    ["month", "day"],
    ["6mo", "month"],
    ["year", "month"],
    [["2026-11-01T10:00:00Z", "2026-11-01T12:00:00Z"], "minute"],
    [["2026-11-01", "2026-11-30"], "day"],
    [["2025-01-01", "2026-11-30"], "month"],
  ])("of %j is the %s", (range, grain) => {
    expect(grainOf(range, period(range))).toBe(grain);
  });
});
