import { describe, expect, it } from "vitest";
import { type Reference, type ReferenceRows, referenceOf } from "../../../bench/reference/events.ts";
import { packedEvents } from "../../../bench/reference/packed.ts";
import { MOST_VALUE, NAMES, VALUES } from "../../../bench/reference/values.ts";
import { unpackEvent } from "../../../workers/domain/event.ts";

const DAY = 86_400_000;
const HALF_AN_HOUR = 1_800_000;
const from = Date.UTC(2026, 9, 1);
const reference = referenceOf({ seed: 7, events: 100_000, from });
const rows = reference.rows(0, reference.groups);

function momentsByVisitor({ visitor, at, visit, length }: ReferenceRows) {
  const moments = Array.from({ length }, (_, row) => ({ visitor: visitor[row]!, at: at[row]!, visit: visit[row]! }));
  return [...Map.groupBy(moments, (one) => one.visitor).values()].map((own) => own.sort((a, b) => a.at - b.at));
}

function columnsOf(all: ReferenceRows): number[][] {
  return [all.at, all.visitor, all.visit, all.name, all.path, all.value].map((column) => [...column]);
}

describe("the reference data", () => {
  it("has a visitor per five events, and each of them comes", () => {
    expect(rows.length).toBe(reference.events);
    expect(reference.visitors * 5).toBe(reference.events);
    expect(new Set(rows.visitor).size).toBe(reference.visitors);
    expect(new Set(rows.visit).size).toBe(reference.visits);
  });

  it("lies within its thirty days and reaches over all of them", () => {
    const days = new Set([...rows.at].map((at) => Math.floor((at - from) / DAY)));
    expect([...days].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, day) => day));
  });

  it("parts a visitor's visits by more than half an hour, and nothing within one", () => {
    const wrong = momentsByVisitor(rows).flatMap((own) =>
      own.filter(({ at, visit }, i) => {
        const before = own[i - 1];
        return before && at - before.at > HALF_AN_HOUR !== (visit !== before.visit);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("has four page views in five events, and a number in all others", () => {
    const views = [...rows.name].filter((name) => name === 0).length;
    expect(views / rows.length).toBeCloseTo(0.8, 2);
    expect(new Set(rows.name).size).toBe(NAMES.length);
    const odd = [...rows.value].filter((value, row) => value > MOST_VALUE || value > 0 !== rows.name[row]! > 0);
    expect(odd).toEqual([]);
  });

  it("knows 500 paths, the first of them seen twice as often as the second", () => {
    const counts = VALUES.path.list.map(() => 0);
    for (const path of rows.path) counts[path]! += 1;
    expect(counts).toHaveLength(500);
    expect(counts.every((count) => count > 0)).toBe(true);
    expect(counts[0]! / counts[1]!).toBeCloseTo(2, 0);
  });

  it("is the same for the same seed, whole or in parts, and another for another seed", () => {
    const again = referenceOf({ seed: 7, events: 100_000, from });
    const parts = [again.rows(60, 100), again.rows(0, 60)];
    expect(columnsOf(parts[1]!)).toEqual(columnsOf(reference.rows(0, 60)));
    expect(columnsOf(parts[0]!)).toEqual(columnsOf(reference.rows(60, 100)));
    const other: Reference = referenceOf({ seed: 8, events: 100_000, from });
    expect(columnsOf(other.rows(0, 60))).not.toEqual(columnsOf(parts[1]!));
  });

  it("becomes events of visitors who can be recognised, with what stays the same of each", () => {
    const some = reference.rows(3, 5);
    const events = packedEvents(reference, some).map(unpackEvent);
    expect(events.map(({ at }) => at)).toEqual([...some.at]);
    const byVisitor = Map.groupBy(events, ({ visitorId }) => visitorId);
    expect(byVisitor.size).toBe(new Set(some.visitor).size);
    for (const [id, own] of byVisitor) {
      expect(id).toMatch(/^[0-9a-f]{16}$/);
      expect(new Set(own.map(({ browser, os, country }) => `${browser} ${os} ${country}`)).size).toBe(1);
      expect(own.every(({ persistentId }) => persistentId === id)).toBe(true);
    }
  });

  it("needs enough events to reach over its days", () => {
    expect(() => referenceOf({ seed: 1, events: 1000, from })).toThrow("events must be 19200 or more, not 1000");
  });
});
