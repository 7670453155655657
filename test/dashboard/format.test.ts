import { describe, expect, it } from "vitest";
import {
  describeChange,
  formatBucket,
  formatCount,
  formatDate,
  formatDays,
  formatDuration,
  formatExact,
  formatMetric,
  formatMoney,
  formatPercent,
  MISSING,
} from "../../dashboard/state/format.ts";
import { METRICS } from "../../dashboard/state/metrics.ts";
import { countryFlag, countryName } from "../../dashboard/state/places.ts";

describe("numbers", () => {
  it("keep every digit below ten thousand and are short above", () => {
    expect(formatCount(9999, "en")).toBe("9,999");
    expect(formatCount(12_345, "en")).toBe("12.3K");
    expect(formatCount(4_560_000, "en")).toBe("4.56M");
    expect(formatExact(1_234_567, "en")).toBe("1,234,567");
  });

  it("are a dash where there is no number", () => {
    expect([
      formatCount(null),
      formatDuration(null),
      formatPercent(null),
      formatMetric(null, { unit: "ratio" }),
    ]).toEqual(Array(4).fill(MISSING));
  });

  it("write amounts in their currency, and plainly where that is not known", () => {
    const euros = (value: number) => formatMetric(value, { unit: "money", currency: "EUR" }, "en");
    expect([0, 49, 1234.5, 12_345.6].map(euros)).toEqual(["€0", "€49", "€1,234.50", "€12.3K"]);
    expect(formatMetric(49.5, { unit: "money" }, "en")).toBe("49.5");
    expect(formatMetric(0.123, { unit: "dollars" }, "en")).toBe("$0.12");
    expect(formatMoney(12_345.6, "EUR", "en")).toBe("€12,345.60");
  });

  it("say durations in at most two units", () => {
    expect([0, 38.4, 125, 3600, 3900].map(formatDuration)).toEqual(["0s", "38s", "2m 05s", "1h 00m", "1h 05m"]);
  });

  it("take percent as percent", () => {
    expect(formatPercent(41.7, "en")).toBe("42%");
    expect(formatPercent(4.66, "en")).toBe("4.7%");
    expect(formatMetric(3.026, { unit: "ratio" }, "en")).toBe("3.03");
  });
});

describe("a change", () => {
  it("is better or worse by the metric's own direction", () => {
    expect(describeChange(12.4, METRICS.visitors)).toMatchObject({ tone: "better", direction: "up" });
    expect(describeChange(-12.4, METRICS.visitors)).toMatchObject({ tone: "worse", direction: "down" });
    expect(describeChange(3, METRICS.bounce_rate)).toMatchObject({ tone: "worse", direction: "up" });
    expect(describeChange(-3, METRICS.bounce_rate)).toMatchObject({ tone: "better", direction: "down" });
  });

  it("is in points for a metric that is a percentage itself", () => {
    expect(describeChange(-3.26, METRICS.bounce_rate)?.text).toBe("3.3 pts");
  });

  it("is neither when it rounds to nothing, and absent when there is nothing to compare with", () => {
    expect(describeChange(0.04, METRICS.visitors)).toMatchObject({ tone: "same", direction: "none" });
    expect(describeChange(null, METRICS.visitors)).toBeNull();
    expect(describeChange(undefined, METRICS.visitors)).toBeNull();
  });
});

describe("dates", () => {
  it("are read as local to the site, wherever the reader is", () => {
    expect(formatBucket("2026-11-21", "day", "axis", "en-GB")).toBe("21 Nov");
    expect(formatBucket("2026-11-21 14:00:00", "hour", "axis", "en-GB")).toBe("14");
    expect(formatBucket("2026-11-01", "month", "full", "en-GB")).toBe("November 2026");
    expect(formatBucket("2026-11-16", "week", "full", "en-GB")).toContain("16 Nov 2026");
  });

  it("read the second of two equal hours, whose label carries an offset", () => {
    expect(formatBucket("2026-10-25 02:00:00+01:00", "hour", "axis", "en-GB")).toBe("02");
  });

  it("join two days to a range and leave one alone", () => {
    expect(formatDays("2026-11-03", "2026-11-09", "en-GB")).toMatch(/^3\s?–\s?9 Nov 2026$/);
    expect(formatDays("2026-11-03", "2026-11-03", "en-GB")).toBe("3 Nov 2026");
  });
});

describe("countries", () => {
  it("have a name and a flag, and what is no code stays as it is", () => {
    expect(countryName("DE")).not.toBe("DE");
    expect(countryFlag("DE")).toBe("\u{1f1e9}\u{1f1ea}");
    expect(countryName("(not set)")).toBe("(not set)");
    expect(countryFlag("(not set)")).toBe("");
  });
});

it("a moment's day is that of the zone asked for", () => {
  const evening = Date.UTC(2026, 10, 26, 18, 15);
  expect(formatDate(evening, "en-GB", "UTC")).toBe("26 Nov 2026");
  expect(formatDate(evening, "en-GB", "Asia/Kathmandu")).toBe("27 Nov 2026");
});
