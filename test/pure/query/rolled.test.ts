import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketsTouched } from "../../../durable-objects/site-shard/roll-calendar.ts";
import { STANDARD_PANELS, TOTALS } from "../../../workers/catalog/standard-panels.ts";
import type { Event } from "../../../workers/domain/event.ts";
import type { QueryInput } from "../../../workers/domain/query.ts";
import type { RolledGrain, StoredRollup } from "../../../workers/domain/rollup.ts";
import type { Goal } from "../../../workers/domain/site.ts";
import type { QueryPorts } from "../../../workers/query/run.ts";
import { anEvent } from "../../support/events.ts";
import { rolledPortsOf } from "../../support/rolled.ts";
import { aSite, ask, inBatches, portsOf, scanAll, sourceOf } from "../../support/shards.ts";
import { someTraffic } from "../../support/traffic.ts";
import { SWITCHES } from "../../support/zones.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DATES = 6;

const METRICS = [
  "visitors",
  "visits",
  "pageviews",
  "events",
  "bounce_rate",
  "visit_duration",
  "views_per_visit",
  "total_revenue",
];
/** Two of them are one event, and one is nothing that happens. */
const GOALS: Goal[] = [
  { id: "g1", name: "Sign up", kind: "event", match: "signup" },
  { id: "g2", name: "Joined", kind: "event", match: "signup" },
  { id: "g3", name: "Any view", kind: "event", match: "pageview" },
  { id: "g4", name: "Saw a", kind: "page", match: "/a" },
  { id: "g5", name: "Saw prices", kind: "page", match: "/Pricing" },
  { id: "g6", name: "Nowhere", kind: "page", match: "/nowhere" },
];
const ANY_PAGE: Goal = { id: "g7", name: "Any page", kind: "page", match: "/*" };

const questions: Partial<QueryInput>[] = [
  { metrics: METRICS },
  { metrics: METRICS, include: { comparisons: { mode: "previous_period" } } },
  { metrics: ["visitors", "pageviews", "visits"], dimensions: ["event:page"] },
  { metrics: ["visitors", "percentage"], dimensions: ["visit:source"] },
  { metrics: ["visits", "bounce_rate"], dimensions: ["visit:exit_page"] },
  { metrics: METRICS, dimensions: ["event:goal"] },
  { metrics: ["visitors", "events", "conversion_rate"], dimensions: ["event:goal"] },
  { metrics: METRICS, dimensions: ["time:day"], include: { time_labels: true } },
  { metrics: METRICS, dimensions: ["time:hour"] },
  { metrics: ["visitors", "events"], dimensions: ["time:week"] },
  { metrics: ["visitors", "visits"], dimensions: ["time:month"] },
];

interface Scene {
  timeZone: string;
  events: Event[];
  /** The local days around the switch. */
  days: { start: number; end: number }[];
  first: number;
  last: number;
  /** When it is asked. */
  now: number;
  /** Numbers of days and hours whose roll-ups are not sure. */
  unsureDays: number[];
  unsureHours: number[];
}

const scene = fc.constantFrom(...SWITCHES).chain(({ timeZone, at }) => {
  const days = bucketsTouched([at - 3 * DAY], at + 4 * DAY, "day", timeZone).slice(0, DATES);
  return fc.record({
    timeZone: fc.constant(timeZone),
    events: someTraffic(days[0]!.start + 8 * HOUR),
    days: fc.constant(days),
    first: fc.integer({ min: 0, max: 3 }),
    last: fc.integer({ min: 0, max: DATES - 1 }),
    now: fc.integer({ min: days[2]!.start, max: days.at(-1)!.end + 2 * DAY }),
    unsureDays: fc.uniqueArray(fc.integer({ min: 0, max: DATES - 1 }), { maxLength: 2 }),
    unsureHours: fc.uniqueArray(fc.integer({ min: 0, max: 24 * DATES }), { maxLength: 2 }),
  });
});

/** Everything that was there by then, in two shards by the first digit of the visitor. */
function shardsOf({ events, now }: Scene) {
  const known = events.filter(({ at }) => at < now);
  return [0, 1].map((shard) => known.filter(({ visitorId }) => Number(visitorId[0]) % 2 === shard));
}

type Row = Pick<StoredRollup, "grain" | "bucket" | "panel" | "shard">;

async function bothPorts(
  one: Scene,
  isMissing: (row: Row) => boolean = () => false,
): Promise<{ plain: QueryPorts; rolled: QueryPorts }> {
  const { timeZone, days, now } = one;
  const sources = shardsOf(one).map((own) => sourceOf(inBatches(own, 20)));
  const scan: QueryPorts["scan"] = async (shard, requests) => [await scanAll(sources[shard]!, requests)];
  const plain = portsOf([], { goals: GOALS, site: aSite({ timeZone, shards: 2 }), now, scan });
  const hours = bucketsTouched([days[0]!.start], days.at(-1)!.end, "hour", timeZone);
  const ports = await rolledPortsOf(
    { sources, timeZone, from: days[0]!.start - 3 * DAY, to: days.at(-1)!.end },
    {
      closedUntil: now - 31 * 60_000,
      days: one.unsureDays.map((day) => days[day]!.start),
      hours: one.unsureHours.flatMap((hour) => (hours[hour] ? [Math.floor(hours[hour].start / HOUR) * HOUR] : [])),
      isMissing,
    },
  );
  return { plain, rolled: { ...plain, rolled: ports } };
}

const dateOf = (at: number, timeZone: string) =>
  new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);

describe("answers from roll-ups", () => {
  it("are those of the shards, for any run of days, in any zone, whatever is not sure", async () => {
    const sources = new Map<string, number>();
    const property = fc.asyncProperty(scene, fc.constantFrom(...questions), async (one, question) => {
      const { plain, rolled } = await bothPorts(one);
      const { days, first, last, timeZone } = one;
      const from = dateOf(days[Math.min(first, last)]!.start, timeZone);
      const to = dateOf(days[Math.max(first, last)]!.start, timeZone);
      const asked = { ...question, date_range: [from, to] as [string, string] };
      const expected = await ask(plain, asked);
      const answer = await ask(rolled, asked);
      expect(answer.results).toEqual(expected.results);
      expect(expected.meta.source).toBe("shards");
      sources.set(answer.meta.source, (sources.get(answer.meta.source) ?? 0) + 1);
    });
    await fc.assert(property, { numRuns: 120 });
    expect([...sources.keys()].sort()).toEqual(["rollups", "rollups_and_shards", "shards"]);
  }, 120_000);

  it("are those of the shards where a shard's rows of a panel are missing", async () => {
    const sources = new Map<string, number>();
    const missing = fc.record({
      panel: fc.constantFrom(...STANDARD_PANELS.map(({ panel }) => panel)),
      shard: fc.constantFrom(0, 1),
      grains: fc.subarray<RolledGrain>(["hour", "day", "month"], { minLength: 1 }),
    });
    const property = fc.asyncProperty(scene, missing, async (one, { panel, shard, grains }) => {
      const isMissing = (row: Row) =>
        row.shard === shard && grains.includes(row.grain) && row.panel.split("#")[0] === panel;
      const { plain, rolled } = await bothPorts(one, isMissing);
      const date_range: [string, string] = [one.days[0]!, one.days.at(-1)!].map(({ start }) =>
        dateOf(start, one.timeZone),
      ) as [string, string];
      for (const question of questions) {
        const answer = await ask(rolled, { ...question, date_range });
        expect(answer.results).toEqual((await ask(plain, { ...question, date_range })).results);
        sources.set(answer.meta.source, (sources.get(answer.meta.source) ?? 0) + 1);
      }
    });
    await fc.assert(property, { numRuns: 40 });
    expect([...sources.keys()].sort()).toEqual(["rollups", "rollups_and_shards", "shards"]);
  }, 120_000);

  it("read beside only where a row may be missing, and ask the shards for no hour without events", async () => {
    const [{ timeZone, at }] = SWITCHES;
    const days = bucketsTouched([at - 3 * DAY], at + 4 * DAY, "day", timeZone).slice(0, DATES);
    const now = days.at(-1)!.end + DAY;
    const events = days.map(({ start }) =>
      anEvent({ name: "pageview", at: start + 9 * HOUR, visitorId: "0".repeat(16) }),
    );
    const one: Scene = { timeZone, days, now, first: 0, last: 5, unsureDays: [], unsureHours: [], events };
    const dates = [days[0]!, days.at(-1)!].map(({ start }) => dateOf(start, timeZone)) as [string, string];
    const asked: Partial<QueryInput> = { metrics: ["pageviews"], dimensions: ["time:day"], date_range: dates };
    const calls = async (isMissing: (row: Row) => boolean) => {
      const { plain, rolled } = await bothPorts(one, isMissing);
      let [reads, scans] = [0, 0];
      const ports: QueryPorts = {
        ...rolled,
        rolled: {
          ...rolled.rolled!,
          read(own) {
            reads++;
            return rolled.rolled!.read(own);
          },
        },
        scan(shard, own) {
          scans++;
          return rolled.scan(shard, own);
        },
      };
      const { results, meta } = await ask(ports, asked);
      expect(results).toEqual((await ask(plain, asked)).results);
      return { reads, scans, source: meta.source, rows: meta.rolled };
    };
    // All rows are there: one read, as if holes were not looked for.
    expect(await calls(() => false)).toEqual({ reads: 1, scans: 0, source: "rollups", rows: 2 * DATES });
    // A shard that nobody visited has no rows: those of another panel are asked for once, and tell that none is missing.
    const [reads, scans] = [2, 0];
    expect(await calls(({ shard }) => shard === 1)).toEqual({ reads, scans, source: "rollups", rows: 2 * DATES });
    // Of the last day a row is gone.
    const isGone = ({ shard, bucket, panel }: Row) => shard === 0 && bucket === days[5]!.start && panel === TOTALS;
    const { source } = await calls(isGone);
    expect(source).toBe("rollups_and_shards");
  });

  it("tell of goals whenever they were set, and of goals by many pages the shards do", async () => {
    const [{ timeZone, at }] = SWITCHES;
    const days = bucketsTouched([at - 3 * DAY], at + 4 * DAY, "day", timeZone).slice(0, DATES);
    const start = days[0]!.start + 8 * HOUR;
    const views = ["/a", "/a", "/b"].map((path, hour) =>
      anEvent({ name: "pageview", path, at: start + hour * HOUR, visitorId: "0".repeat(16) }),
    );
    // On the page, and no view of it before the next day.
    const other = ["signup", "pageview"].map((name, day) =>
      anEvent({ name, path: "/a", at: start + day * DAY, visitorId: "1".repeat(16) }),
    );
    const now = days.at(-1)!.end;
    const scene: Scene = { timeZone, days, now, first: 0, last: 1, unsureDays: [], unsureHours: [], events: [] };
    const { rolled } = await bothPorts({ ...scene, events: [...views, ...other] });
    const dates = [0, 1].map((day) => dateOf(days[day]!.start, timeZone));
    const asked: Partial<QueryInput> = {
      metrics: ["visitors", "events"],
      dimensions: ["event:goal"],
      date_range: [dates[0]!, dates[1]!],
    };
    const answer = await ask(rolled, asked);
    expect(answer.meta.source).toBe("rollups");
    expect(answer.results).toContainEqual({ dimensions: ["Saw a"], metrics: [2, 3] });
    expect(answer.results).toContainEqual({ dimensions: ["Joined"], metrics: [1, 1] });
    const more = await ask({ ...rolled, goals: [...GOALS, ANY_PAGE] }, asked);
    expect(more.meta.source).toBe("shards");
    expect(more.results).toEqual(
      expect.arrayContaining([...answer.results, { dimensions: ["Any page"], metrics: [2, 4] }]),
    );
    const changed: Goal = { id: "g4", name: "Saw a", kind: "page", match: "/b" };
    const after = await ask({ ...rolled, goals: [changed] }, asked);
    expect(after).toMatchObject({ meta: { source: "rollups" }, results: [{ dimensions: ["Saw a"], metrics: [1, 1] }] });
  });
});
