import { describe, expect, it } from "vitest";
import type { QueryInput } from "../../../workers/domain/query.ts";
import type { Goal } from "../../../workers/domain/site.ts";
import { normalize } from "../../../workers/query/normalize.ts";
import { aQuery } from "../../support/shards.ts";

const calendar = { now: Date.UTC(2026, 10, 21, 15), timeZone: "UTC" };
const goals: Goal[] = [{ id: "g", name: "Signup", kind: "event", match: "signup" }];

function errorsOf(input: Partial<QueryInput>) {
  const normal = normalize(aQuery(input), calendar, { goals });
  return "errors" in normal ? normal.errors : [];
}

describe("a query", () => {
  it.each<[string, Partial<QueryInput>, string, RegExp]>([
    ["an unknown metric", { metrics: ["visitors", "hits"] }, "metrics.1", /no metric hits; use visitors, visits/],
    ["a metric named twice", { metrics: ["visits", "visits"] }, "metrics.1", /named twice/],
    [
      "an unknown dimension",
      { dimensions: ["visit:planet"] },
      "dimensions.0",
      /no dimension visit:planet; use time, event:page/,
    ],
    ["two times", { dimensions: ["time:day", "time"] }, "dimensions", /one time dimension/],
    [
      "an unknown filter",
      { filters: [["or", [["is", "visit:planet", ["x"]]]]] },
      "filters.0.1.0.1",
      /no dimension visit:planet/,
    ],
    ["a filter by time", { filters: [["not", ["is", "time:day", ["x"]]]] }, "filters.0.1.1", /date_range/],
    ["a broken pattern", { filters: [["matches", "event:page", ["/ok", "(["]]] }, "filters.0.2.1", /RE2/],
    ["a pattern with look-ahead", { filters: [["matches", "event:page", ["a(?=b)"]]] }, "filters.0.2.0", /RE2/],
    [
      "an unknown goal",
      { filters: [["is", "event:goal", ["Order"]]] },
      "filters.0.2",
      /no goal Order; there are Signup/,
    ],
    ["a goal by pattern", { filters: [["matches", "event:goal", ["S"]]] }, "filters.0.0", /use is/],
    ["an order by something else", { order_by: [["visits", "desc"]] }, "order_by.0.0", /order by one of/],
    ["a rate without a goal", { metrics: ["conversion_rate"] }, "metrics.0", /needs event:goal/],
    ["depth without a page", { metrics: ["scroll_depth"] }, "metrics.0", /needs event:page/],
    ["a share of nothing", { metrics: ["percentage"] }, "metrics.0", /needs a dimension/],
    ["minutes of a year", { dimensions: ["time:minute"], date_range: "year" }, "dimensions", /525600 rows/],
    ["a date that is none", { date_range: ["2026-13-01", "2026-13-02"] }, "date_range", /not in the calendar/],
  ])("with %s is refused at its place", (_, input, path, message) => {
    expect(errorsOf(input)).toEqual([{ path, message: expect.stringMatching(message) }]);
  });

  it("names every mistake at once", () => {
    expect(errorsOf({ metrics: ["a"], dimensions: ["b"], filters: [["is", "c", ["d"]]] })).toHaveLength(3);
  });

  it("that is to end now ends now, and so does the period before, after as much time", () => {
    const include = { trim_relative_date_range: true, comparisons: { mode: "previous_period" as const } };
    const normal = normalize(aQuery({ date_range: "day", include }), calendar, { goals });
    expect(normal).toMatchObject({
      period: { from: Date.UTC(2026, 10, 21), to: calendar.now },
      comparison: { from: Date.UTC(2026, 10, 20), to: Date.UTC(2026, 10, 20, 15) },
    });
  });

  it("of a period that is over is not shortened", () => {
    const include = { trim_relative_date_range: true };
    const normal = normalize(aQuery({ date_range: ["2026-11-01", "2026-11-02"], include }), calendar, { goals });
    expect(normal).toMatchObject({ period: { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 10, 3) } });
  });

  it("is in order of time, else of its first metric, unless it says", () => {
    const order = (input: Partial<QueryInput>) => {
      const normal = normalize(aQuery(input), calendar, { goals });
      return "errors" in normal ? normal.errors : normal.order;
    };
    expect(order({ metrics: ["visits", "visitors"], dimensions: ["event:page"] })).toEqual([["visits", "desc"]]);
    expect(order({ dimensions: ["time"], date_range: "7d" })).toEqual([
      ["time:day", "asc"],
      ["visitors", "desc"],
    ]);
    expect(order({ dimensions: ["time"], date_range: "7d", order_by: [["time", "desc"]] })).toEqual([
      ["time:day", "desc"],
    ]);
  });
});
