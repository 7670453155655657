import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketsTouched } from "../../../durable-objects/site-shard/roll-calendar.ts";
import type { Event } from "../../../workers/domain/event.ts";
import type { QueryInput } from "../../../workers/domain/query.ts";
import type { QueryPorts } from "../../../workers/query/run.ts";
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
const questions: Partial<QueryInput>[] = [
  { metrics: METRICS },
  { metrics: METRICS, include: { comparisons: { mode: "previous_period" } } },
  { metrics: ["visitors", "pageviews", "visits"], dimensions: ["event:page"] },
  { metrics: ["visitors", "percentage"], dimensions: ["visit:source"] },
  { metrics: ["visits", "bounce_rate"], dimensions: ["visit:exit_page"] },
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

async function bothPorts(one: Scene): Promise<{ plain: QueryPorts; rolled: QueryPorts }> {
  const { timeZone, days, now } = one;
  const sources = shardsOf(one).map((own) => sourceOf(inBatches(own, 20)));
  const scan: QueryPorts["scan"] = async (shard, requests) => [await scanAll(sources[shard]!, requests)];
  const plain = portsOf([], { site: aSite({ timeZone, shards: 2 }), now, scan });
  const hours = bucketsTouched([days[0]!.start], days.at(-1)!.end, "hour", timeZone);
  const ports = await rolledPortsOf(
    { sources, timeZone, from: days[0]!.start - 3 * DAY, to: days.at(-1)!.end },
    {
      closedUntil: now - 31 * 60_000,
      days: one.unsureDays.map((day) => days[day]!.start),
      hours: one.unsureHours.flatMap((hour) => (hours[hour] ? [Math.floor(hours[hour].start / HOUR) * HOUR] : [])),
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
});
