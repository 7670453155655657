// Statements for Analytics Engine, run unchanged on ClickHouse, which it is made of, against the shards' exact answer.

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { analyses } from "../../../workers/analyses/index.ts";
import type { Table } from "../../../workers/analyses/table.ts";
import type { Event } from "../../../workers/domain/event.ts";
import { GRAINS } from "../../../workers/domain/period.ts";
import { FILTER_OPERATORS, type Filter } from "../../../workers/domain/query.ts";
import type { ScanRequest } from "../../../workers/engine/scan.ts";
import { tableFrom } from "../../../workers/query/merge.ts";
import { pointsQuery } from "../../../workers/query/points/build.ts";
import { isRefused } from "../../../workers/query/points/literal.ts";
import { pointsAnswer } from "../../../workers/query/points/table.ts";
import { hasClickHouse } from "../../support/chdb.ts";
import { openPoints, type PointStore, pointFor } from "../../support/clickhouse.ts";
import { anEvent } from "../../support/events.ts";
import { fixturesDir, readJsonFixture } from "../../support/fixtures.ts";
import { inBatches, scanAll, sourceOf } from "../../support/shards.ts";
import { SWITCHES } from "../../support/zones.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SITE = "shop.example.com";
const MEASURES = ["events", "pageviews", "payments", "revenue"] as const;

function badInput(): string[] {
  if (!fixturesDir) return [];
  const { sqli = [] } = readJsonFixture<Record<string, string[]>>("badinput/xss_sqli_shared.json");
  return [...sqli, ...readJsonFixture<string[]>("badinput/big_list_of_naughty_strings.json")].map((text) =>
    text.replaceAll("\0", "").toWellFormed(),
  );
}

const HOSTILE = [
  ...[
    "",
    "'",
    "''",
    "\\",
    "\\'",
    "\\\\'",
    "'; --",
    "') OR 1 = 1 --",
    "a'b",
    "\\n",
    "\n",
    "\t",
    "%",
    "_",
    "%_\\",
    "`",
    '"',
  ],
  ...[
    "/blog/x",
    "/blog/y/edit",
    "/Blog",
    "(not set)",
    "Ünïcødé",
    "日本語",
    "👩‍💻",
    "/*",
    "{a:String}",
    "$x",
    "\u202e",
    "pageview",
  ],
  ...badInput(),
];

const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "grapheme", maxLength: 8 }).map((value) => value.replaceAll("\0", "")),
  fc.string({ unit: fc.constantFrom("'", "\\", "a", "B", "%", "_", "\n"), maxLength: 6 }),
);
const page = fc.oneof(text, fc.constantFrom("/", "/a", "/blog/x", "/blog/y", "/b_log/%"));

/** Visitors whose place and device do not change in a visit, as points take for granted. */
const visitor = fc.record({
  visitorId: fc.integer({ min: 1, max: 9 }).map((number) => number.toString(16).padStart(16, "0")),
  country: fc.constantFrom("", "DE", "US", "NP"),
  browser: text,
  osVersion: fc.constantFrom("", "14.1", "X'1"),
});
const visitors = fc.uniqueArray(visitor, { minLength: 1, maxLength: 5, selector: ({ visitorId }) => visitorId });

const eventsFrom = (first: number): fc.Arbitrary<Event[]> =>
  visitors.chain((people) =>
    fc.array(
      fc
        .record({
          who: fc.constantFrom(...people),
          name: fc.oneof(
            { weight: 4, arbitrary: fc.constantFrom("pageview", "signup", "engagement") },
            { weight: 1, arbitrary: text },
          ),
          at: fc.integer({ min: first, max: first + 5 * DAY }),
          path: page,
          engagementMs: fc.integer({ min: 0, max: 60_000 }),
          revenue: fc.option(
            fc.record({
              amount: fc.oneof(
                fc.integer({ min: -5000, max: 500_000 }).map((cents) => cents / 100),
                fc.constant(0.00005),
              ),
              currency: fc.constantFrom("EUR", "USD"),
            }),
          ),
        })
        .map(({ who, ...fields }) =>
          anEvent({ ...who, ...fields, revenue: fields.name === "engagement" ? null : fields.revenue }),
        ),
      { maxLength: 60 },
    ),
  );

const FILTERED = ["event:page", "event:name", "event:hostname", "visit:country", "visit:browser"];
const inAscii = (clause: string) => /^[ -~]*$/.test(clause);
const escaped = (value: string) => value.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Patterns that need no regular expressions. */
const pattern = fc
  .tuple(page, fc.constantFrom(["", ""], ["^", ""], ["", "$"], ["^", "$"], ["^", ".*"], [".*", "$"]))
  .map(([clause, [start, end]]) => `${start}${escaped(clause)}${end}`);
const onOneLine = page.map((value) => value.replaceAll("\n", ""));
const pagePattern = fc.tuple(onOneLine, onOneLine).map(([a, b]) => `^${escaped(a)}.*${escaped(b)}$`);
/** With one star at most, which is what Analytics Engine can tell. */
const glob = fc
  .tuple(onOneLine, fc.constantFrom("", "*"), onOneLine)
  .map(([a, star, b]) => `${a.replaceAll("*", "")}${star}${b.replaceAll("*", "")}`);

function clauseOf(operator: string): fc.Arbitrary<string> {
  if (operator.startsWith("matches_wildcard")) return glob;
  return operator.startsWith("matches") ? fc.oneof(pattern, pagePattern) : page;
}

const condition: fc.Arbitrary<Filter> = fc
  .tuple(fc.constantFrom(...FILTER_OPERATORS), fc.constantFrom(...FILTERED))
  .chain(([operator, name]) => {
    const clause = clauseOf(operator);
    return fc.tuple(fc.constant(operator), fc.constant(name), fc.array(clause, { minLength: 1, maxLength: 3 }));
  });
const filter: fc.Arbitrary<Filter> = fc.oneof(
  condition,
  fc.tuple(fc.constantFrom("and" as const, "or" as const), fc.array(condition, { minLength: 1, maxLength: 3 })),
  condition.map((inner): Filter => ["not", inner]),
  fc.tuple(condition, condition).map(([a, b]): Filter => ["not", ["or", [a, ["not", b]]]]),
);

const DIMENSIONS = [...FILTERED, "visit:os_version", ...GRAINS.map((grain) => `time:${grain}`)];
const dimensionsOf = fc
  .uniqueArray(fc.constantFrom(...DIMENSIONS), { maxLength: 3 })
  .map((names) =>
    names.filter(
      (name, place) => !name.startsWith("time:") || names.findIndex((one) => one.startsWith("time:")) === place,
    ),
  );

/** Events and a request around a moment at which some zone's clocks or dates jump. */
const scene = fc.constantFrom(...SWITCHES).chain(({ timeZone, at }) => {
  const first = at - 2 * DAY;
  const request = fc
    .record({
      from: fc.oneof(fc.integer({ min: first, max: first + 2 * DAY }), fc.constant(at - HOUR)),
      to: fc.integer({ min: first + 2 * DAY + 1, max: first + 5 * DAY }),
      filters: fc.array(filter, { maxLength: 2 }),
      dimensions: dimensionsOf,
    })
    .map(({ dimensions, ...period }): ScanRequest => {
      const params = dimensions.length === 0 ? { measures: MEASURES } : { measures: MEASURES, dimensions };
      return { ...period, timeZone, analysis: dimensions.length === 0 ? "totals" : "breakdown", params };
    });
  return fc.record({ events: eventsFrom(first), request, now: fc.constant(at + 7 * DAY) });
});

async function fromShard(events: readonly Event[], request: ScanRequest): Promise<Table> {
  if (events.length === 0) return { rows: [] };
  const { partials } = await scanAll(sourceOf(inBatches(events, 1000)), [request]);
  return tableFrom({ request, partials });
}

describe.skipIf(!hasClickHouse)("a statement for Analytics Engine, on ClickHouse", () => {
  let store: PointStore;
  beforeAll(() => {
    store = openPoints();
  });
  afterAll(() => store.close());

  /** `weights`: how many events each point stands for, 0 where it was left out. */
  function fill(events: readonly Event[], weights: readonly number[] = []): void {
    const points = events.map((event, place) => ({
      point: pointFor(SITE, event),
      writtenAt: event.receivedAt + 1000,
      sampleInterval: weights[place] ?? 1,
    }));
    // Another site's points must not be counted.
    const strangers = events.map((event) => ({
      point: pointFor("other.example.com", event),
      writtenAt: event.receivedAt,
      sampleInterval: 7,
    }));
    store.fill([...points.filter(({ sampleInterval }) => sampleInterval > 0), ...strangers]);
  }

  function fromPoints(request: ScanRequest, now: number) {
    const query = pointsQuery(request, { siteId: SITE, now });
    if (isRefused(query)) throw new Error(query.refused);
    const answer = pointsAnswer(query, store.ask(query.sql));
    return { ...answer, table: tableFrom({ request, partials: [answer.table] }) };
  }

  it("answers exactly as the shards do when nothing was sampled", async () => {
    const cases = fc.asyncProperty(scene, async ({ events, request, now }) => {
      fill(events);
      const { table, sampling } = fromPoints(request, now);
      expect(table).toEqual(await fromShard(events, request));
      expect(sampling.points).toBe(sampling.events);
    });
    await fc.assert(cases, { numRuns: 300 });
  }, 120_000);

  it("weights what was kept by what each point stands for", async () => {
    const weights = fc.array(fc.constantFrom(0, 1, 2, 10), { minLength: 60, maxLength: 60 });
    const cases = fc.asyncProperty(scene, weights, async ({ events, request, now }, kept) => {
      fill(events, kept);
      const meant = events.flatMap((event, place) => Array.from({ length: kept[place]! }, () => event));
      expect(fromPoints(request, now).table).toEqual(await fromShard(meant, request));
    });
    await fc.assert(cases, { numRuns: 150 });
  }, 120_000);

  it("folds case as the shards do, in the letters of ASCII", async () => {
    const clauses = fc.array(page.filter(inAscii), { minLength: 1, maxLength: 3 });
    const folded = fc.tuple(fc.constantFrom("is" as const, "contains_not" as const), clauses);
    const cases = fc.asyncProperty(scene, folded, async ({ events, request, now }, [operator, asked]) => {
      const plain = events.map((event) => (inAscii(event.path) ? event : { ...event, path: "/Plain" }));
      const insensitive: Filter = [operator, "event:page", asked, { case_sensitive: false }];
      fill(plain);
      const filtered = { ...request, filters: [insensitive] };
      expect(fromPoints(filtered, now).table).toEqual(await fromShard(plain, filtered));
    });
    await fc.assert(cases, { numRuns: 60 });
  }, 120_000);

  it.each([
    ["^/a.*b$", ["/a\nb", "/a b", "/ab", "/a", "x/ab"]],
    ["^/blog_x.*%$", ["/blog_x%", "/blogyx%", "/blog_x", "/blog_xyz%", "/blog_xyz"]],
    ["^/abc.*bcd$", ["/abcd", "/abcbcd", "/abc-bcd"]],
    ["^.*\\\\$", ["a\\", "a", "\\", "a\nb\\"]],
  ])("reads the pattern %s as the shards do", async (pattern, paths) => {
    const events = paths.map((path) => anEvent({ path }));
    const { at } = events[0]!;
    const params = { measures: ["events"], dimensions: ["event:page"] };
    const filters: Filter[] = [["matches", "event:page", [pattern]]];
    const request = { analysis: "breakdown", params, from: at, to: at + 1, timeZone: "UTC", filters };
    fill(events);
    const exact = await fromShard(events, request);
    expect(exact.rows.length).toBeGreaterThan(0);
    expect(fromPoints(request, at).table).toEqual(exact);
  });

  it("adds up attention, which is no event", async () => {
    const view = anEvent({ path: "/read" });
    const reports = [400, 1600].map((engagementMs, place) =>
      anEvent({ name: "engagement", path: "/read", engagementMs, at: view.at + 1000 * (place + 1) }),
    );
    const events = [view, ...reports];
    const request: ScanRequest = {
      analysis: "breakdown",
      params: analyses.breakdown.params.parse({ measures: ["engagement"], dimensions: ["event:page"] }),
      from: view.at,
      to: view.at + HOUR,
      timeZone: "UTC",
      filters: [],
    };
    fill(events);
    expect(fromPoints(request, view.at).table.rows).toEqual([{ key: ["/read"], counts: [2000] }]);
    expect(fromPoints(request, view.at).table).toEqual(await fromShard(events, request));
  });

  it("takes every hostile text for a text", async () => {
    const events = HOSTILE.filter((value) => value !== "engagement").map((path, place) =>
      anEvent({ path, visitorId: place.toString(16).padStart(16, "0") }),
    );
    const period = { from: events[0]!.at, to: events[0]!.at + 1, timeZone: "UTC" };
    const of = (filters: Filter[]): ScanRequest => ({
      ...period,
      analysis: "breakdown",
      params: { measures: ["events"], dimensions: ["event:page"] },
      filters,
    });
    fill(events);
    const all = of([["is", "event:page", HOSTILE]]);
    expect(fromPoints(all, events[0]!.at).table).toEqual(await fromShard(events, of([])));
    for (const value of HOSTILE.filter((_, place) => place < 40 || place % 12 === 0)) {
      const one = of([["is", "event:page", [value]]]);
      expect(fromPoints(one, events[0]!.at).table).toEqual(await fromShard(events, one));
    }
  }, 60_000);
});
