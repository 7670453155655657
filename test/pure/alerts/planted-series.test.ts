// The series that rules are held to: each is told of exactly at the minutes that stand here, and at no others.
import { describe, expect, it } from "vitest";
import { aRule, DAY, factsOf, fires, resolves, START, toldAsItComes, toldBy } from "./planted.ts";

const above = { kind: "threshold", metric: "pageviews", minutes: 5, is: "above", value: 100 };
const silent = { kind: "absence", metric: "events", minutes: 30 };
const change = { kind: "change", metric: "events", minutes: 60, against: "before", by: "less", percent: 50, least: 50 };

describe("a spike", () => {
  it("fires in the minute in which the window holds it, and resolves when it has left", () => {
    // Ten a minute, one minute of 70: the window holds 110 while that minute is within it.
    const facts = factsOf((minute) => (minute === 60 ? 70 : 10), 200);
    expect(toldBy(aRule({ conditions: [above] }), facts, 200)).toEqual([fires(61), resolves(66)]);
  });
});

describe("a drop", () => {
  it("fires below a value", () => {
    const facts = factsOf((minute) => (minute >= 60 && minute < 90 ? 1 : 10), 200);
    // Two minutes of ten and three of one are 23.
    const below = { ...above, is: "below", value: 25 };
    expect(toldBy(aRule({ conditions: [below] }), facts, 200)).toEqual([fires(63), resolves(93)]);
  });

  it("fires in the minute in which half is missing against the hour before", () => {
    const facts = factsOf((minute) => (minute < 300 ? 10 : 2), 600);
    // After n minutes of two: 600 - 8n against 600, half of it at 38; later 120 against 600 - 8(n - 60), half at 105.
    expect(toldBy(aRule({ conditions: [change] }), facts, 600)).toEqual([fires(338), resolves(406)]);
  });
});

describe("a slow drift", () => {
  const drift = factsOf((minute) => 10 - minute / 200, 1200);

  it("is no change", () => {
    expect(toldBy(aRule({ conditions: [change] }), drift, 1200)).toEqual([]);
  });

  it("goes below a value in its minute, once", () => {
    // The window of the five minutes before n holds 50 - (5n - 15)/200, which is 30 at n = 803: below it from 804 on.
    const below = { ...above, is: "below", value: 30 };
    expect(toldBy(aRule({ conditions: [below] }), drift, 1200)).toEqual([fires(804)]);
  });
});

describe("a gap", () => {
  it("fires when nothing came for so long, and resolves with the first event", () => {
    const facts = factsOf((minute) => (minute >= 60 && minute < 120 ? 0 : 1), 200);
    expect(toldBy(aRule({ conditions: [silent] }), facts, 200)).toEqual([fires(90), resolves(121)]);
  });

  it("is not said of the time before the site's first event, nor is that too little", () => {
    const late = { ...factsOf((minute) => (minute >= 100 && minute < 110 ? 5 : 0), 300), since: START + 101 * 60_000 };
    expect(toldBy(aRule({ conditions: [silent] }), late, 300)).toEqual([fires(140)]);
    const below = { ...above, is: "below", value: 3 };
    expect(toldBy(aRule({ conditions: [below] }), late, 300)).toEqual([fires(115)]);
    const never = { ...factsOf(() => 0, 300), since: Number.POSITIVE_INFINITY };
    expect(toldBy(aRule({ conditions: [silent, below], match: "any" }), never, 300)).toEqual([]);
  });

  it("is not said of the time before anything was measured", () => {
    const nothing = factsOf(() => 0, 200);
    expect(toldBy(aRule({ conditions: [silent] }), nothing, 29)).toEqual([]);
  });
});

describe("a weekly season", () => {
  const usual = (hour: number) => (Math.floor(hour / 24) % 7 >= 5 ? 20 : 200) + (hour % 24) * 10;
  const until = 35 * DAY;
  const rules = {
    change: aRule({ conditions: [{ ...change, against: "week" }] }),
    anomaly: aRule({ conditions: [{ kind: "anomaly", metric: "visits" }] }),
    forecast: aRule({ conditions: [{ kind: "forecast", metric: "visits", hours: 24, is: "above", value: 440 }] }),
  };

  it.each(Object.entries(rules))("is no %s", (_, rule) => {
    expect(toldBy(rule, factsOf(usual, 900), until)).toEqual([]);
  });

  it("is foretold: a quiet weekend a day ahead, until its last quiet hour has begun", () => {
    const quiet = { kind: "forecast", metric: "visits", hours: 24, is: "below", value: 100 };
    // Looked at from the third week on: Saturday's first hour is the last of 24 at one o'clock on Friday.
    expect(toldBy(aRule({ conditions: [quiet] }), factsOf(usual, 700), 28 * DAY)).toEqual([
      fires(18 * DAY + 65),
      resolves(20 * DAY + 8 * 60 + 5),
      fires(25 * DAY + 65),
      resolves(27 * DAY + 8 * 60 + 5),
    ]);
  });

  it.each([
    ["change", [fires(28 * DAY + 7 * 60 + 5)]],
    ["anomaly", [fires(28 * DAY + 7 * 60 + 5)]],
  ] as const)("does not hide the hour that differs from a %s", (name, wanted) => {
    const broken = factsOf((hour) => (hour >= 28 * 24 + 6 ? 5 : usual(hour)), 900);
    // The hour from six to seven is looked at five minutes after its end.
    expect(toldBy(rules[name], broken, 28 * DAY + 10 * 60)).toEqual(wanted);
  });
});

describe("flapping", () => {
  const facts = factsOf((minute) => (minute < 30 || minute > 90 ? 50 : minute % 2 ? 95 : 105), 200);
  const condition = { ...above, minutes: 1 };

  it("is told each time without a value to clear at, of one incident", () => {
    const told = Array.from({ length: 31 }, (_, turn) => [
      fires(31 + 2 * turn, turn + 1),
      resolves(32 + 2 * turn, turn + 1),
    ]);
    expect(toldBy(aRule({ conditions: [condition] }), facts, 200)).toEqual(told.flat());
  });

  it("is one incident with a value to clear at, or with time to be well", () => {
    expect(toldBy(aRule({ conditions: [{ ...condition, clear: 90 }] }), facts, 200)).toEqual([fires(31), resolves(92)]);
    const patient = aRule({ conditions: [condition], recoverMinutes: 5 });
    expect(toldBy(patient, facts, 200)).toEqual([fires(31), resolves(97)]);
  });
});

describe("late data", () => {
  /** One a minute, at once. */
  const steady = (from: number, until: number) =>
    Array.from({ length: until - from }, (_, index) => ({ at: from + index, comes: from + index, count: 1 }));

  it("counts in the windows that are still to be judged, and in none that are over", () => {
    // 120 of minute 50 come in minute 52: the windows that end after 52 and hold minute 50 end by 55.
    const late = [...steady(0, 100), { at: 50, comes: 52, count: 120 }];
    expect(toldAsItComes(aRule({ conditions: [above] }), late, 100)).toEqual([fires(52), resolves(56)]);
  });

  it("of before the window fires nothing any more", () => {
    const late = [...steady(0, 100), { at: 50, comes: 60, count: 120 }];
    expect(toldAsItComes(aRule({ conditions: [above] }), late, 100)).toEqual([]);
  });

  it("within half a minute is not late", () => {
    const events = [...steady(0, 100), { at: 50, comes: 51.4, count: 120 }];
    expect(toldAsItComes(aRule({ conditions: [above] }), events, 100)).toEqual([fires(51), resolves(56)]);
  });

  it("does not take back that nothing came, and what was held back ends it when it comes", () => {
    // Nothing comes from minute 60 to 119; at 120 all that was held back comes at once.
    const held = steady(60, 120).map((event) => ({ ...event, comes: 120 }));
    const events = [...steady(0, 60), ...held, ...steady(120, 200)];
    expect(toldAsItComes(aRule({ conditions: [silent] }), events, 200)).toEqual([fires(90), resolves(120)]);
  });
});
