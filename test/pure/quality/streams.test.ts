import { describe, expect, it } from "vitest";
import { simulate } from "../../../workers/local/simulator/simulate.ts";
import { countsDiffer, missingHours } from "../../../workers/quality/streams/counts-differ.ts";
import { countRepeats, duplicates } from "../../../workers/quality/streams/duplicates.ts";
import { gaps } from "../../../workers/quality/streams/gap.ts";
import { lateEvents, latenessOf } from "../../../workers/quality/streams/late-events.ts";
import { lateShards } from "../../../workers/quality/streams/late-shard.ts";
import { pointsDiffer } from "../../../workers/quality/streams/points-differ.ts";
import { tooManyValues } from "../../../workers/quality/streams/too-many-values.ts";
import { typeDrift } from "../../../workers/quality/streams/type-drift.ts";
import { hourDrop, volumeDrop } from "../../../workers/quality/streams/volume-drop.ts";
import { type Hours, hoursOf, memoryOf } from "../../../workers/quality/usual-hour.ts";
import { detectAnomalies } from "../../../workers/stats/detect-anomalies.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FROM = Date.UTC(2026, 0, 5);
const DAYS = 65;
/** The first day that has five weeks behind it; thirty clean ones follow. */
const FIRST = 35;
const dayStart = (day: number) => FROM + day * DAY_MS;

/** A simulated site's events by hour. */
function site(seed: string, dailyVisits: number): HourTable {
  const counts = new Array<number>(DAYS * 24).fill(0);
  for (const { at } of simulate({ seed, from: FROM, to: dayStart(DAYS), dailyVisits })) {
    counts[Math.floor((at - FROM) / HOUR_MS)]! += 1;
  }
  return counts;
}

type HourTable = readonly number[];

const inUtc = (hours: Hours) => memoryOf(hours, "UTC");

const hours = (counts: HourTable, change: (count: number, hour: number) => number = (count) => count): Hours =>
  hoursOf(counts.map((count, hour) => ({ at: FROM + hour * HOUR_MS, count: change(count, hour) })));

const sites = [
  ["of 400 visits a day", site("clean", 400)],
  ["of 1500 visits a day", site("other", 1500)],
] as const;

describe.each(sites)("a simulated site %s", (_, counts) => {
  it("raises at most one finding in thirty clean days", () => {
    const clean = inUtc(hours(counts));
    const found = Array.from({ length: DAYS - FIRST }, (_, index) => FIRST + index).flatMap((day) => [
      ...volumeDrop(clean, dayStart(day + 1)),
      ...gaps(clean, dayStart(day), dayStart(day + 1)),
    ]);
    expect(found.length).toBeLessThanOrEqual(1);
  });

  it("raises at most one finding when each of its hours is judged, in thirty clean days", () => {
    const clean = inUtc(hours(counts));
    const judged = Array.from({ length: (DAYS - FIRST) * 24 }, (_, hour) =>
      hourDrop(clean, dayStart(FIRST) + (hour + 1) * HOUR_MS),
    );
    expect(judged.filter((look) => look !== null).length).toBeGreaterThan(200);
    expect(judged.flatMap((look) => look ?? []).length).toBeLessThanOrEqual(1);
  }, 60_000);

  it("raises no anomaly downwards in thirty clean days; up goes the front page of a news site", () => {
    const points = counts.map((value, hour) => ({ at: FROM + hour * HOUR_MS, value }));
    const found = detectAnomalies(points, { intervalMs: HOUR_MS }).filter(
      ({ anomalous, at }) => anomalous && at >= dayStart(FIRST),
    );
    expect(found.filter(({ reason }) => reason === "drop" || reason === "run_below")).toEqual([]);
    expect(new Set(found.map(({ at }) => Math.floor(at / DAY_MS))).size).toBeLessThanOrEqual(1);
  }, 60_000);

  it.each([40, 47])("is told that day %d has 40 percent less", (day) => {
    const dropped = hours(counts, (count, hour) => (Math.floor(hour / 24) === day ? Math.round(count * 0.6) : count));
    const found = volumeDrop(inUtc(dropped), dayStart(day + 1));
    expect(found).toMatchObject([{ fault: "volume_drop", from: dayStart(day), to: dayStart(day + 1) }]);
    expect(found[0]?.found).toBeLessThan(0.7 * (found[0]?.expected ?? 0));
  });

  it("is told of a gap of two hours, with its beginning and its end", () => {
    const [from, to] = [50 * 24 + 14, 50 * 24 + 16];
    const gapped = hours(counts, (count, hour) => (hour >= from && hour < to ? 0 : count));
    expect(gaps(inUtc(gapped), dayStart(50), dayStart(51))).toMatchObject([
      { fault: "gap", from: FROM + from * HOUR_MS, to: FROM + to * HOUR_MS, found: 0 },
    ]);
  });

  it("is told of a gap by the minute where the zone's hours begin at a quarter", () => {
    const quarter = 15 * 60_000;
    const gapped = hours(counts, (count, hour) => (hour >= 1214 && hour < 1216 ? 0 : count));
    const shifted = new Map([...gapped].map(([at, count]) => [at + quarter, count]));
    const found = gaps(inUtc(shifted), dayStart(50) + quarter, dayStart(51) + quarter);
    expect(found[0]?.reason).toMatch(/from \d{4}-\d\d-\d\dT14:15Z to \d{4}-\d\d-\d\dT16:15Z/);
  });

  it("is told of a counter that is off by one, and of a roll-up's row that is gone", () => {
    const source = hours(counts);
    const derived = new Map(source);
    expect(countsDiffer({ subject: "roll-ups", source, derived })).toEqual([]);
    const [off, gone] = [FROM + 700 * HOUR_MS, FROM + 800 * HOUR_MS];
    derived.set(off, source.get(off)! + 1);
    derived.delete(gone);
    expect(countsDiffer({ subject: "roll-ups", source, derived })).toMatchObject([
      { fault: "counts_differ", from: off, expected: source.get(off), found: source.get(off)! + 1 },
    ]);
    expect(missingHours({ subject: "roll-ups", source, derived })).toMatchObject([
      { fault: "missing_hour", from: gone, to: gone + HOUR_MS, expected: source.get(gone), found: 0 },
    ]);
  });
});

describe("events", () => {
  const [from, to] = [dayStart(1), dayStart(2)];
  const keys = (count: number, repeated: number) =>
    Array.from({ length: count }, (_, index) => `event-${index < repeated ? count - 1 - index : index}`);

  it("three percent of which are repeats are told of, and honest repeats of before are not", () => {
    const [usual, doubled] = [countRepeats(keys(2000, 4)), countRepeats(keys(2000, 60))];
    expect(doubled).toEqual({ events: 2000, repeated: 60 });
    expect(duplicates(usual, doubled, from, to)).toMatchObject([{ fault: "duplicates", found: 60, expected: 4 }]);
    expect(duplicates(usual, usual, from, to)).toEqual([]);
    expect(duplicates(doubled, doubled, from, to)).toEqual([]);
  });

  it("that come late are told of", () => {
    const received = (late: number) =>
      latenessOf(Array.from({ length: 500 }, (_, index) => ({ at: 0, receivedAt: index < late ? 2 * HOUR_MS : 1000 })));
    expect(lateEvents(received(3), received(60), from, to)).toMatchObject([{ fault: "late_events", found: 60 }]);
    expect(lateEvents(received(3), received(6), from, to)).toEqual([]);
    expect(lateEvents(received(60), received(70), from, to)).toEqual([]);
  });

  it("whose property turned from a number into a text are told of", () => {
    const property = "price";
    const before = { number: 980, string: 3 };
    expect(typeDrift([{ property, before, now: { string: 400 } }], from, to)).toMatchObject([
      {
        fault: "type_drift",
        subject: "price",
        found: 400,
        reason: "price is a string in 100 % of its values; before, it was a number",
      },
    ]);
    expect(typeDrift([{ property, before, now: { number: 300, string: 90 } }], from, to)).toHaveLength(1);
    expect(typeDrift([{ property, before, now: { number: 390, string: 2 } }], from, to)).toEqual([]);
    expect(typeDrift([{ property, before: { number: 500, string: 400 }, now: { string: 400 } }], from, to)).toEqual([]);
  });

  it("with far more values of a property than before are told of", () => {
    const before = [40, 44, 39, 41];
    const property = "plan";
    expect(tooManyValues([{ property, before, now: 5000, events: 6000 }], from, to)).toMatchObject([
      { fault: "too_many_values", subject: "plan", expected: 40.5, found: 5000 },
    ]);
    expect(tooManyValues([{ property, before, now: 60, events: 6000 }], from, to)).toEqual([]);
    expect(tooManyValues([{ property, before: [4000, 4200], now: 5000, events: 6000 }], from, to)).toEqual([]);
  });

  it("of which Analytics Engine has another number are told of, but not where sampling explains it", () => {
    const told = (events: number, points = events) => pointsDiffer(10_000, { events, points }, from, to);
    expect(told(9700)).toMatchObject([{ fault: "points_differ", expected: 10_000, found: 9700 }]);
    expect(told(10_400)).toHaveLength(1);
    expect(told(9900)).toEqual([]);
    // Each of 400 points stands for some 25 events.
    expect(told(9200, 400)).toEqual([]);
    expect(told(7000, 400)).toHaveLength(1);
  });

  it("of a shard that is late are told of, not those of shards that have nothing to say", () => {
    const now = dayStart(3);
    const shard = (name: string, behindHours: number, waiting: number) => ({
      shard: name,
      through: now - behindHours * HOUR_MS,
      waiting,
    });
    const others = [shard("0", 0.2, 10), shard("1", 0.3, 12), shard("3", 30, 0)];
    expect(lateShards([...others, shard("2", 5, 900)], now)).toMatchObject([
      { fault: "late_shard", subject: "shard 2", found: 900, from: now - 5 * HOUR_MS },
    ]);
    expect(lateShards(others, now)).toEqual([]);
    expect(lateShards([shard("0", 5, 3)], now)).toHaveLength(1);
  });
});
