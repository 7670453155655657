import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addToFilter, createIdFilter, mayHold } from "../../../durable-objects/site-shard/id-filter.ts";
import { createIdSet, hashId } from "../../../durable-objects/site-shard/id-set.ts";
import { createImportLines } from "../../../durable-objects/site-shard/import-lines.ts";
import { exclude, holds, type Intervals, include } from "../../../durable-objects/site-shard/intervals.ts";
import { createSeenIds } from "../../../durable-objects/site-shard/seen-ids.ts";
import { RUN_IDS, runsToMerge } from "../../../durable-objects/site-shard/seen-run-choice.ts";
import type { RunFacts } from "../../../durable-objects/site-shard/seen-run-store.ts";
import {
  cutPages,
  mergeIds,
  pageHolds,
  pageOf,
  pagesFor,
  sortIds,
} from "../../../durable-objects/site-shard/sorted-ids.ts";
import { partsOfRanges } from "../../../durable-objects/site-shard/stored-memory.ts";

const id = fc.oneof(
  fc.string({ minLength: 1, maxLength: 64 }),
  fc.uuid(),
  fc
    .tuple(fc.constantFrom("aLongRandomSenderPart0", "aLongRandomSenderPart1"), fc.integer({ min: 0, max: 40 }))
    .map(([sender, n]) => `${sender}-${n}`),
  fc.constantFrom("aLongRandomSenderPart0-007", "aLongRandomSenderPart0-7", "__proto__", "constructor"),
);
const step = fc.record({ id, remove: fc.boolean() });

describe("a set of hashed ids", () => {
  it("makes two unsigned words of an id, the second never zero", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const words = hashId(text);
        expect([...Uint32Array.from(words)]).toEqual(words);
        expect(words[1]).toBeGreaterThan(0);
      }),
    );
  });

  it("does what a set of strings does, through growth and removals", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const set = createIdSet();
        const model = new Set<string>();
        for (const { id, remove } of steps) {
          if (remove) {
            set.remove(hashId(id));
            model.delete(id);
          } else {
            expect(set.add(hashId(id))).toBe(!model.has(id));
            model.add(id);
          }
          expect(set.has(hashId(id))).toBe(model.has(id));
        }
        expect(set.size).toBe(model.size);
        const copy = createIdSet(set.words());
        for (const { id } of steps) expect(copy.has(hashId(id))).toBe(model.has(id));
      }),
    );
  });

  it("tells 200,000 ids apart that differ in little", () => {
    const set = createIdSet();
    for (let n = 0; n < 100_000; n++) {
      expect(set.add(hashId(`2k7f3q9x1z-${n}`)) && set.add(hashId(`${n}-2k7f3q9x1z`))).toBe(true);
    }
    expect(set.size).toBe(200_000);
  });
});

describe("intervals", () => {
  it("do what a set of numbers does and stay sorted, disjoint and apart", () => {
    const change = fc.record({ n: fc.integer({ min: 0, max: 60 }), remove: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 150 }), (changes) => {
        const ranges: Intervals = [];
        const model = new Set<number>();
        for (const { n, remove } of changes) {
          if (remove) {
            exclude(ranges, n);
            model.delete(n);
          } else {
            expect(include(ranges, n)).toBe(!model.has(n));
            model.add(n);
          }
        }
        for (let n = 0; n <= 61; n++) expect(holds(ranges, n)).toBe(model.has(n));
        for (let i = 1; i < ranges.length; i++) {
          expect(ranges[i]! - ranges[i - 1]!).toBeGreaterThanOrEqual(i % 2 === 0 ? 2 : 0);
        }
      }),
    );
  });

  it("of an import's lines are one range when they come in order", () => {
    const lines = createImportLines();
    for (let n = 0; n < 1000; n++) expect(lines.add(`history-1:${n}`)).toBe(true);
    expect(lines.ranges("history-1")).toEqual([0, 999]);
    expect(lines.add("history-1:500")).toBe(false);
    expect(lines.has("history-2:500")).toBe(false);
    lines.remove("history-1:500");
    expect(lines.add("history-1:500")).toBe(true);
  });

  it("are stored in parts that fit a row and come back whole", () => {
    const named = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== "__proto__"),
      fc.array(fc.nat(1000), { minLength: 2, maxLength: 60 }).map((list) => list.slice(0, list.length & ~1)),
    );
    fc.assert(
      fc.property(named, fc.integer({ min: 2, max: 30 }), (ranges, partNumbers) => {
        const back = new Map<string, Intervals>();
        for (const part of partsOfRanges(Object.entries(ranges), partNumbers)) {
          expect(Object.values(part).flat().length).toBeLessThanOrEqual(Math.max(partNumbers, 2));
          for (const [name, more] of Object.entries(part)) {
            expect(more.length % 2).toBe(0);
            back.set(name, [...(back.get(name) ?? []), ...more]);
          }
        }
        expect(back).toEqual(new Map(Object.entries(ranges)));
      }),
    );
  });
});

describe("sorted ids", () => {
  const hashes = (from: number, to: number) => {
    const words = new Uint32Array((to - from) * 2);
    for (let n = from; n < to; n++) words.set(hashId(`id-${n}`), (n - from) * 2);
    return words;
  };
  const keysOf = (words: Iterable<number>) => {
    const list = [...words];
    return Array.from({ length: list.length / 2 }, (_, i) => `${list[i * 2]}/${list[i * 2 + 1]}`);
  };

  it("lie each on the page that arithmetic finds, and no other id is there", () => {
    const words = hashes(0, 30_000);
    sortIds(words);
    const pages = new Map([...cutPages([words], pagesFor(30_000))].map(({ page, words }) => [page, words]));
    expect([...pages.values()].reduce((sum, page) => sum + page.length, 0)).toBe(60_000);
    const held = (id: string) => {
      const hash = hashId(id);
      const page = pages.get(pageOf(hash[1], pagesFor(30_000)));
      return page !== undefined && pageHolds(page, hash);
    };
    for (let n = 0; n < 30_000; n++) expect(held(`id-${n}`)).toBe(true);
    for (let n = 0; n < 30_000; n++) expect(held(`other-${n}`)).toBe(false);
  });

  it("of several runs merge into all of them, each once, in order", () => {
    const list = fc.uniqueArray(fc.nat(400), { maxLength: 200 });
    fc.assert(
      fc.property(fc.array(list, { maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (lists, partIds) => {
        const streams = lists.map((numbers) => {
          const words = Uint32Array.from(numbers.flatMap((n) => hashId(`${n}`)));
          sortIds(words);
          return Array.from({ length: Math.ceil(numbers.length / partIds) }, (_, i) =>
            words.subarray(i * partIds * 2, (i + 1) * partIds * 2),
          );
        });
        const all = Uint32Array.from([...new Set(lists.flat())].flatMap((n) => hashId(`${n}`)));
        sortIds(all);
        expect(keysOf([...mergeIds(streams)].flatMap((part) => [...part]))).toEqual(keysOf(all));
      }),
    );
  });

  it.each([
    [10, 0.03],
    [8, 0.05],
    [3, 0.3],
  ])("pass a filter of %d bits an id, which lets few others through", (bits, most) => {
    const filter = createIdFilter(50_000, bits);
    const words = hashes(0, 50_000);
    for (let i = 0; i < words.length; i += 2) addToFilter(filter, [words[i]!, words[i + 1]!]);
    let wrong = 0;
    for (let n = 0; n < 50_000; n++) {
      expect(mayHold(filter, hashId(`id-${n}`))).toBe(true);
      if (mayHold(filter, hashId(`other-${n}`))) wrong++;
    }
    expect(wrong / 50_000).toBeLessThan(most);
  });
});

describe("ids seen", () => {
  it("are seen again after being stored and restored, in parts too, and no other is", () => {
    fc.assert(
      fc.property(fc.array(fc.array(id)), fc.array(id, { maxLength: 20 }), (parts, strangers) => {
        const seen = createSeenIds();
        const restored = createSeenIds();
        const model = new Set<string>();
        for (const part of parts) {
          for (const one of part) {
            expect(seen.add(one)).toBe(!model.has(one));
            model.add(one);
          }
          restored.restore(seen.unstored());
          seen.settle();
        }
        expect([seen.size, restored.size]).toEqual([model.size, model.size]);
        for (const one of [...model, ...strangers]) {
          expect([seen.has(one), restored.has(one)]).toEqual([model.has(one), model.has(one)]);
        }
      }),
    );
  });

  it("are told apart from those on disk", () => {
    const old = createIdSet();
    old.add(hashId("old"));
    const seen = createSeenIds(old);
    expect([seen.has("old"), seen.add("old"), seen.add("new"), seen.add("new")]).toEqual([true, false, true, false]);
    expect(seen.size).toBe(1);
  });

  it("of a commit that failed can be taken again", () => {
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 1, maxLength: 30 }), (ids) => {
        const seen = createSeenIds();
        for (const one of ids) seen.add(one);
        for (const one of ids.slice(1)) seen.remove(one);
        expect(ids.map((one) => seen.has(one))).toEqual(ids.map((_, i) => i === 0));
        for (const one of ids.slice(1)) expect(seen.add(one)).toBe(true);
      }),
    );
  });
});

describe("runs of ids", () => {
  const HOUR_MS = 3600_000;
  const run = (id: number, count: number, hour = id): RunFacts => {
    const oldest = hour * HOUR_MS;
    return { id, count, pages: 1, oldest, newest: oldest + HOUR_MS, probes: 0 };
  };

  it("merge by fours of a size, the small ones first, the oldest first", () => {
    const small = [1, 2, 3, 4, 5].map((id) => run(id, RUN_IDS));
    expect(runsToMerge(small.slice(0, 3))).toEqual([]);
    expect(runsToMerge(small.toReversed()).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    const large = [6, 7, 8, 9].map((id) => run(id, RUN_IDS * 4));
    expect(runsToMerge([...large, ...small]).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(runsToMerge([...large, ...small.slice(0, 2)]).map(({ id }) => id)).toEqual([6, 7, 8, 9]);
  });

  it("stay apart when they lie over a day apart, so that old ids are not kept for new ones' sake", () => {
    expect(runsToMerge([0, 10, 20, 30].map((hour, id) => run(id, RUN_IDS, hour)))).toEqual([]);
  });
});
