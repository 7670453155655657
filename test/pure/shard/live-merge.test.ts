import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changesBetween, mergeLive } from "../../../durable-objects/live-site/merge.ts";
import type { ShardLive } from "../../../durable-objects/site-shard/protocol.ts";
import type { LiveChanges, LiveCount, LiveState } from "../../../workers/domain/live.ts";

const NOON = Date.UTC(2026, 10, 21, 12);
const MINUTE_MS = 60_000;

const counts = fc
  .uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 5 })
  .chain((names) => fc.tuple(...names.map((name) => fc.integer({ min: 1, max: 9 }).map((count) => ({ name, count })))));
const minutes = fc
  .uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 5 })
  .map((list) => list.map((n) => ({ start: NOON + n * MINUTE_MS, pageviews: n, events: n + 1 })));
const shardLive = (shard: number): fc.Arbitrary<ShardLive> =>
  fc.record({
    epoch: fc.constant(1),
    shard: fc.constant(shard),
    given: fc.constant([]),
    taken: fc.constant([]),
    sequence: fc.nat(),
    visitors: fc.nat(50),
    minutes,
    pages: counts,
    sources: counts,
    countries: counts,
    goals: counts,
    events: fc.uniqueArray(fc.nat(30), { maxLength: 10 }).map((list) =>
      list.map((n) => ({
        key: `1.${shard}.${n}`,
        at: NOON + n,
        name: "pageview",
        path: "/",
        source: "",
        country: "",
        device: "",
        browser: "",
      })),
    ),
  });
const shards = fc.tuple(shardLive(0), shardLive(1), shardLive(2));

const byName = (list: LiveCount[]): [string, number][] =>
  list.map(({ name, count }): [string, number] => [name, count]).sort();

/** A viewer who only follows the messages. */
function applied(before: LiveState, changes: LiveChanges | null): LiveState {
  const list = (old: LiveCount[], changed: LiveCount[] = []) => {
    const merged = new Map([...old, ...changed].map(({ name, count }) => [name, count]));
    return [...merged].map(([name, count]) => ({ name, count })).filter(({ count }) => count > 0);
  };
  const starts = new Map([...before.minutes, ...(changes?.minutes ?? [])].map((minute) => [minute.start, minute]));
  return {
    visitors: changes?.visitors ?? before.visitors,
    minutes: [...starts.values()],
    pages: list(before.pages, changes?.pages),
    sources: list(before.sources, changes?.sources),
    countries: list(before.countries, changes?.countries),
    goals: list(before.goals, changes?.goals),
    events: [...(changes?.events ?? []), ...before.events],
  };
}

describe("merging the shards' counters", () => {
  it("adds them up, in whatever order they come", () => {
    fc.assert(
      fc.property(shards, ([a, b, c]) => {
        const state = mergeLive([a, b, c]);
        expect(mergeLive([c, a, b])).toEqual({ ...state, events: expect.any(Array) });
        expect(state.visitors).toBe(a.visitors + b.visitors + c.visitors);
        const sumOf = (list: { count: number }[]) => list.reduce((sum, { count }) => sum + count, 0);
        expect(sumOf(state.pages)).toBe(sumOf([...a.pages, ...b.pages, ...c.pages]));
        const events = state.minutes.reduce((sum, minute) => sum + minute.events, 0);
        expect(events).toBe([a, b, c].flatMap((one) => one.minutes).reduce((sum, minute) => sum + minute.events, 0));
        expect(state.events.map(({ at }) => at)).toEqual(state.events.map(({ at }) => at).sort((x, y) => y - x));
      }),
    );
  });

  it("shows at most 20 of a list and 50 events, and every goal", () => {
    const many = Array.from({ length: 60 }, (_, i) => ({ name: `n${i}`, count: i + 1 }));
    const [one] = fc.sample(shardLive(0), 1);
    const state = mergeLive([{ ...one!, pages: many, goals: many }]);
    expect(state.pages).toHaveLength(20);
    expect(state.pages[0]).toEqual({ name: "n59", count: 60 });
    expect(state.goals).toHaveLength(60);
  });
});

describe("changes between two states", () => {
  it("bring a viewer who has the first to the second", () => {
    fc.assert(
      fc.property(shards, shards, (one, two) => {
        const [before, after] = [mergeLive(one), mergeLive(two)];
        const seen = applied(before, changesBetween(before, after));
        expect(seen.visitors).toBe(after.visitors);
        for (const list of ["pages", "sources", "countries", "goals"] as const) {
          expect(byName(seen[list])).toEqual(byName(after[list]));
        }
        for (const minute of after.minutes) expect(seen.minutes).toContainEqual(minute);
        const keys = seen.events.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { key } of after.events) expect(keys).toContain(key);
      }),
    );
  });

  it("are none when nothing changed", () => {
    fc.assert(
      fc.property(shards, (one) => {
        expect(changesBetween(mergeLive(one), mergeLive(one))).toBeNull();
      }),
    );
  });

  it("hold nothing but what changed", () => {
    const [one] = fc.sample(shardLive(0), 1);
    const before = mergeLive([one!]);
    expect(changesBetween(before, mergeLive([{ ...one!, visitors: one!.visitors + 1 }]))).toEqual({
      visitors: one!.visitors + 1,
    });
  });
});
