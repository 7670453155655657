import { describe, expect, it } from "vitest";
import { act, freshState, stepIncident } from "../../../workers/alerts/step.ts";
import { aRule, DAY, factsOf, fires, judged, resolves, START, splitFacts, toldBy, toldTogether } from "./planted.ts";

/** Hours. */
const WEEK = 7 * 24;
const above = { kind: "threshold", metric: "pageviews", minutes: 5, is: "above", value: 100 };

describe("a threshold", () => {
  it("waits for as long as it is to hold, and begins anew when it was well in between", () => {
    const facts = factsOf(
      (minute) => (minute >= 60 && minute < 63 ? 200 : minute >= 100 && minute < 120 ? 200 : 0),
      200,
    );
    const rule = aRule({ conditions: [{ ...above, minutes: 1 }], forMinutes: 5 });
    expect(toldBy(rule, facts, 200)).toEqual([fires(106), resolves(121)]);
  });
});

describe("a threshold with a value to clear at", () => {
  const clearing = { ...above, minutes: 1, value: 10, clear: 4 };
  const said = (counts: (minute: number) => number, fields: object = {}) =>
    judged(
      { rule: aRule({ conditions: [{ ...clearing, ...fields }], forMinutes: 5 }), state: freshState(START) },
      factsOf(counts, 100),
      { from: 0, until: 60 },
    ).changes.map(({ incident }) => [incident.state, incident.expected, incident.reason]);

  it("is told by the rule's own value, also while it is on its way back", () => {
    expect(said((minute) => (minute >= 10 && minute < 30 ? 12 : 0))).toEqual([
      ["firing", 10, "12 pageviews in 1 min, above 10"],
      ["resolved", 10, "0 pageviews in 1 min, no longer above 10"],
    ]);
    expect(said((minute) => (minute === 10 ? 12 : minute > 10 && minute < 30 ? 7 : 0))[0]).toEqual([
      "firing",
      10,
      "7 pageviews in 1 min, was above 10, and is not back to 4",
    ]);
    const below = { is: "below", value: 4, clear: 10 };
    expect(said((minute) => (minute === 10 ? 2 : minute > 10 && minute < 30 ? 7 : 20), below)[0]).toEqual([
      "firing",
      4,
      "7 pageviews in 1 min, was below 4, and is not back to 10",
    ]);
  });
});

describe("a change", () => {
  it("says nothing of small numbers", () => {
    const small = factsOf((minute) => (minute % 90 === 0 ? 9 : 0), 1200);
    const change = { kind: "change", metric: "events", by: "less", percent: 50, least: 50 };
    expect(toldBy(aRule({ conditions: [change] }), small, 1200)).toEqual([]);
  });
});

describe("a budget", () => {
  const aBudget = (fields: object) =>
    aRule({ conditions: [{ kind: "budget", metric: "events", limit: 1000, period: "week", ...fields }] });

  it("fires at the hour in which so much is spent, and resolves with the next period", () => {
    // Ten an hour from Monday on: 1000 with the hundredth, more with the next; the new week begins with hour 168.
    const facts = factsOf(() => 10, 400);
    expect(toldBy(aBudget({}), facts, 8 * DAY)).toEqual([fires(101 * 60 + 5), resolves(169 * 60 + 5)]);
    expect(toldBy(aBudget({ percent: 50 }), facts, 6 * DAY)).toEqual([fires(51 * 60 + 5)]);
  });

  it("foresees in a straight line what a tenth of the period tells, and by its seasons what weeks do", () => {
    const facts = factsOf(() => 10, 1000);
    // A tenth of the week is over with hour 17: 1680 by then.
    expect(toldBy(aBudget({ by: "projected" }), facts, DAY)).toEqual([fires(17 * 60 + 5)]);
    expect(toldBy(aBudget({ by: "projected", limit: 1681 }), facts, 40 * DAY)).toEqual([]);
    // All of it comes on Sundays, 2400. The line is above 2000 with hour 164 of a week, and well with a tenth of the next;
    // from two weeks after the first Sunday on, what is still to come of it is known, and so it stays.
    const sundays = factsOf((hour) => (Math.floor(hour / 24) % 7 === 6 ? 100 : 0), 1000);
    const told = toldBy(aBudget({ by: "projected", limit: 2000 }), sundays, 40 * DAY);
    expect(told).toEqual([
      fires(164 * 60 + 5),
      resolves((WEEK + 17) * 60 + 5),
      fires((WEEK + 164) * 60 + 5),
      resolves((2 * WEEK + 17) * 60 + 5),
      fires((2 * WEEK + 6 * 24) * 60 + 5),
    ]);
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

describe("rules that look at others", () => {
  const busy = aRule({ name: "Busy", conditions: [{ ...above, minutes: 1, value: 10 }] }, "busy");
  const very = aRule({ name: "Very", conditions: [{ ...above, minutes: 1, value: 40 }] }, "very");
  // Busy from 50 to 149, very from 100 to 119.
  const facts = factsOf((minute) => (minute < 50 || minute >= 150 ? 5 : minute >= 100 && minute < 120 ? 50 : 20), 200);
  const ofRules = (match: string, ...rules: [string, string][]) =>
    aRule({ match, conditions: rules.map(([rule, is]) => ({ kind: "rule", rule, is })) }, "both");

  it("hold while all of them fire, or any, in whatever order they are listed", () => {
    const all = ofRules("all", ["busy", "firing"], ["very", "well"]);
    expect(toldTogether([all, very, busy], facts, 200)).toEqual({
      busy: [fires(51), resolves(151)],
      very: [fires(101), resolves(121)],
      both: [fires(51), resolves(101), fires(121, 2), resolves(151, 2)],
    });
    const any = ofRules("any", ["busy", "firing"], ["very", "firing"]);
    expect(toldTogether([any, busy, very], facts, 200).both).toEqual([fires(51), resolves(151)]);
  });

  it("do not begin while one that they depend on fires, and do when that is over and they still hold", () => {
    const dependent = { ...busy, id: "dependent", dependsOn: ["very"] };
    expect(toldTogether([dependent, very], facts, 200).dependent).toEqual([fires(51), resolves(151)]);
    // Both begin in the same minute: one cause, one page.
    const both = factsOf(
      (minute) => (minute >= 100 && minute < 120 ? 50 : minute >= 120 && minute < 150 ? 20 : 5),
      200,
    );
    expect(toldTogether([dependent, very], both, 200)).toEqual({
      very: [fires(101), resolves(121)],
      dependent: [fires(121), resolves(151)],
    });
  });

  it("stay as they are where the other is gone", () => {
    expect(toldTogether([ofRules("all", ["gone", "firing"])], facts, 200)).toEqual({ both: [] });
  });
});

describe("a split", () => {
  const rule = aRule({
    conditions: [{ ...above, minutes: 60, value: 100 }],
    split: { dimension: "visit:country", top: 2 },
    recoverMinutes: 0,
  });
  const facts = splitFacts(
    { DE: (hour) => (hour >= 5 && hour < 8 ? 150 : 10), FR: (hour) => (hour === 6 ? 150 : 10), US: () => 50 },
    24,
  );

  it("has an incident for each value, named by it", () => {
    const { changes, state } = judged({ rule, state: freshState(START) }, facts, { from: 0, until: 20 * 60 });
    expect(changes.map(({ incident, entry }) => [incident.name, incident.state, (entry.at - START) / 60_000])).toEqual([
      ["Rule: DE", "firing", 6 * 60 + 5],
      ["Rule: FR", "firing", 7 * 60 + 5],
      ["Rule: FR", "resolved", 8 * 60 + 5],
      ["Rule: DE", "resolved", 9 * 60 + 5],
    ]);
    expect(new Set(changes.map(({ incident }) => incident.id)).size).toBe(2);
    expect(Object.keys(state.parts ?? {})).toEqual(["DE", "FR", "US"]);
  });

  it("judges on what left the list until it is well, and lets each be acknowledged by itself", () => {
    const { state } = judged({ rule, state: freshState(START) }, facts, { from: 0, until: 7 * 60 + 10 });
    const [de, fr] = ["DE", "FR"].map((part) => state.parts?.[part]?.incident?.id ?? "");
    const deed = (one: typeof state) => act(one, { to: "acknowledged", at: START, by: "Ada" });
    const seen = stepIncident(state, fr!, deed)!;
    expect(seen.state.parts).toMatchObject({
      DE: { incident: { id: de, state: "firing" } },
      FR: { incident: { state: "acknowledged" } },
    });
    expect(stepIncident(state, "another", deed)).toBeNull();
    const without: typeof facts = { ...facts, partsOf: () => ["US"] };
    const later = judged({ rule, state: seen.state }, without, { from: 7 * 60 + 10, until: 20 * 60 });
    expect(later.changes.map(({ incident }) => [incident.name, incident.state])).toEqual([
      ["Rule: FR", "resolved"],
      ["Rule: DE", "resolved"],
    ]);
    expect(Object.keys(later.state.parts ?? {})).toEqual(["US"]);
  });

  it("judges a value that is called as what every object has", () => {
    const odd = splitFacts({ constructor: () => 150 }, 24);
    expect(judged({ rule, state: freshState(START) }, odd, { from: 0, until: 70 }).changes).toMatchObject([
      { incident: { name: "Rule: constructor", state: "firing" } },
    ]);
  });

  it("ends what is open when the rule is split, or no longer is", () => {
    const whole = { ...rule, split: null };
    const asked = { from: 7 * 60 + 10, until: 7 * 60 + 20 };
    const parts = judged({ rule, state: freshState(START) }, facts, { from: 0, until: asked.from }).state;
    const told = (of: ReturnType<typeof judged>) => of.changes.map(({ incident }) => [incident.name, incident.state]);
    const merged = judged({ rule: whole, state: parts }, facts, asked);
    expect(told(merged)).toEqual([
      ["Rule: DE", "resolved"],
      ["Rule: FR", "resolved"],
    ]);
    expect(merged.state.parts).toBeUndefined();
    const always = factsOf(() => 150, 1000);
    const one = judged({ rule: whole, state: freshState(START) }, always, { from: 0, until: asked.from }).state;
    const split = judged({ rule, state: one }, facts, asked);
    expect(told(split)).toEqual([["Rule", "resolved"]]);
    expect(split.state.incident).toBeNull();
    expect(Object.keys(split.state.parts ?? {})).toEqual(["DE", "FR", "US"]);
  });

  it("tells of an hour what was found then, also where it must hold for longer", () => {
    const patient = aRule({ conditions: rule.conditions, forMinutes: 30, filters: [["is", "visit:country", ["DE"]]] });
    const hourly = factsOf((hour) => (hour >= 5 ? 150 : 10), 24);
    const { changes } = judged({ rule: patient, state: freshState(START) }, hourly, { from: 0, until: 600 });
    expect(changes.map(({ incident, entry }) => [incident.reason, (entry.at - START) / 60_000])).toEqual([
      ["150 pageviews in 1 h, above 100", 6 * 60 + 35],
    ]);
  });
});
