import { describe, expect, it } from "vitest";
import type { Event } from "../../../workers/domain/event.ts";
import type { Filter } from "../../../workers/domain/query.ts";
import type { Goal } from "../../../workers/domain/site.ts";
import { answerQueries, isRefusal } from "../../../workers/query/run.ts";
import { anEvent } from "../../support/events.ts";
import { aQuery, aSite, ask, portsOf, rowsOf } from "../../support/shards.ts";

const HOUR = 3_600_000;
const TODAY = Date.UTC(2026, 10, 21);
const YESTERDAY = TODAY - 24 * HOUR;

let visitors = 0;
/** A visit of its own for each list of fields. */
function visit(at: number, ...fields: Partial<Event>[]): Event[] {
  const visitorId = (++visitors).toString(16).padStart(16, "0");
  return fields.map((own, index) => anEvent({ at: at + index * 1000, visitorId, ...own }));
}

const goals: Goal[] = [
  { id: "1", name: "Signup", kind: "event", match: "signup" },
  { id: "2", name: "Blog", kind: "page", match: "/blog/*" },
  { id: "3", name: "Price (all)", kind: "page", match: "/a.b" },
];

const site = aSite({ shards: 2 });

describe("an answer", () => {
  const events = [
    ...visit(TODAY + HOUR, { path: "/b", source: "Google" }, { path: "/a" }),
    ...visit(TODAY + 2 * HOUR, { path: "/a" }),
    ...visit(TODAY + 2 * HOUR, { path: "/c", source: "Bing" }, { path: "/b" }),
    ...visit(YESTERDAY + HOUR, { path: "/a" }),
    ...visit(YESTERDAY + 5 * HOUR, { path: "/old" }, { path: "/old" }),
  ];
  const ports = portsOf(events, { site });

  it("is ordered by its first metric and then by its dimensions", async () => {
    expect(await rowsOf(ports, { dimensions: ["event:page"] })).toEqual([
      ["/a", 2],
      ["/b", 2],
      ["/c", 1],
    ]);
    const order_by: [string, "asc"][] = [["visitors", "asc"]];
    expect((await rowsOf(ports, { dimensions: ["event:page"], order_by })).map(([page]) => page)).toEqual([
      "/c",
      "/a",
      "/b",
    ]);
  });

  it("comes by pages, with the number of all rows", async () => {
    const pagination = { limit: 1, offset: 1 };
    const { results, meta } = await ask(ports, {
      dimensions: ["event:page"],
      pagination,
      include: { total_rows: true },
    });
    expect(results.map(({ dimensions }) => dimensions)).toEqual([["/b"]]);
    expect(meta).toMatchObject({ total_rows: 3, source: "shards", exact: true, freshness: TODAY + 2 * HOUR + 1000 });
  });

  it("names the empty value, and filters take that name", async () => {
    expect(await rowsOf(ports, { dimensions: ["visit:source"] })).toEqual([
      ["Bing", 1],
      ["Direct / None", 1],
      ["Google", 1],
    ]);
    expect(await rowsOf(ports, { filters: [["is", "visit:source", ["Direct / None"]]] })).toEqual([[1]]);
  });

  it("compares with the period before, row by row", async () => {
    const include = { comparisons: { mode: "previous_period" as const } };
    const total = await ask(ports, { metrics: ["visitors", "pageviews", "bounce_rate"], include });
    expect(total.results[0]).toMatchObject({
      metrics: [3, 5, 100 / 3],
      comparison: { dimensions: [], metrics: [2, 3, 50], change: [50, 200 / 3, 100 / 3 - 50] },
    });
    const pages = await ask(ports, { dimensions: ["event:page"], include });
    expect(pages.results.map(({ comparison }) => comparison!.change)).toEqual([[100], [null], [null]]);
  });

  it("compares the first hour with the first, where either has something", async () => {
    const include = { comparisons: { mode: "previous_period" as const }, time_labels: true };
    const { results, meta } = await ask(ports, { dimensions: ["time"], include });
    expect(results.map(({ dimensions, metrics, comparison }) => [dimensions[0], metrics[0], comparison])).toEqual([
      ["2026-11-21 01:00:00", 1, { dimensions: ["2026-11-20 01:00:00"], metrics: [1], change: [0] }],
      ["2026-11-21 02:00:00", 2, { dimensions: ["2026-11-20 02:00:00"], metrics: [0], change: [null] }],
      ["2026-11-21 05:00:00", 0, { dimensions: ["2026-11-20 05:00:00"], metrics: [1], change: [-100] }],
    ]);
    expect(meta.time_labels).toHaveLength(24);
  });

  it("compares hours by the clock where a day has 23 or 25 of them", async () => {
    const timeZone = "Europe/Berlin";
    const hoursOf = async (date: string) => {
      const end = Date.parse(`${date}T23:00:00Z`);
      const hourly = Array.from({ length: 72 }, (_, hour) =>
        anEvent({ at: end - hour * 3_600_000 - 1_800_000, visitorId: `${hour}` }),
      );
      const clocks = portsOf(hourly, { site: aSite({ timeZone }), now: end });
      const include = { comparisons: { mode: "previous_period" as const } };
      const asked = { metrics: ["events"], date_range: [date, date] as [string, string], dimensions: ["time:hour"] };
      const { results } = await ask(clocks, { ...asked, include });
      return results.map(({ dimensions, comparison }) => [
        dimensions[0]!.slice(11, 16),
        comparison?.dimensions[0]?.slice(11, 16),
      ]);
    };
    const spring = await hoursOf("2026-03-29");
    expect(spring).toHaveLength(23);
    expect(spring.filter(([now, before]) => now !== before)).toEqual([]);
    const autumn = await hoursOf("2026-10-25");
    expect(autumn).toHaveLength(25);
    expect(autumn.filter(([now, before]) => now !== before)).toEqual([["02:00", undefined]]);
  });

  it("about nothing is one row of zeros and nulls", async () => {
    const metrics = ["visitors", "visits", "bounce_rate", "visit_duration", "total_revenue"];
    expect(await rowsOf(portsOf([]), { metrics })).toEqual([[0, 0, null, null, null]]);
    expect(await rowsOf(portsOf([]), { metrics, dimensions: ["event:page"] })).toEqual([]);
  });

  it("of all time begins with the first event", async () => {
    const include = { time_labels: true };
    const { results, meta } = await ask(ports, { date_range: "all", dimensions: ["time:day"], include });
    expect(results.map(({ metrics }) => metrics[0])).toEqual([2, 3]);
    expect(meta.time_labels).toEqual(["2026-11-20", "2026-11-21"]);
  });
});

describe("a filter", () => {
  const ports = portsOf(
    [
      ...visit(
        TODAY,
        { path: "/in", country: "DE" },
        { path: "/Docs/a", name: "download", props: { kind: "pdf", n: 3 } },
      ),
      ...visit(TODAY, { path: "/docs/b", country: "FR", props: { kind: "zip", deep: { x: [1] } } }),
      ...visit(TODAY, { path: "/", country: "" }),
    ],
    { site },
  );

  it.each<[string, Filter[], number, number]>([
    ["is", [["is", "event:page", ["/in", "/"]]], 2, 2],
    ["is_not", [["is_not", "event:page", ["/in", "/"]]], 2, 2],
    ["contains", [["contains", "event:page", ["/docs"]]], 1, 1],
    ["contains, whatever the case", [["contains", "event:page", ["/DOCS"], { case_sensitive: false }]], 2, 2],
    ["contains_not", [["contains_not", "event:page", ["ocs", "in"]]], 1, 1],
    ["matches", [["matches", "event:page", ["^/[Dd]ocs/.$"]]], 2, 2],
    ["matches_not", [["matches_not", "event:page", ["^/.+"]]], 1, 1],
    ["of the visit on its events", [["is", "visit:country", ["DE"]]], 2, 1],
    ["of the empty value", [["is", "visit:country", ["(not set)"]]], 1, 1],
    ["of the entry page", [["is", "visit:entry_page", ["/in"]]], 2, 1],
    ["of a property", [["is", "event:props:kind", ["pdf"]]], 1, 1],
    ["of a number", [["is", "event:props:n", ["3"]]], 1, 1],
    ["of a structure", [["contains", "event:props:deep", ["[1]"]]], 1, 1],
    ["of an absent property", [["is", "event:props:kind", ["(none)"]]], 2, 2],
    [
      "or",
      [
        [
          "or",
          [
            ["is", "event:page", ["/"]],
            ["is", "event:name", ["download"]],
          ],
        ],
      ],
      2,
      2,
    ],
    [
      "not and",
      [
        [
          "not",
          [
            "and",
            [
              ["is", "visit:country", ["DE"]],
              ["is", "event:page", ["/in"]],
            ],
          ],
        ],
      ],
      3,
      3,
    ],
    [
      "two at once",
      [
        ["is", "visit:country", ["DE"]],
        ["is", "event:name", ["download"]],
      ],
      1,
      1,
    ],
  ])("%s", async (_, filters, events, visits) => {
    expect(await rowsOf(ports, { metrics: ["events", "visits"], filters })).toEqual([[events, visits]]);
  });

  it("that matches badly behaved patterns takes linear time", async () => {
    const long = portsOf(visit(TODAY, { path: `/${"a".repeat(5000)}!` }));
    expect(await rowsOf(long, { filters: [["matches", "event:page", ["^/(a+)+$"]]] })).toEqual([[0]]);
  });
});

describe("by an event's dimension", () => {
  const ports = portsOf(visit(TODAY, { path: "/a" }, { path: "/b" }, { path: "/a" }), { site });

  it("a visit counts once in each group it has an event in", async () => {
    const metrics = ["visits", "pageviews", "bounce_rate"];
    expect(await rowsOf(ports, { metrics, dimensions: ["event:page"] })).toEqual([
      ["/a", 1, 2, 0],
      ["/b", 1, 1, 0],
    ]);
  });
});

describe("goals", () => {
  const ports = portsOf(
    [
      ...visit(TODAY, { path: "/blog/1", source: "Google" }, { name: "signup" }),
      ...visit(TODAY, { path: "/blog/2" }, { path: "/blog/1" }),
      ...visit(TODAY, { path: "/a.b" }),
      ...visit(TODAY, { path: "/axb", source: "Google" }, { name: "signup", path: "/blog/9" }),
    ],
    { site, goals },
  );

  it("are counted by name, pattern and literal path", async () => {
    const metrics = ["visitors", "events", "conversion_rate"];
    expect(await rowsOf(ports, { metrics, dimensions: ["event:goal"] })).toEqual([
      ["Blog", 2, 3, 50],
      ["Signup", 2, 2, 50],
      ["Price (all)", 1, 1, 25],
    ]);
  });

  it("filter, and rates are of everybody or of the group", async () => {
    const metrics = ["visitors", "conversion_rate", "group_conversion_rate"];
    const filters: Filter[] = [["is", "event:goal", ["Signup"]]];
    expect(await rowsOf(ports, { metrics, filters })).toEqual([[2, 50, 50]]);
    expect(await rowsOf(ports, { metrics, filters, dimensions: ["visit:source"] })).toEqual([["Google", 2, 50, 100]]);
  });

  it("of a site without any make an empty list", async () => {
    expect(await rowsOf(portsOf(visit(TODAY, {})), { dimensions: ["event:goal"] })).toEqual([]);
  });
});

describe("shares and money", () => {
  const paid = { name: "order", revenue: { amount: 0.1, currency: "EUR" } };
  const ports = portsOf(
    [
      ...visit(TODAY, { country: "DE" }, { ...paid }, { ...paid, revenue: { amount: 0.2, currency: "EUR" } }),
      ...visit(TODAY, { country: "DE" }),
      ...visit(TODAY, { country: "FR" }),
      ...visit(TODAY, { country: "US" }, paid, { ...paid, revenue: { amount: 5, currency: "USD" } }),
    ],
    { site },
  );

  it("are parts of all visitors", async () => {
    const rows = await rowsOf(ports, {
      metrics: ["percentage"],
      dimensions: ["visit:country"],
      pagination: { limit: 1 },
    });
    expect(rows).toEqual([["DE", 50]]);
  });

  it("are summed exactly, one currency at a time", async () => {
    const metrics = ["total_revenue", "average_revenue"];
    expect(await rowsOf(ports, { metrics, dimensions: ["visit:country"] })).toEqual([
      ["DE", 0.3, 0.15],
      ["FR", null, null],
      ["US", null, null],
    ]);
  });
});

describe("attention", () => {
  it("is averaged over the visits and visitors that gave any", async () => {
    const read = (at: number, engagementMs: number, scrollDepth: number) =>
      visit(at, { path: "/a" }, { name: "engagement", path: "/a", engagementMs, scrollDepth });
    const ports = portsOf([...read(TODAY, 4000, 80), ...read(TODAY, 2000, 40), ...visit(TODAY, { path: "/a" })]);
    const metrics = ["time_on_page", "scroll_depth", "visitors"];
    expect(await rowsOf(ports, { metrics, dimensions: ["event:page"] })).toEqual([["/a", 3, 60, 3]]);
  });
});

describe("several queries at once", () => {
  it("cost one scan a shard, and a bad one does not spoil the others", async () => {
    const ports = portsOf(visit(TODAY, {}), { site });
    const asked: number[] = [];
    const scan: typeof ports.scan = (shard, requests) => {
      asked.push(requests.length);
      return ports.scan(shard, requests);
    };
    const panel = aQuery({ metrics: ["visitors", "percentage"], dimensions: ["visit:source"] });
    const answers = await answerQueries([panel, aQuery({ metrics: ["hits"] }), aQuery(), panel], { ...ports, scan });
    expect(asked).toEqual([2, 2]);
    expect(answers.map(isRefusal)).toEqual([false, true, false, false]);
    expect(answers[3]).toEqual(answers[0]);
  });
});
