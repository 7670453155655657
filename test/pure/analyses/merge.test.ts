import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyses } from "../../../workers/analyses/index.ts";
import type { Figure } from "../../../workers/catalog/figure.ts";
import { MEASURES } from "../../../workers/catalog/measure.ts";
import { bucketsOf } from "../../../workers/domain/buckets.ts";
import type { Event } from "../../../workers/domain/event.ts";
import type { Filter } from "../../../workers/domain/query.ts";
import { inBatches, scanAll, sourceOf } from "../../support/shards.ts";
import { someTraffic } from "../../support/traffic.ts";

const FROM = Date.UTC(2026, 10, 1);
const DAY = 24 * 3_600_000;
const measures = [...MEASURES];
const goals = [
  { name: "Signup", filter: ["is", "event:name", ["signup"]] },
  { name: "Any", filter: ["contains", "event:page", ["/"]] },
];

const funnel = {
  steps: [
    { name: "view", filter: ["is", "event:name", ["pageview"]] },
    { name: "a", filter: ["contains", "event:page", ["a"]] },
    { name: "signup", filter: ["is", "event:name", ["signup"]] },
  ],
  strict: false,
  breakdown: null,
  elsewhere: true,
};
const retention = {
  cohort: ["is", "event:name", ["pageview"]],
  return: ["contains", "event:page", ["a"]],
  granularity: "day",
  buckets: bucketsOf(FROM, FROM + 4 * DAY, "day", "Asia/Kathmandu"),
  elsewhere: true,
};

const signups: Filter[] = [["is", "event:name", ["signup"]]];
const ownFigures: Figure[] = [
  { of: "events", filters: signups },
  { of: "visitors", filters: [] },
  { of: "visits", filters: signups },
  { of: "users", filters: [] },
  { of: "values", property: "plan", filters: signups },
  { of: "numbers", property: "price", percents: [50, 95], filters: [] },
];

/** One or more params for each registered analysis; a new one does not compile until it is here. */
const params: { [Name in keyof typeof analyses]: unknown[] } = {
  totals: [{ measures }],
  timeseries: [
    { measures, grain: "hour" },
    { measures, grain: "day" },
  ],
  breakdown: [
    { measures, dimensions: ["event:page"] },
    { measures, dimensions: ["visit:exit_page", "event:props:plan", "time:day"] },
    { measures, dimensions: ["event:goal", "visit:country"], goals },
  ],
  eventQuality: [{}],
  events: [{}],
  figures: [
    { figures: ownFigures, dimensions: [] },
    { figures: ownFigures, dimensions: ["event:page", "time:day"] },
    { figures: ownFigures, dimensions: ["event:goal", "event:props:plan"], goals },
  ],
  funnel: [
    { ...funnel, window: null, by: "visitor" },
    { ...funnel, window: 3_600_000, by: "user", breakdown: "visit:country" },
    { ...funnel, window: "session", by: "user", breakdown: "event:props:plan" },
    { ...funnel, window: null, by: "session", strict: true },
  ],
  retention: [
    { ...retention, kind: "bounded", by: "visitor" },
    { ...retention, kind: "unbounded", by: "user" },
    { ...retention, kind: "rolling", by: "user" },
  ],
  paths: [
    { anchor: null, steps: "all", depth: 4, limit: 2, repeats: false },
    {
      anchor: { filter: ["is", "event:name", ["signup"]], direction: "to" },
      steps: "pages",
      depth: 3,
      limit: 9,
      repeats: true,
    },
  ],
  propertyShapes: [{}],
  rollUp: [
    { dimension: null, dayStarts: [] },
    { dimension: "event:page", dayStarts: [FROM - 2 * DAY, FROM - DAY, FROM] },
    { dimension: "visit:exit_page", dayStarts: [FROM - DAY, FROM] },
  ],
  properties: [
    { of: null, property: null, limit: 10 },
    { of: null, property: "price", limit: 2 },
  ],
};

/** What the proof needs of an analysis, whatever its params, partial and result are. */
interface Mergeable {
  params: { parse(own: unknown): unknown };
  init(own: unknown): unknown;
  merge(a: unknown, b: unknown): unknown;
  finish(partial: unknown, own: unknown): unknown;
  answer(partials: readonly unknown[], own: unknown): unknown;
}

const registered: Readonly<Record<string, Mergeable>> = analyses;
const cases = Object.entries(registered).flatMap(([name, analysis]) =>
  params[name as keyof typeof analyses].map((own) => ({ name, analysis, own })),
);

/** Visitors dealt to shards, and the order in which the shards' partials are merged. */
const dealt = fc
  .integer({ min: 1, max: 5 })
  .chain((shards) =>
    fc.tuple(
      someTraffic(FROM),
      fc.array(fc.integer({ min: 0, max: shards - 1 }), { minLength: 6, maxLength: 6 }),
      fc.shuffledSubarray([...Array(shards).keys()], { minLength: shards }),
    ),
  );

async function partialOf(events: Event[], analysis: string, own: unknown): Promise<unknown> {
  const request = { analysis, params: own, from: FROM, to: FROM + 4 * DAY, timeZone: "Asia/Kathmandu", filters: [] };
  const { partials } = await scanAll(sourceOf(inBatches(events, 7)), [request], { sliceRows: 20 });
  return JSON.parse(JSON.stringify(partials[0]));
}

describe("merging partials", () => {
  it.each(cases)(
    "of $name gives the whole, for any split of the visitors and any order",
    async ({ name, analysis, own }) => {
      const property = fc.asyncProperty(dealt, async ([events, shardOf, order]) => {
        const parts = await Promise.all(
          order.map((shard) =>
            partialOf(
              events.filter(({ visitorId }) => shardOf[Number(visitorId[0])] === shard),
              name,
              own,
            ),
          ),
        );
        const parsed = analysis.params.parse(own);
        const whole = analysis.answer([await partialOf(events, name, own)], parsed);
        expect(analysis.answer(parts, parsed)).toEqual(whole);
        const empty = analysis.init(parsed);
        expect(analysis.answer([empty, ...parts, empty], parsed)).toEqual(whole);
      });
      await fc.assert(property, { numRuns: 60 });
    },
  );

  it.each(cases)("of $name is associative and commutative", async ({ name, analysis, own }) => {
    const traffic = someTraffic(FROM);
    const property = fc.asyncProperty(traffic, traffic, traffic, async (first, second, third) => {
      const read = (events: Event[]) => partialOf(events, name, own);
      const [a, b, c] = [await read(first), await read(second), await read(third)];
      const { merge } = analysis;
      const done = (partial: unknown) => analysis.finish(partial, analysis.params.parse(own));
      expect(done(merge(merge(a, b), c))).toEqual(done(merge(a, merge(b, c))));
      expect(done(merge(a, b))).toEqual(done(merge(b, a)));
    });
    await fc.assert(property, { numRuns: 30 });
  });
});
