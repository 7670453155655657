import { describe, expect, it } from "vitest";
import type { Filter } from "../../../workers/domain/query.ts";
import type { Goal } from "../../../workers/domain/site.ts";
import type { ScanRequest } from "../../../workers/engine/scan.ts";
import { goalFilter } from "../../../workers/query/filters.ts";
import { MOST_ROWS, pointsQuery } from "../../../workers/query/points/build.ts";
import { integer, isRefused, literal, table } from "../../../workers/query/points/literal.ts";
import { type PointsRow, pointsAnswer } from "../../../workers/query/points/table.ts";

const NOW = Date.UTC(2026, 10, 21, 15);
const DAY = 86_400_000;
const SITE = { siteId: "example.com", now: NOW };

function breakdown(fields: { measures?: string[]; dimensions?: string[]; filters?: Filter[] } = {}): ScanRequest {
  const { measures = ["events"], dimensions = ["event:page"], filters = [] } = fields;
  return {
    analysis: "breakdown",
    params: { measures, dimensions },
    from: NOW - DAY,
    to: NOW,
    timeZone: "UTC",
    filters,
  };
}

function planned(request: ScanRequest) {
  const query = pointsQuery(request, SITE);
  if (isRefused(query)) throw new Error(query.refused);
  return query;
}

const reasonFor = (request: ScanRequest) => {
  const query = pointsQuery(request, SITE);
  return isRefused(query) ? query.refused : null;
};

/** How a reader of SQL takes the text for one literal; null when something would be left over. */
function read(sql: string, backslashEscapes: boolean): string | null {
  const one = backslashEscapes ? /^'((?:[^'\\]|''|\\.)*)'$/su : /^'((?:[^']|'')*)'$/su;
  const inner = one.exec(sql)?.[1];
  if (inner === undefined) return null;
  return backslashEscapes ? inner.replace(/''|\\(.)/gsu, (_, escaped) => escaped ?? "'") : inner.replaceAll("''", "'");
}

describe("a literal", () => {
  const texts = [
    "",
    "'",
    "''",
    "\\",
    "\\'",
    "\\\\'",
    "x\\",
    "'; DROP TABLE x --",
    "') OR ('' = '",
    "日本\n'",
    "\\''\\",
  ];

  it.each(texts)("of %j is one literal and means that text", (text) => {
    expect(read(literal(text), true)).toBe(text);
  });

  it.each(texts)("of %j ends where it should even if backslashes are no escapes", (text) => {
    expect(read(literal(text), false)).not.toBeNull();
  });

  it("is never made of what is no whole number or no table name", () => {
    expect(integer(-42)).toBe("-42");
    for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) expect(() => integer(value)).toThrow();
    expect(table("edgewise_events")).toBe("edgewise_events");
    for (const name of ["", "1a", "a b", "a;b", "a-b", 'a"']) expect(() => table(name)).toThrow();
  });
});

describe("points refuse, with the reason,", () => {
  it.each([
    [breakdown({ measures: ["events", "visitors"] }), /visitors.*neither visits nor visitors/],
    [breakdown({ measures: ["visits"] }), /visits/],
    [breakdown({ measures: ["bounces"] }), /bounces/],
    [breakdown({ measures: ["scrollDepth"] }), /scrollDepth/],
    [breakdown({ dimensions: ["event:props:plan"] }), /no properties/],
    [breakdown({ dimensions: ["visit:entry_page"] }), /about the visit/],
    [breakdown({ dimensions: ["visit:source"] }), /about the visit/],
    [breakdown({ dimensions: ["event:goal"] }), /event:goal/],
    [breakdown({ dimensions: ["event:title"] }), /event:title/],
    [breakdown({ filters: [["not", ["is", "event:props:plan", ["pro"]]]] }), /no properties/],
    [breakdown({ filters: [["or", [["has_done", ["is", "event:page", ["/"]]]]]] }), /has_done.*people/],
    [breakdown({ filters: [["matches", "event:page", ["^/(a|b)$"]]] }), /patterns such as/],
    [breakdown({ filters: [["matches", "event:page", ["^/a.*b.*c$"]]] }), /patterns such as/],
    [breakdown({ filters: [["matches", "event:page", ["\\d"]]] }), /patterns such as/],
    [breakdown({ filters: [["is", "event:page", ["a\0b"]]] }), /zero character/],
    [
      breakdown({
        filters: [["is", "event:page", Array.from({ length: 200 }, () => "x".repeat(2000) + Math.random())]],
      }),
      /too long/,
    ],
    [{ ...breakdown(), from: NOW - 100 * DAY }, /three months/],
    [{ ...breakdown(), analysis: "funnel" }, /funnel/],
  ])("case %#", (request, reason) => {
    expect(reasonFor(request)).toMatch(reason);
  });
});

describe("a statement for points", () => {
  it("names the site, the period, and the columns of its answer", () => {
    const { sql, columns } = planned(breakdown({ measures: ["pageviews", "revenue"] }));
    expect(columns).toEqual(["k0", "currency", "pageviews", "revenue", "points", "weight"]);
    expect(sql).toContain("index1 = 'example.com'");
    expect(sql).toContain(`double1 >= ${NOW - DAY} AND double1 < ${NOW}`);
    expect(sql).toContain("GROUP BY k0, currency");
  });

  it("puts goals on pages without regular expressions", () => {
    const goal: Goal = { id: "1", name: "Read", kind: "page", match: "/blog/*/read_it" };
    const { sql } = planned(breakdown({ filters: [goalFilter(goal).filter] }));
    expect(sql).toContain("startsWith(blob3, '/blog/') AND endsWith(blob3, '/read_it')");
  });

  it("says a month of days in one zone as one run, and one more for each change of clocks", () => {
    const period = { from: Date.UTC(2026, 9, 31, 4), to: Date.UTC(2026, 10, 4, 5), timeZone: "America/New_York" };
    const days = { ...breakdown(), ...period, analysis: "timeseries", params: { measures: ["events"], grain: "day" } };
    expect(planned({ ...days, timeZone: "UTC" }).sql.match(/floor/g)).toHaveLength(1);
    expect(planned(days).sql.match(/floor/g)).toHaveLength(3);
  });
});

describe("the reply of Analytics Engine", () => {
  const query = planned(breakdown({ measures: ["events", "revenue"] }));
  const row = (fields: PointsRow): PointsRow => ({
    k0: "/",
    currency: "",
    events: 1,
    revenue: 0,
    points: 1,
    weight: 1,
    ...fields,
  });

  it("becomes groups, with amounts by currency, whether numbers come as numbers or as text", () => {
    const rows = [
      row({ events: "4", points: "2", weight: "4" }),
      row({ currency: "EUR", events: 2, revenue: "30000", points: 1, weight: 2 }),
      row({ currency: "USD", events: 1, revenue: 5000 }),
      row({ k0: "/b" }),
    ];
    expect(pointsAnswer(query, rows)).toEqual({
      table: {
        rows: [
          { key: ["/"], counts: [7, 0], revenue: { EUR: 30_000, USD: 5000 } },
          { key: ["/b"], counts: [1, 0] },
        ],
      },
      sampling: { points: 5, events: 8 },
      isCut: false,
    });
  });

  it("of nothing is no group", () => {
    expect(pointsAnswer(query, [row({ events: 0, points: 0, weight: 0 })]).table.rows).toEqual([]);
  });

  it("says when the smallest groups were cut off", () => {
    const rows = Array.from({ length: MOST_ROWS }, (_, number) => row({ k0: String(number) }));
    expect(pointsAnswer(query, rows).isCut).toBe(true);
  });

  it.each([{ events: "many" }, { weight: "" }])("is refused when %j is no number", (fields) => {
    expect(() => pointsAnswer(query, [row(fields)])).toThrow(/no number/);
  });
});
