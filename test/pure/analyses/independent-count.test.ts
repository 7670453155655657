import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyses } from "../../../workers/analyses/index.ts";
import type { Event } from "../../../workers/domain/event.ts";
import type { Filter } from "../../../workers/domain/query.ts";
import { decodeBatch, encodeBatch } from "../../../workers/engine/codec.ts";
import type { SortedBatch } from "../../../workers/engine/columns.ts";
import { mergeBatches } from "../../../workers/engine/merge-batches.ts";
import { paceOf } from "../../../workers/engine/pace.ts";
import type { ScanRequest } from "../../../workers/engine/scan.ts";
import { slicesOf } from "../../../workers/engine/visitor-key.ts";
import { inBatches, scanAll, sourceOf } from "../../support/shards.ts";
import { COUNTED, openCount, type Question } from "../../support/sql-count.ts";
import { someTraffic } from "../../support/traffic.ts";
import { SWITCHES } from "../../support/zones.ts";

const DAY = 24 * 3_600_000;
const dimensions = [
  "event:page",
  "event:name",
  "event:props:plan",
  "visit:source",
  "visit:country",
  "visit:entry_page",
  "visit:exit_page",
  "time:day",
];

const condition: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant<Filter>(["is", "event:page", ["/", "/b"]]),
  fc.constant<Filter>(["is_not", "visit:source", ["Google"]]),
  fc.constant<Filter>(["contains", "visit:exit_page", ["a", "r"]]),
  fc.constant<Filter>(["contains_not", "event:page", ["P"]]),
  fc.constant<Filter>(["is", "event:name", ["signup"]]),
  fc.constant<Filter>(["is", "event:props:plan", ["pro", "7"]]),
);
const filter: fc.Arbitrary<Filter> = fc.oneof(
  condition,
  fc.tuple(fc.constantFrom("and" as const, "or" as const), fc.array(condition, { minLength: 1, maxLength: 3 })),
  condition.map((inner): Filter => ["not", inner]),
  condition.map((inner): Filter => ["has_done", inner]),
  condition.map((inner): Filter => ["has_not_done", inner]),
  condition.map((inner): Filter => ["has_done", inner, { by: "visitor" }]),
);

const questionFrom = (first: number): fc.Arbitrary<Question> =>
  fc.record({
    from: fc.oneof(fc.integer({ min: first, max: first + 3 * DAY }), fc.constant(first + DAY)),
    to: fc.integer({ min: first + 3 * DAY + 1, max: first + 6 * DAY }),
    dimensions: fc
      .uniqueArray(fc.constantFrom(...dimensions), { maxLength: 3 })
      .map((names) => names.filter((name, index) => name !== "event:name" || index < 2)),
    filters: fc.array(filter, { maxLength: 2 }),
  });

function requestsFor(asked: Question, timeZone: string): ScanRequest[] {
  const measures = [...COUNTED, "revenue"] as const;
  const period = { from: asked.from, to: asked.to, timeZone, filters: asked.filters };
  if (asked.dimensions.length === 0) return [{ ...period, analysis: "totals", params: { measures } }];
  const breakdown = { ...period, analysis: "breakdown", params: { measures, dimensions: asked.dimensions } };
  if (asked.dimensions.join() !== "time:day") return [breakdown];
  return [breakdown, { ...period, analysis: "timeseries", params: { measures, grain: "day" } }];
}

interface Storage {
  /** Events of a batch, and rows of a slice. */
  size: number;
  sliceRows: number;
  /** As they come, as blocks, or made one from blocks. */
  kept: "fresh" | "stored" | "merged";
}

async function merged(batches: SortedBatch[]): Promise<SortedBatch[]> {
  const pace = paceOf(async () => {});
  const parts = await Promise.all(slicesOf(4).map((slice) => mergeBatches(batches, slice, pace)));
  return parts.filter((part) => part !== null).map(asBlock);
}

const asBlock = (batch: SortedBatch) => decodeBatch(encodeBatch(batch));

async function rowsOf(events: Event[], asked: Question, options: { timeZone: string } & Storage) {
  const fresh = inBatches(events, options.size);
  const stored = fresh.map(asBlock);
  const kept = { fresh, stored, merged: await merged(stored) }[options.kept];
  const requests = requestsFor(asked, options.timeZone);
  const { partials } = await scanAll(sourceOf(kept), requests, options);
  const params = { measures: [...COUNTED], goals: [], dimensions: asked.dimensions };
  return partials.map((partial) =>
    analyses.breakdown.answer([partial], params).rows.map(({ key, counts, revenue }) => ({
      key,
      counts: counts.slice(0, COUNTED.length),
      revenue: revenue ?? {},
    })),
  );
}

/** Events and a question around a moment at which some zone's clocks or dates jump. */
const scene = fc
  .constantFrom(...SWITCHES)
  .chain(({ timeZone, at }) => fc.tuple(someTraffic(at - 2 * DAY), questionFrom(at - 2 * DAY), fc.constant(timeZone)));
const storage = fc.record({
  size: fc.integer({ min: 1, max: 60 }),
  sliceRows: fc.constantFrom(5, 20, 100_000),
  kept: fc.constantFrom("fresh" as const, "stored" as const, "merged" as const),
});

describe("every analysis", () => {
  it("equals an independent count in SQL", async () => {
    const cases = fc.asyncProperty(scene, storage, async ([events, asked, timeZone], kept) => {
      const sql = openCount(events, timeZone);
      const expected = sql.count(asked);
      sql.close();
      for (const rows of await rowsOf(events, asked, { timeZone, ...kept })) expect(rows).toEqual(expected);
    });
    await fc.assert(cases, { numRuns: 300 });
  }, 60_000);

  it("does not depend on the order of arrival or on batches", async () => {
    const order = scene.chain(([events, asked]) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }), fc.constant(asked)),
    );
    const cases = fc.asyncProperty(order, storage, async ([events, shuffled, asked], kept) => {
      const one = await rowsOf(events, asked, { timeZone: "UTC", size: 1000, sliceRows: 100_000, kept: "fresh" });
      expect(await rowsOf(shuffled, asked, { timeZone: "UTC", ...kept })).toEqual(one);
    });
    await fc.assert(cases, { numRuns: 100 });
  }, 60_000);
});
