import { describe, expect, it } from "vitest";
import type { Event } from "../../../workers/domain/event.ts";
import type { Filter, QueryInput, QueryResult } from "../../../workers/domain/query.ts";
import type { Segment } from "../../../workers/domain/segment.ts";
import type { Goal } from "../../../workers/domain/site.ts";
import { normalize } from "../../../workers/query/normalize.ts";
import { fixturesDir } from "../../support/fixtures.ts";
import { aQuery, aSite, ask, portsOf } from "../../support/shards.ts";
import { openStats, type Row } from "../../support/stats-sql.ts";
import { plausibleEvents } from "../../support/web-fixtures.ts";

// The reference of Plausible's Stats API v2 as a list: every metric, dimension, operator, range and include is asked of the
// real event file and held against SQL.

const goals: Goal[] = [
  { id: "1", name: "Signup", kind: "event", match: "Signup" },
  { id: "2", name: "Signup, invited", kind: "event", match: "Signup via invitation" },
  { id: "3", name: "Sites", kind: "page", match: "/sites*" },
  { id: "4", name: "Filter", kind: "event", match: "Filter Menu: Open" },
];

/** The file has neither attention nor money; both are planted by rules that SQL sees as well. */
function withAttentionAndMoney(real: readonly Event[]): Event[] {
  return real.flatMap((event, line): Event[] => {
    if (event.name === "Filter Menu: Open")
      return [{ ...event, revenue: { amount: (line % 40) / 4, currency: "EUR" } }];
    if (line % 3 > 0) return [event];
    const attention = { engagementMs: 1000 * (line % 17), scrollDepth: 5 + 5 * (line % 20) };
    return [event, { ...event, id: `${event.id}e`, name: "engagement", at: event.at + 999, ...attention }];
  });
}

const utc = (text: string) => Date.parse(`${text}T00:00:00Z`);
const NOW = utc("2024-03-31") + 18 * 3_600_000;
const DAY = 86_400_000;
const ALL = {
  date_range: ["2024-03-28", "2024-03-31"] as [string, string],
  from: utc("2024-03-28"),
  to: utc("2024-04-01"),
};

type Entry = Omit<Partial<QueryInput>, "filters"> & { filters?: Filter[]; from?: number; to?: number };

const METRICS = ["visitors", "visits", "pageviews", "views_per_visit", "bounce_rate", "visit_duration", "events"];
const page: Filter = ["is", "event:page", ["/sites", "/:dashboard"]];
const signup: Filter = ["is", "event:goal", ["Sites"]];

const metrics: Record<string, Entry> = {
  ...Object.fromEntries(METRICS.map((name) => [name, { metrics: [name] }])),
  scroll_depth: { metrics: ["visitors", "scroll_depth"], dimensions: ["event:page"] },
  time_on_page: { metrics: ["visitors", "time_on_page"], dimensions: ["event:page"] },
  percentage: { metrics: ["percentage"], dimensions: ["visit:country"] },
  conversion_rate: { metrics: ["conversion_rate"], filters: [signup], dimensions: ["visit:source"] },
  group_conversion_rate: { metrics: ["group_conversion_rate"], filters: [signup], dimensions: ["visit:source"] },
  "both rates by goal": {
    metrics: ["visitors", "events", "conversion_rate", "group_conversion_rate"],
    dimensions: ["event:goal"],
  },
  total_revenue: { metrics: ["total_revenue"], dimensions: ["event:goal"] },
  average_revenue: { metrics: ["average_revenue"], filters: [["is", "event:goal", ["Filter"]]] },
};

const DIMENSIONS = [
  "event:page", "event:hostname", "event:name", "event:goal", "event:props:theme", "event:props:logged_in",
  "visit:entry_page", "visit:exit_page", "visit:entry_page_hostname", "visit:exit_page_hostname", "visit:source",
  "visit:referrer", "visit:channel", "visit:utm_medium", "visit:utm_source", "visit:utm_campaign", "visit:utm_content",
  "visit:utm_term", "visit:device", "visit:screen", "visit:browser", "visit:browser_version", "visit:os",
  "visit:os_version", "visit:country", "visit:region", "visit:city", "visit:country_name", "visit:region_name",
  "visit:city_name", "time:minute", "time:hour", "time:day", "time:week", "time:month",
]; // biome-ignore format: one list

const segments: Segment[] = [
  {
    id: 1,
    name: "Germans at a desk",
    filters: [
      ["is", "visit:country", ["DE"]],
      ["is", "visit:device", ["Desktop"]],
    ],
  },
  { id: 7, name: "Settings", filters: [["contains", "event:page", ["settings"]]] },
];

const operators: Record<string, Filter[]> = {
  is: [page],
  is_not: [["is_not", "visit:country", ["DE", "GB"]]],
  contains: [["contains", "event:page", ["sett", "dash"]]],
  contains_not: [["contains_not", "event:page", [":"]]],
  "is, whatever the case": [["is", "visit:browser", ["chrome", "FIREFOX"], { case_sensitive: false }]],
  "contains, whatever the case": [["contains", "visit:country_name", ["UNITED"], { case_sensitive: false }]],
  "contains_not, with the case": [["contains_not", "visit:os", ["Mac"], { case_sensitive: true }]],
  matches: [["matches", "event:page", ["^/s[a-z]+$", "^/:d"]]],
  matches_not: [["matches_not", "event:page", ["^/:"]]],
  matches_wildcard: [["matches_wildcard", "event:page", ["/s*", "*board"]]],
  matches_wildcard_not: [["matches_wildcard_not", "event:page", ["/:*"]]],
  "a country by name": [["is", "visit:country_name", ["Germany", "Poland"]]],
  "a property": [["is", "event:props:theme", ["dark", "(none)"]]],
  "the empty value": [["is", "visit:source", ["Direct / None"]]],
  "the host of the entry page": [["contains", "visit:entry_page_hostname", ["plausible"]]],
  "a goal": [["is", "event:goal", ["Signup", "Filter"]]],
  "goals by part of a name": [["contains", "event:goal", ["Signup"]]],
  and: [["and", [page, ["is", "visit:device", ["Desktop"]]]]],
  or: [["or", [["is", "visit:country", ["FR"]], ["is", "visit:os", ["iOS"]]]]],
  not: [["not", ["and", [page, ["is", "visit:country", ["GB"]]]]]],
  has_done: [["has_done", ["is", "event:name", ["Filter Menu: Open"]]]],
  has_not_done: [["has_not_done", ["is", "event:page", ["/sites"]]], ["is", "event:name", ["pageview"]]],
  "has_done within or": [["or", [["has_done", ["is", "event:goal", ["Signup"]]], ["is", "visit:country", ["AT"]]]]],
}; // biome-ignore format: one line each

const today = utc("2024-03-31");
/** Range, first moment, moment after the last. */
const ranges: [QueryInput["date_range"], number, number][] = [
  ["day", today, today + DAY],
  ["24h", NOW + 60_000 - DAY, NOW + 60_000],
  ["7d", today - 6 * DAY, today + DAY],
  ["28d", today - 27 * DAY, today + DAY],
  ["30d", today - 29 * DAY, today + DAY],
  ["91d", today - 90 * DAY, today + DAY],
  ["2d", today - DAY, today + DAY],
  ["month", utc("2024-03-01"), utc("2024-04-01")],
  ["6mo", utc("2023-10-01"), utc("2024-04-01")],
  ["12mo", utc("2023-04-01"), utc("2024-04-01")],
  ["2mo", utc("2024-02-01"), utc("2024-04-01")],
  ["year", utc("2024-01-01"), utc("2025-01-01")],
  ["all", utc("2024-03-28"), utc("2024-04-01")],
  [["2024-03-29", "2024-03-30"], utc("2024-03-29"), utc("2024-03-31")],
  [
    ["2024-03-29T10:00:00+02:00", "2024-03-29T15:59:59+02:00"],
    utc("2024-03-29") + 8 * 3_600_000,
    utc("2024-03-29") + 14 * 3_600_000,
  ],
];

const sorted = (rows: Row[]) => rows.toSorted((a, b) => (JSON.stringify(a.key) < JSON.stringify(b.key) ? -1 : 1));

/** Sums of fractions differ in their last digits with the order of adding. */
const rounded = (rows: Row[]) =>
  sorted(rows).map(({ key, metrics: values }) => [
    ...key,
    ...values.map((value) => value && Number(value.toPrecision(12))),
  ]);

function plain({ results }: QueryResult): Row[] {
  return results.map(({ dimensions, metrics: values }) => ({
    key: dimensions,
    metrics: values.map((value) => (typeof value === "object" && value ? value.value : value)),
  }));
}

describe.skipIf(!fixturesDir)("the Stats API over the real event file", async () => {
  if (!fixturesDir) return;
  const events = withAttentionAndMoney(plausibleEvents());
  const ports = portsOf(events, { site: aSite({ shards: 3 }), goals, now: NOW, segments });
  const sql = openStats(events, goals);

  async function expectSame({ from = ALL.from, to = ALL.to, ...input }: Entry): Promise<QueryResult> {
    const query = { metrics: ["visitors", "events"], date_range: ALL.date_range, ...input };
    const answer = await ask(ports, query);
    const expected = sql.rows({ ...query, from, to });
    expect(rounded(plain(answer))).toEqual(rounded(expected));
    return answer;
  }

  it.each(Object.entries(metrics))("metric: %s", async (_, entry) => {
    const { results } = await expectSame(entry);
    expect(results.length).toBeGreaterThan(0);
  });

  it.each(DIMENSIONS)("dimension: %s, for metrics of events and of visits", async (name) => {
    const { results } = await expectSame({
      metrics: ["visitors", "pageviews", "visits", "bounces", "visit_duration"],
      dimensions: [name],
    });
    expect(results.length).toBeGreaterThan(0);
  });

  it("dimension: time is the hour, the day or the month, as the range is long", async () => {
    for (const [date_range, grain, from] of [
      ["day", "hour", today],
      ["7d", "day", today - 6 * DAY],
      ["12mo", "month", utc("2023-04-01")],
    ] as const) {
      const [asked, expected] = [{ date_range, from, to: today + DAY }, `time:${grain}`];
      const { results } = await ask(ports, { metrics: ["visitors"], date_range, dimensions: ["time"] });
      const rows = sql.rows({ metrics: ["visitors"], dimensions: [expected], from: asked.from, to: asked.to });
      expect(results.map(({ dimensions, metrics: [visitors] }) => [dimensions[0], visitors])).toEqual(
        sorted(rows).map(({ key, metrics: [visitors] }) => [key[0], visitors]),
      );
    }
  });

  it("dimensions: several at once", async () => {
    await expectSame({
      metrics: ["visitors", "visits"],
      dimensions: ["visit:country", "visit:device", "event:page", "time:day"],
    });
  });

  it.each(Object.entries(operators))("filter: %s", async (_, filters) => {
    const { results } = await expectSame({ metrics: ["visitors", "events", "visits"], filters });
    const [whole] = sql.rows({ metrics: ["events"], ...ALL });
    const part = Number(results[0]!.metrics[1]);
    expect([part > 0, part < whole!.metrics[0]!]).toEqual([true, true]);
  });

  it.each(ranges)("date range: %j", async (date_range, from, to) => {
    const { query } = await expectSame({ date_range, from, to, metrics: ["visitors", "events", "visits"] });
    const [first, last] = query.date_range as [string, string];
    expect([Date.parse(first), Date.parse(last)]).toEqual([from, to - 1000]);
    const again = await ask(ports, { metrics: ["visitors"], date_range: query.date_range });
    expect(again.query.date_range).toEqual(query.date_range);
  });

  it.each<[string, Filter[], Filter[]]>([
    ["one", [["is", "segment", ["1"]]], segments[0]!.filters],
    [
      "any of several",
      [["is", "segment", ["1", "7"]]],
      [["or", segments.map(({ filters }): Filter => ["and", filters])]],
    ],
    [
      "within others",
      [
        [
          "or",
          [
            ["not", ["is", "segment", ["1"]]],
            ["has_done", ["is", "segment", ["7"]]],
          ],
        ],
      ],
      [
        [
          "or",
          [
            ["not", ["and", segments[0]!.filters]],
            ["has_done", segments[1]!.filters[0]!],
          ],
        ],
      ],
    ],
  ])("filter: a segment, %s", async (_, filters, meaning) => {
    const asked = { date_range: ALL.date_range, metrics: ["visitors", "events", "visits"] };
    const { results, query } = await ask(ports, { ...asked, filters });
    const [expected] = sql.rows({ metrics: asked.metrics, filters: meaning, ...ALL });
    expect(results[0]!.metrics).toEqual(expected!.metrics);
    expect(query.filters).toEqual(filters);
  });

  it("refuses segments that are not there, naming those that are", async () => {
    const filters: Filter[] = [["and", [["is", "segment", ["2"]]]]];
    await expect(ask(ports, { filters })).rejects.toThrow(
      /"filters\.0\.1\.0\.2\.0".*no segment 2; there are 1 \(Germans/,
    );
    await expect(ask(ports, { filters: [["contains", "segment", ["1"]]] })).rejects.toThrow(
      /use is or is_not with segment/,
    );
  });

  it("order_by: by metrics and dimensions; by default time first, else the first metric", async () => {
    const order_by: [string, "asc" | "desc"][] = [
      ["events", "asc"],
      ["visit:country", "desc"],
    ];
    const answer = await expectSame({ dimensions: ["visit:country"], order_by });
    const keys = plain(answer).map(({ key, metrics: [, count] }) => [count!, key[0]!] as const);
    expect(keys).toEqual(keys.toSorted((a, b) => a[0] - b[0] || (a[1] < b[1] ? 1 : -1)));
    const byDefault = await ask(ports, { date_range: ALL.date_range, dimensions: ["visit:country"] });
    expect(byDefault.query.order_by).toEqual([["visitors", "desc"]]);
    const overTime = await ask(ports, { date_range: ALL.date_range, dimensions: ["time:day"] });
    expect(overTime.query.order_by).toEqual([
      ["time:day", "asc"],
      ["visitors", "desc"],
    ]);
    expect(overTime.results.map(({ dimensions }) => dimensions[0])).toEqual([
      "2024-03-28",
      "2024-03-29",
      "2024-03-30",
      "2024-03-31",
    ]);
  });

  it("pagination and include.total_rows: pages follow each other and make the whole", async () => {
    const asked = { date_range: ALL.date_range, dimensions: ["event:page"], include: { total_rows: true } };
    const whole = await ask(ports, asked);
    const pages: QueryResult["results"] = [];
    for (let offset = 0; offset < whole.results.length; offset += 7) {
      pages.push(...(await ask(ports, { ...asked, pagination: { limit: 7, offset } })).results);
    }
    expect(pages).toEqual(whole.results);
    expect(whole.meta.total_rows).toBe(whole.results.length);
    expect((await ask(ports, { ...asked, pagination: { offset: 3 } })).query.pagination).toEqual({
      limit: 10_000,
      offset: 3,
    });
  });

  it("include.time_labels: every bucket, also those without a row", async () => {
    const { meta, results } = await ask(ports, {
      date_range: "7d",
      dimensions: ["time:day"],
      include: { time_labels: true },
    });
    expect(meta.time_labels).toEqual(["25", "26", "27", "28", "29", "30", "31"].map((day) => `2024-03-${day}`));
    expect(results).toHaveLength(4);
  });

  it("include.imports: imported events are counted, and the answer says so when asked", async () => {
    expect((await ask(ports, { include: { imports: true } })).meta).toMatchObject({ imports_included: true });
    expect((await ask(ports, {})).meta).not.toHaveProperty("imports_included");
  });

  it.each<[string, NonNullable<NonNullable<QueryInput["include"]>["comparisons"]>, number, number]>([
    ["the period before", { mode: "previous_period" }, utc("2024-03-29"), utc("2024-03-30")],
    ["a year before", { mode: "year_over_year" }, utc("2023-03-30"), utc("2023-03-31")],
    [
      "a period that is named",
      { mode: "custom", date_range: ["2024-03-28", "2024-03-29"] },
      utc("2024-03-28"),
      utc("2024-03-30"),
    ],
    [
      "the same day of the week",
      { mode: "previous_period", match_day_of_week: true },
      utc("2024-03-23"),
      utc("2024-03-24"),
    ],
  ])("include.comparisons: %s", async (_, comparisons, from, to) => {
    const asked = { metrics: ["visitors", "events"], date_range: ["2024-03-30", "2024-03-30"] as [string, string] };
    const { results } = await ask(ports, { ...asked, include: { comparisons } });
    const [now] = sql.rows({ metrics: asked.metrics, from: utc("2024-03-30"), to: utc("2024-03-31") });
    const [before] = sql.rows({ metrics: asked.metrics, from, to });
    const change = now!.metrics.map((value, index) => {
      const other = before!.metrics[index]!;
      return other ? (100 * (value! - other)) / other : null;
    });
    expect(results).toEqual([
      { dimensions: [], metrics: now!.metrics, comparison: { dimensions: [], metrics: before!.metrics, change } },
    ]);
  });

  it("revenue: an amount says its currency and how it is written, and mixed currencies are a warning", async () => {
    const asked = { metrics: ["total_revenue"], date_range: ALL.date_range };
    const [row] = sql.rows({ metrics: ["total_revenue"], ...ALL });
    const { results, meta } = await ask(ports, asked);
    const value = row!.metrics[0]!;
    expect(results[0]!.metrics).toEqual([{ value, currency: "EUR", short: `€${value}`, long: `€${value.toFixed(2)}` }]);
    expect(meta).not.toHaveProperty("metric_warnings");
    const dollars = events.map(
      (event, line): Event =>
        event.revenue && line % 2 ? { ...event, revenue: { amount: 1, currency: "USD" } } : event,
    );
    const mixed = await ask({ ...portsOf(dollars, { now: NOW }), goals }, asked);
    expect(mixed.results[0]!.metrics).toEqual([null]);
    expect(mixed.meta.metric_warnings).toEqual({
      total_revenue: { code: "no_single_revenue_currency", warning: expect.stringContaining("EUR and USD") },
    });
  });

  it.each<[string, Partial<QueryInput>, string, RegExp]>([
    ["time labels without time", { include: { time_labels: true } }, "include.time_labels", /time:day/],
    [
      "a comparison with no such days",
      { include: { comparisons: { mode: "custom", date_range: ["2024-02-30", "2024-03-01"] } } },
      "include.comparisons.date_range",
      /not in the calendar/,
    ],
    ["a page as a session's", { dimensions: ["visit:page"] }, "dimensions.0", /use time, event:page/],
  ])("refuses %s, naming the place and what would do", (_, input, path, message) => {
    const found = normalize(aQuery(input), { now: NOW, timeZone: "UTC" }, { goals });
    expect("errors" in found && found.errors).toEqual([{ path, message: expect.stringMatching(message) }]);
  });
});
