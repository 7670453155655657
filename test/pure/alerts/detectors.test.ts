import { describe, expect, it } from "vitest";
import { aRule, factsOf, START, toldBy } from "./planted.ts";

const DAY = 24 * 60;
const fires = (minute: number, turn = 1) => ({ state: "firing", minute, turn });
const resolves = (minute: number, turn = 1) => ({ state: "resolved", minute, turn });
const above = { kind: "threshold", metric: "pageviews", minutes: 5, is: "above", value: 100 };

describe("a threshold", () => {
  it("fires in the minute in which a spike takes the window above it, and resolves when the spike has left", () => {
    // Ten a minute, one minute of 70: the window holds 110 while that minute is within it.
    const facts = factsOf((minute) => (minute === 60 ? 70 : 10), 200);
    expect(toldBy(aRule({ conditions: [above] }), facts, 200)).toEqual([fires(61), resolves(66)]);
  });

  it("fires below, for a drop", () => {
    const facts = factsOf((minute) => (minute >= 60 && minute < 90 ? 1 : 10), 200);
    const below = { ...above, is: "below", value: 25 };
    // Two minutes of ten and three of one are 23.
    expect(toldBy(aRule({ conditions: [below] }), facts, 200)).toEqual([fires(63), resolves(93)]);
  });

  it("waits for as long as it is to hold, and begins anew when it was well in between", () => {
    const facts = factsOf(
      (minute) => (minute >= 60 && minute < 63 ? 200 : minute >= 100 && minute < 120 ? 200 : 0),
      200,
    );
    const rule = aRule({ conditions: [{ ...above, minutes: 1 }], forMinutes: 5 });
    expect(toldBy(rule, facts, 200)).toEqual([fires(106), resolves(121)]);
  });

  it("holds until the value to clear at, so that flapping around the bound is one incident", () => {
    const facts = factsOf((minute) => (minute < 30 || minute > 90 ? 50 : minute % 2 ? 95 : 105), 200);
    const condition = { ...above, minutes: 1 };
    const flapping = toldBy(aRule({ conditions: [condition] }), facts, 200);
    expect(flapping.length).toBeGreaterThan(10);
    expect(new Set(flapping.map(({ turn }) => turn)).size).toBeGreaterThan(5);
    expect(toldBy(aRule({ conditions: [{ ...condition, clear: 90 }] }), facts, 200)).toEqual([fires(31), resolves(92)]);
    expect(toldBy(aRule({ conditions: [condition], recoverMinutes: 5 }), facts, 200)).toEqual([
      fires(31),
      resolves(97),
    ]);
  });
});

describe("a change", () => {
  const change = {
    kind: "change",
    metric: "events",
    minutes: 60,
    against: "before",
    by: "less",
    percent: 50,
    least: 50,
  };

  it("fires in the minute in which half is missing against the hour before", () => {
    const facts = factsOf((minute) => (minute < 300 ? 10 : 2), 600);
    // After n minutes of two: 600 - 8n against 600, half of it at 38; later 120 against 600 - 8(n - 60), half at 105.
    expect(toldBy(aRule({ conditions: [change] }), facts, 600)).toEqual([fires(338), resolves(406)]);
  });

  it("says nothing of a slow drift, nor of small numbers", () => {
    const drift = factsOf((minute) => 10 - minute / 200, 1200);
    expect(toldBy(aRule({ conditions: [change] }), drift, 1200)).toEqual([]);
    const small = factsOf((minute) => (minute % 90 === 0 ? 9 : 0), 1200);
    expect(toldBy(aRule({ conditions: [change] }), small, 1200)).toEqual([]);
  });

  it("against the week before says nothing of what comes each week, and fires at the hour that differs", () => {
    const week = { ...change, against: "week" };
    const usual = (hour: number) => (Math.floor(hour / 24) % 7 >= 5 ? 20 : 200) + (hour % 24) * 10;
    const until = 15 * DAY;
    expect(toldBy(aRule({ conditions: [week] }), factsOf(usual, 400), until)).toEqual([]);
    const broken = factsOf((hour) => (hour >= 14 * 24 + 6 ? 5 : usual(hour)), 400);
    // The hour from six to seven is looked at five minutes after its end.
    expect(toldBy(aRule({ conditions: [week] }), broken, until)).toEqual([fires(14 * DAY + 7 * 60 + 5)]);
  });
});

describe("absence", () => {
  it("fires when nothing came for so long, and resolves with the first event", () => {
    const facts = factsOf((minute) => (minute >= 60 && minute < 120 ? 0 : 1), 200);
    const rule = aRule({ conditions: [{ kind: "absence", metric: "events", minutes: 30 }] });
    expect(toldBy(rule, facts, 200)).toEqual([fires(90), resolves(121)]);
  });

  it("is not said of the time before anything was measured", () => {
    const rule = aRule({ conditions: [{ kind: "absence", metric: "events", minutes: 30 }] });
    expect(
      toldBy(
        rule,
        factsOf(() => 0, 200),
        29,
      ),
    ).toEqual([]);
  });
});

describe("an anomaly", () => {
  const usual = (hour: number) => 100 + 60 * Math.sin((hour / 24) * 2 * Math.PI) + ((hour * 7919) % 11);
  const rule = aRule({ conditions: [{ kind: "anomaly", metric: "visits" }] });

  it("says nothing of a daily wave, and fires at the hour of an outage", () => {
    const until = 28 * DAY;
    expect(toldBy(rule, factsOf(usual, 800), until)).toEqual([]);
    const out = factsOf((hour) => (hour >= 600 && hour < 604 ? 0 : usual(hour)), 800);
    expect(toldBy(rule, out, until)[0]).toEqual(fires(601 * 60 + 5));
  });
});

describe("conditions together", () => {
  const busy = { ...above, minutes: 1, value: 10 };
  const quiet = { kind: "threshold", metric: "events", minutes: 1, is: "below", value: 30 };
  // Between 10 and 30 from minute 50 to 99; above 30 after that.
  const facts = factsOf((minute) => (minute < 50 ? 5 : minute < 100 ? 20 : 50), 200);

  it("hold all", () => {
    expect(toldBy(aRule({ conditions: [busy, quiet], match: "all" }), facts, 200)).toEqual([fires(51), resolves(101)]);
  });

  it("or any", () => {
    expect(toldBy(aRule({ conditions: [busy, quiet], match: "any" }), facts, 200)).toEqual([fires(1)]);
  });
});

describe("quiet times", () => {
  const rule = { conditions: [{ ...above, minutes: 1, value: 10 }] };
  const facts = factsOf((minute) => (minute >= 100 ? 50 : 0), 3000);

  it("a silence keeps a rule from beginning, and what still holds after it fires then", () => {
    const silences = [{ from: START + 90 * 60_000, until: START + 180 * 60_000, why: "" }];
    expect(toldBy(aRule({ ...rule, silences }), facts, 300)).toEqual([fires(180)]);
  });

  it("a schedule likewise, over midnight too", () => {
    const tuesdays = { days: [2], from: "08:00", to: "18:00" };
    expect(toldBy(aRule({ ...rule, schedule: tuesdays }), facts, 3000)).toEqual([fires(DAY + 8 * 60)]);
    // Monday's night goes on until Tuesday at 6.
    const nights = { days: [1], from: "22:00", to: "06:00" };
    const late = factsOf((minute) => (minute >= DAY + 60 ? 50 : 0), 3000);
    expect(toldBy(aRule({ ...rule, schedule: nights }), late, 3000)).toEqual([fires(DAY + 61)]);
    const tooLate = factsOf((minute) => (minute >= DAY + 6 * 60 ? 50 : 0), 3000);
    expect(toldBy(aRule({ ...rule, schedule: nights }), tooLate, 3000)).toEqual([]);
  });
});
