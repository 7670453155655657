import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CustomMetric, type NewMetric, newMetricSchema } from "../../../workers/catalog/custom-metric.ts";
import type { Event } from "../../../workers/domain/event.ts";
import type { Filter } from "../../../workers/domain/query.ts";
import { askedMetric } from "../../../workers/query/asked-metric.ts";
import { definitionErrors, pinned } from "../../../workers/query/custom-metric.ts";
import { anEvent } from "../../support/events.ts";
import { aSite, ask, portsOf, rowsOf } from "../../support/shards.ts";
import { openCount, where } from "../../support/sql-count.ts";
import { someTraffic } from "../../support/traffic.ts";

const DAY = 24 * 3_600_000;
const FROM = Date.UTC(2026, 10, 20);
const TO = FROM + 2 * DAY;
const RANGE: [string, string] = ["2026-11-20", "2026-11-21"];

function aMetric(name: string, definition: unknown, fields: Partial<CustomMetric> = {}): CustomMetric {
  const metric: NewMetric = newMetricSchema.parse({ name, label: "Own", definition });
  return { ...metric, version: 1, createdAt: 0, archived: false, ...fields };
}

const signups: Filter[] = [["is", "event:name", ["signup"]]];
const some: Filter[] = [["is", "event:page", ["/", "/a"]]];

/** Each kind, and what it is in SQL over the rows of a group. */
const kinds: [definition: Record<string, unknown>, sql: string][] = [
  [{ kind: "count", filters: signups }, "count(iif(PASSES, 1, null))"],
  [{ kind: "unique", of: "visitors", filters: some }, "count(distinct iif(PASSES, visitor, null))"],
  [{ kind: "unique", of: "visits", filters: some }, "count(distinct iif(PASSES, session, null))"],
  [{ kind: "unique", of: "users" }, "count(distinct nullif(user, ''))"],
  [{ kind: "unique", of: { property: "plan" }, filters: some }, "count(distinct iif(PASSES, nullif(plan, ''), null))"],
  [
    { kind: "sum", property: "price", filters: some },
    "coalesce(sum(iif(PASSES and price <> '', cast(price as real), null)), 0)",
  ],
  [{ kind: "average", property: "price" }, "avg(iif(price <> '', cast(price as real), null))"],
];

const GROUPINGS = [
  { dimensions: [], columns: [] },
  { dimensions: ["visit:country", "event:page"], columns: ["visit_country", "path"] },
  { dimensions: ["time:day"], columns: ["day"] },
];

describe("a metric of the user's making", () => {
  it.each(kinds)(
    "%j equals an independent count in SQL, in total, by dimensions and by day",
    async (definition, expression) => {
      const metric = aMetric("own", definition);
      const filters = (definition.filters ?? []) as Filter[]; // as written above
      const passes = ["1", ...filters.map((filter) => where(filter, { from: FROM, to: TO }))].join(" and ");
      const own = `${expression.replaceAll("PASSES", `(${passes})`)} as own`;
      const inside = `name <> 'engagement' and at >= ${FROM} and at < ${TO}`;
      const cases = fc.asyncProperty(someTraffic(FROM), fc.integer({ min: 1, max: 4 }), async (events, shards) => {
        const sql = openCount(events, "UTC");
        const ports = portsOf(events, { site: aSite({ shards }), customMetrics: [metric], sliceRows: 20 });
        for (const { dimensions, columns } of GROUPINGS) {
          const by = columns.length > 0 ? `group by ${columns.join(", ")}` : "";
          const rows = sql.rows(`select ${[...columns, own].join(", ")} from r where ${inside} ${by}`);
          const expected = rows.map((row) => [...columns.map((column) => row[column] || "(not set)"), row.own ?? ""]);
          const found = await rowsOf(ports, { date_range: RANGE, metrics: ["own"], dimensions });
          expect(found.map(String).sort()).toEqual(expected.map(String).sort());
        }
        sql.close();
      });
      await fc.assert(cases, { numRuns: 25 });
    },
  );

  it.each([1, 50, 95, 99.5, 100])("as percentile %f is the value at that rank, exactly", async (percentile) => {
    const metric = aMetric("own", { kind: "percentile", property: "price", percentile });
    const cases = fc.asyncProperty(someTraffic(FROM), async (events) => {
      const prices = events
        .filter(({ name, at, props }) => name !== "engagement" && at >= FROM && at < TO && props?.price !== undefined)
        .map(({ props }) => Number(props!.price))
        .sort((a, b) => a - b);
      const expected = prices[Math.max(1, Math.ceil((percentile / 100) * prices.length)) - 1] ?? null;
      const ports = portsOf(events, { site: aSite({ shards: 3 }), customMetrics: [metric] });
      const { results, meta } = await ask(ports, { date_range: RANGE, metrics: ["own"] });
      expect([results[0]!.metrics, meta.exact]).toEqual([[expected], true]);
    });
    await fc.assert(cases, { numRuns: 30 });
  });
});

const paid = (visitor: number, amount: number, at = FROM): Event =>
  anEvent({
    name: "paid",
    at,
    visitorId: String(visitor).padStart(16, "0"),
    country: visitor % 2 ? "DE" : "FR",
    props: { amount, took: visitor },
  });

const orders = aMetric("orders", { kind: "count", filters: [["is", "event:name", ["paid"]]] });
const worth = aMetric("worth", { kind: "sum", property: "amount" });

describe("metrics of the user's making in a question", () => {
  const events = [
    ...[10, 20, 30, 40].map((amount, n) => paid(n, amount)),
    anEvent({ at: FROM, visitorId: "9".repeat(16) }),
    paid(1, 5, FROM - DAY),
  ];
  const perVisitor = aMetric("per_visitor", { kind: "ratio", part: "worth@1", whole: "visitors" });
  const share = aMetric("share", { kind: "ratio", part: "orders@1", whole: "events", percent: true });
  const both = aMetric("both", { kind: "ratio", part: "per_visitor@1", whole: "orders@1" });
  const ports = portsOf(events, {
    site: aSite({ shards: 2 }),
    customMetrics: [orders, worth, perVisitor, share, both],
  });
  const day = { date_range: ["2026-11-20", "2026-11-20"] as [string, string] };

  it("stand beside those of the catalogue, and divide each other", async () => {
    const metrics = ["visitors", "orders", "worth", "per_visitor", "share", "both"];
    expect(await rowsOf(ports, { ...day, metrics })).toEqual([[5, 4, 100, 20, 80, 5]]);
  });

  it("add up, and take others away, by dimensions too", async () => {
    const total = aMetric("total", { kind: "total", parts: ["worth@1", "orders@1"], less: ["visitors"] });
    const known = { ...ports, customMetrics: [orders, worth, share, total] };
    expect(await rowsOf(known, { ...day, metrics: ["total"] })).toEqual([[99]]);
    const asked = { ...day, metrics: ["total"], dimensions: ["visit:country"] };
    expect(await rowsOf(known, asked)).toEqual([
      ["DE", 60],
      ["FR", 40],
      ["(not set)", -1],
    ]);
    const wrong = { kind: "total", parts: ["share"], less: ["order"] } as const;
    const { definition } = newMetricSchema.parse({ name: "own", label: "Own", definition: wrong });
    expect(
      definitionErrors(definition, { goals: [], customMetrics: known.customMetrics }).map(({ path }) => path),
    ).toEqual(["definition.parts.0", "definition.less.0"]);
    const free = newMetricSchema.parse({
      name: "own",
      label: "Own",
      definition: { ...wrong, parts: ["worth"], less: ["orders"] },
    });
    expect(pinned(free.definition, known.customMetrics)).toMatchObject({ parts: ["worth@1"], less: ["orders@1"] });
  });

  it("take dimensions, filters, an order and a comparison, in points where they are percentages", async () => {
    const asked = {
      ...day,
      metrics: ["worth", "share"],
      dimensions: ["visit:country"],
      order_by: [["worth", "asc"]] as [string, "asc"][],
    };
    expect(await rowsOf(ports, asked)).toEqual([
      ["(not set)", 0, 0],
      ["FR", 40, 100],
      ["DE", 60, 100],
    ]);
    const filters: Filter[] = [["is", "visit:country", ["FR"]]];
    expect(await rowsOf(ports, { ...asked, filters })).toEqual([["FR", 40, 100]]);
    const include = { comparisons: { mode: "previous_period" as const } };
    const { results } = await ask(ports, { ...day, metrics: ["worth", "share"], include });
    expect(results[0]).toMatchObject({ metrics: [100, 80], comparison: { metrics: [5, 100], change: [1900, -20] } });
  });

  it("are found by version, the last that is not archived by name alone", async () => {
    const second = aMetric("orders", { kind: "count", filters: [["is", "event:page", ["/none"]]] }, { version: 2 });
    const asked = { ...day, metrics: ["orders", "orders@1", "orders@2"] };
    expect(await rowsOf({ ...ports, customMetrics: [orders, second] }, asked)).toEqual([[0, 4, 0]]);
    const archived = [orders, { ...second, archived: true }];
    expect(await rowsOf({ ...ports, customMetrics: archived }, asked)).toEqual([[4, 4, 0]]);
  });

  it("say that they are estimates where there are too many values to keep", async () => {
    const many = Array.from({ length: 6000 }, (_, n) => paid(n, 1 + n / 7));
    const customMetrics = [
      aMetric("median", { kind: "percentile", property: "amount", percentile: 50 }),
      aMetric("spans", { kind: "unique", of: { property: "took" } }),
    ];
    const { results, meta } = await ask(portsOf(many, { site: aSite({ shards: 3 }), customMetrics }), {
      ...day,
      metrics: ["median", "spans", "events"],
    });
    const [median, spans, count] = results[0]!.metrics as number[];
    expect(Math.abs(median! / (1 + 2999 / 7) - 1)).toBeLessThanOrEqual(0.005);
    expect(Math.abs(spans! / 6000 - 1)).toBeLessThan(0.05);
    expect([count, meta.exact, meta.notes?.[0]?.code]).toEqual([6000, false, "estimated"]);
  });

  it("need what their parts need", async () => {
    const rate = aMetric("rate", { kind: "ratio", part: "visitors", whole: "orders@1" });
    expect(askedMetric("rate", [rate, orders])?.needs).toEqual([]);
    await expect(ask({ ...ports, customMetrics: [orders] }, { metrics: ["order"] })).rejects.toThrow(
      /no metric order; use visitors.*, orders/,
    );
  });
});

describe("a definition", () => {
  const site = {
    goals: [],
    customMetrics: [orders, aMetric("share", { kind: "ratio", part: "orders@1", whole: "events", percent: true })],
  };

  it.each<[string, unknown, string, RegExp]>([
    [
      "an unknown dimension",
      { kind: "count", filters: [["is", "visit:planet", ["x"]]] },
      "definition.filters.0.1",
      /no dimension visit:planet/,
    ],
    ["an unknown part", { kind: "ratio", part: "order", whole: "visitors" }, "definition.part", /no metric order/],
    [
      "a version that is not there",
      { kind: "ratio", part: "visitors", whole: "orders@7" },
      "definition.whole",
      /no metric orders@7/,
    ],
    [
      "a percentage of a percentage",
      { kind: "ratio", part: "share", whole: "visitors" },
      "definition.part",
      /percentage already/,
    ],
  ])("with %s is refused at its place", (_, definition, path, message) => {
    const { definition: own } = aMetric("own", definition);
    expect(definitionErrors(own, site)).toEqual([{ path, message: expect.stringMatching(message) }]);
  });

  it("is kept with the versions that its parts have", () => {
    const { definition } = aMetric("own", { kind: "ratio", part: "orders", whole: "visitors" });
    expect(pinned(definition, [orders, { ...orders, version: 2 }])).toMatchObject({
      part: "orders@2",
      whole: "visitors",
    });
  });

  it.each([["visitors"], ["Orders"], ["a b"], ["orders@2"], ["__proto__"], [""]])("may not be called %j", (name) => {
    expect(newMetricSchema.safeParse({ name, label: "x", definition: { kind: "count" } }).success).toBe(false);
  });
});
