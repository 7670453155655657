import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createIdSet, hashId } from "../../../durable-objects/site-shard/id-set.ts";
import { createImportLines } from "../../../durable-objects/site-shard/import-lines.ts";
import { exclude, holds, type Intervals, include } from "../../../durable-objects/site-shard/intervals.ts";
import { createSeenIds, hourOf, KEPT_HOURS } from "../../../durable-objects/site-shard/seen-ids.ts";
import { partsOfRanges } from "../../../durable-objects/site-shard/stored-memory.ts";

const NOON = Date.UTC(2026, 10, 21, 12);
const HOUR_MS = 3600_000;

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

describe("ids seen", () => {
  it("are seen again after being stored and restored, in parts too, and no other is", () => {
    const arrival = fc.record({ id, hoursAgo: fc.integer({ min: 0, max: 40 }) });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 80 }), fc.array(id, { maxLength: 20 }), (arrivals, strangers) => {
        const seen = createSeenIds();
        const model = new Set<string>();
        for (const { id, hoursAgo } of arrivals) {
          expect(seen.add(id, NOON - hoursAgo * HOUR_MS)).toBe(!model.has(id));
          model.add(id);
        }
        const restored = createSeenIds();
        for (let hours = 0; hours <= 40; hours++) {
          const stored = seen.store(hourOf(NOON - hours * HOUR_MS));
          if (!stored) continue;
          const counted = [...partsOfRanges(Object.entries(stored.counted), 8)];
          restored.restore({ ...stored, counted: {} });
          for (const part of counted) restored.restore({ hour: stored.hour, words: new Uint32Array(0), counted: part });
        }
        for (const one of [...model, ...strangers]) expect(restored.has(one)).toBe(model.has(one));
      }),
    );
  });

  it("are forgotten 48 hours later and not before", () => {
    const seen = createSeenIds();
    seen.add("kept", NOON);
    seen.add("aLongRandomSenderPart0-1", NOON);
    expect(seen.expire(NOON + KEPT_HOURS * HOUR_MS)).toEqual([]);
    expect(seen.has("kept") && seen.has("aLongRandomSenderPart0-1")).toBe(true);
    expect(seen.expire(NOON + (KEPT_HOURS + 1) * HOUR_MS)).toEqual([NOON]);
    expect(seen.has("kept") || seen.has("aLongRandomSenderPart0-1")).toBe(false);
  });

  it("of a commit that failed can be taken again", () => {
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 1, maxLength: 30 }), (ids) => {
        const seen = createSeenIds();
        for (const one of ids) seen.add(one, NOON);
        for (const one of ids.slice(1)) seen.remove(one, NOON);
        expect(ids.map((one) => seen.has(one))).toEqual(ids.map((_, i) => i === 0));
        for (const one of ids.slice(1)) expect(seen.add(one, NOON)).toBe(true);
      }),
    );
  });

  it("say which hours changed since they were stored", () => {
    const seen = createSeenIds();
    seen.add("a", NOON);
    expect([seen.changed(NOON), seen.changed(NOON - HOUR_MS)]).toEqual([true, false]);
    seen.settle(NOON);
    expect(seen.changed(NOON)).toBe(false);
    seen.add("b", NOON + 1);
    expect(seen.changed(NOON)).toBe(true);
  });
});
