import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseMerge } from "../../../durable-objects/site-shard/merge-choice.ts";
import type { SegmentFacts } from "../../../durable-objects/site-shard/segment-store.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The beginning of a day, of a span of 4 days and of one of 16. */
const START = 16 * DAY * 1200;

let ids = 0;
function segment(fields: Partial<SegmentFacts> & { atMin: number }): SegmentFacts {
  const id = ++ids;
  return {
    id,
    importId: "",
    atMax: fields.atMin + HOUR - 1,
    receivedAt: 0,
    count: 1000,
    run: 0,
    arrival: id,
    ...fields,
  };
}

const hours = (count: number, from = START) =>
  Array.from({ length: count }, (_, hour) => segment({ atMin: from + hour * HOUR }));
const idsOf = (segments: readonly SegmentFacts[]) => segments.map(({ id }) => id);

describe("what to merge", () => {
  it("is nothing while a day is young, and many small ones of it later", () => {
    const day = hours(7);
    expect(chooseMerge(day, START + 7 * HOUR)).toBeNull();
    const more = [...day, ...hours(1, START + 7 * HOUR)];
    expect(chooseMerge(more, START + 8 * HOUR)?.sort()).toEqual(idsOf(more).sort());
  });

  it("leaves what is large of a day under way alone", () => {
    const large = segment({ atMin: START, count: 1_000_000 });
    const small = hours(8, START + HOUR);
    expect(chooseMerge([large, ...small], START + 10 * HOUR)?.sort()).toEqual(idsOf(small).sort());
  });

  it("is a day that is over, then four of them, then sixteen", () => {
    const first = hours(3);
    expect(chooseMerge(first, START + DAY)).toBeNull();
    expect(chooseMerge(first, START + DAY + HOUR)).toEqual(idsOf(first));
    const days = [0, 1, 2, 3].map((day) => segment({ atMin: START + day * DAY, atMax: START + (day + 1) * DAY - 1 }));
    expect(chooseMerge(days, START + 4 * DAY)).toBeNull();
    expect(chooseMerge(days, START + 4 * DAY + HOUR)).toEqual(idsOf(days));
    const fours = [0, 4, 8, 12].map((day) => segment({ atMin: START + day * DAY, atMax: START + (day + 4) * DAY - 1 }));
    expect(chooseMerge(fours, START + 16 * DAY + HOUR)).toEqual(idsOf(fours));
  });

  it("takes all segments of a run, and none of another import", () => {
    const run = [1, 2].map(() => segment({ atMin: START, run: 7 }));
    const late = segment({ atMin: START + 2 * HOUR });
    const imported = segment({ atMin: START + 3 * HOUR, importId: "history" });
    expect(chooseMerge([...run, late, imported], START + 2 * DAY)?.sort()).toEqual(idsOf([...run, late]).sort());
    expect(chooseMerge([...run, imported], START + 2 * DAY)).toBeNull();
  });

  it("does not write a large run anew for a few late events, but for many pieces of them", () => {
    const large = segment({ atMin: START, count: 5_000_000 });
    const late = Array.from({ length: 7 }, () => segment({ atMin: START + HOUR, count: 10 }));
    expect(chooseMerge([large, ...late], START + 2 * DAY)).toBeNull();
    const more = [large, ...late, segment({ atMin: START + HOUR, count: 10 })];
    expect(chooseMerge(more, START + 2 * DAY)?.sort()).toEqual(idsOf(more).sort());
  });

  it("comes to an end, with few runs, whatever there is", () => {
    const some = fc.record({
      atMin: fc.integer({ min: START, max: START + 40 * DAY }),
      length: fc.oneof(fc.integer({ min: 0, max: HOUR }), fc.integer({ min: 0, max: 400 * DAY })),
      count: fc.integer({ min: 1, max: 100_000 }),
      importId: fc.constantFrom("", "", "a"),
    });
    const cases = fc.property(fc.array(some, { maxLength: 60 }), (list) => {
      let segments = list.map(({ length, ...one }) => segment({ ...one, atMax: one.atMin + length }));
      const total = segments.reduce((sum, { count }) => sum + count, 0);
      const now = START + 1000 * DAY;
      for (let turn = 0; turn < 100; turn++) {
        const chosen = chooseMerge(segments, now);
        if (!chosen) break;
        expect(chosen.length).toBeGreaterThan(1);
        const own = segments.filter(({ id }) => chosen.includes(id));
        expect(new Set(own.map(({ importId }) => importId)).size).toBe(1);
        const merged = segment({
          importId: own[0]!.importId,
          atMin: Math.min(...own.map(({ atMin }) => atMin)),
          atMax: Math.max(...own.map(({ atMax }) => atMax)),
          count: own.reduce((sum, { count }) => sum + count, 0),
        });
        segments = [...segments.filter(({ id }) => !chosen.includes(id)), merged];
      }
      expect(chooseMerge(segments, now)).toBeNull();
      expect(segments.reduce((sum, { count }) => sum + count, 0)).toBe(total);
    });
    fc.assert(cases, { numRuns: 200 });
  });
});
