import { describe, expect, it } from "vitest";
import { catchUp } from "../../../workers/alerts/catch-up.ts";
import { grouped } from "../../../workers/alerts/group.ts";
import type { Facts } from "../../../workers/alerts/judge.ts";
import { noticesOf } from "../../../workers/alerts/notices-of.ts";
import { MINUTE_MS } from "../../../workers/alerts/series.ts";
import { freshState, type RuleState } from "../../../workers/alerts/step.ts";
import type { AlertRule } from "../../../workers/domain/alert.ts";
import { aRule, factsOf, START, splitFacts } from "./planted.ts";

const SITE = { id: "s", name: "S" } as Parameters<typeof noticesOf>[1]["site"];
const above = (value: number) => [{ kind: "threshold", metric: "events", minutes: 1, value }];
const named = (id: string, fields: Record<string, unknown>): AlertRule => ({
  ...aRule({ name: id, channels: ["c"], ...fields }),
  id,
});

/** What is told minute by minute, and to whom: `c a firing 3`. */
function messagesOf(
  rulesAt: (minute: number) => readonly AlertRule[],
  counts: Facts | ((minute: number) => number),
  until: number,
): string[] {
  const facts = typeof counts === "function" ? factsOf(counts, until + 1) : counts;
  let states = new Map<string, RuleState>(rulesAt(0).map(({ id }) => [id, freshState(START)]));
  const told: string[] = [];
  for (let minute = 1; minute <= until; minute++) {
    const through = START + minute * MINUTE_MS;
    const running = rulesAt(minute).map((rule) => ({ rule, state: states.get(rule.id)! }));
    const done = catchUp(running, { facts, maintenance: [], after: through - MINUTE_MS, through });
    const judged = running.map(({ rule, state }) => ({ rule, before: state, ...done.get(rule.id)! }));
    const together = grouped(judged, through);
    states = new Map(together.map(({ rule, state }) => [rule.id, state]));
    for (const { rule, changes } of together) {
      for (const { channelId, message } of noticesOf(changes, { rule, site: SITE })) {
        told.push(`${channelId} ${message.incident.name} ${message.kind} ${(message.at - START) / MINUTE_MS}`);
      }
    }
  }
  return told;
}

/** What the rules' one channel is told. */
const toldOf = (rules: readonly AlertRule[], counts: Parameters<typeof messagesOf>[1], until: number): string[] => [
  ...new Set(messagesOf(() => rules, counts, until).map((one) => one.slice(one.indexOf(" ") + 1))),
];

describe("incidents that have one cause", () => {
  const rising = (minute: number) => (minute < 30 ? 10 + minute : 0);

  it("are one page, and one recovery", () => {
    const rules = [named("a", { conditions: above(14) }), named("b", { conditions: above(19) })];
    expect(toldOf(rules, rising, 60)).toEqual(["a firing 6", "a resolved 31"]);
  });

  it.each([
    ["fires much later", { conditions: above(30) }],
    ["is about something else", { conditions: [{ ...above(19)[0], metric: "pageviews" }] }],
    ["is more severe", { conditions: above(19), severity: "critical" }],
    ["tells somebody else", { conditions: above(19), channels: ["c", "d"] }],
    ["is escalated otherwise", { conditions: above(19), policy: "p" }],
  ])("are two where the second %s", (_, fields) => {
    const rules = [named("a", { conditions: above(14) }), named("b", fields)];
    const told = toldOf(rules, rising, 60);
    expect(told.some((one) => one.startsWith("b firing"))).toBe(true);
    expect(told.some((one) => one.startsWith("b resolved"))).toBe(true);
  });

  it("are told by themselves, once, when they go on after the other is over", () => {
    const rules = [named("a", { conditions: above(14) }), named("b", { conditions: above(9), forMinutes: 8 })];
    const falling = (minute: number) => (minute < 20 ? 20 : minute < 40 ? 12 : 0);
    expect(toldOf(rules, falling, 60)).toEqual(["a firing 1", "a resolved 21", "b firing 26", "b resolved 41"]);
  });

  it("say nothing of what is over within minutes of the other", () => {
    const rules = [named("a", { conditions: above(14) }), named("b", { conditions: above(9), forMinutes: 8 })];
    const falling = (minute: number) => (minute < 20 ? 20 : minute < 23 ? 12 : 0);
    expect(toldOf(rules, falling, 60)).toEqual(["a firing 1", "a resolved 21"]);
  });

  it("are told to who was not told of the first, though its rule tells them by now", () => {
    const first = (channels: string[]) => named("a", { conditions: above(14), channels });
    const second = named("b", { conditions: above(19), channels: ["boss"] });
    const rulesAt = (minute: number) => [first(minute < 8 ? ["desk"] : ["desk", "boss"]), second];
    expect(messagesOf(rulesAt, rising, 60)).toEqual([
      "desk a firing 6",
      "boss b firing 11",
      "desk a resolved 31",
      "boss a resolved 31",
      "boss b resolved 31",
    ]);
  });

  it("end for all who were told of the beginning, and go on for whom the first tells now", () => {
    const first = (channels: string[]) => named("a", { conditions: above(14), channels });
    const second = named("b", { conditions: above(19), channels: ["desk"] });
    const rulesAt = (minute: number) => [first(minute < 15 ? ["desk"] : ["boss"]), second];
    expect(messagesOf(rulesAt, rising, 60)).toEqual(["desk a firing 6", "boss a resolved 31", "desk a resolved 31"]);
  });

  it("that go on by themselves tell their end to those who were told then", () => {
    const first = named("a", { conditions: above(14) });
    const second = (channels: string[]) => named("b", { conditions: above(9), forMinutes: 8, channels });
    const rulesAt = (minute: number) => [first, second(minute < 30 ? ["c"] : ["d"])];
    const falling = (minute: number) => (minute < 20 ? 20 : minute < 40 ? 12 : 0);
    expect(messagesOf(rulesAt, falling, 60)).toEqual([
      "c a firing 1",
      "c a resolved 21",
      "c b firing 26",
      "d b resolved 41",
      "c b resolved 41",
    ]);
  });

  it("are one page where one rule looks at the other", () => {
    const both = [
      { kind: "rule", rule: "a", is: "firing" },
      { ...above(19)[0], metric: "pageviews" },
    ];
    const rules = [named("a", { conditions: above(14) }), named("b", { conditions: both })];
    expect(toldOf(rules, rising, 60)).toEqual(["a firing 6", "a resolved 31"]);
  });

  it("are two where the first looks at a part alone", () => {
    const hourly = { conditions: [{ ...above(14)[0], minutes: 60 }] };
    const filters = [["is", "visit:country", ["DE"]]];
    const onlyPart = named("a", { ...hourly, filters });
    const facts = factsOf(
      (minute) => (minute >= 5 ? 20 : 0),
      400,
      (hour) => (hour >= 2 ? 20 : 0),
    );
    const told = (other: Record<string, unknown>) =>
      toldOf([onlyPart, named("b", other)], facts, 200).filter((one) => one.includes("firing"));
    expect(told({ ...hourly, filters })).toEqual(["a firing 185"]);
    expect(told(hourly)).toHaveLength(2);
    expect(told({ ...hourly, filters: [["is", "visit:country", ["FR"]]] })).toEqual(["a firing 185", "b firing 185"]);
  });

  it("are one a value of a split, or stand with a rule of the whole", () => {
    const conditions = [{ ...above(14)[0], minutes: 60 }];
    const split = named("a", { conditions, split: { dimension: "visit:country", top: 2 } });
    const de = (hour: number) => (hour >= 2 && hour < 5 ? 20 : 0);
    const facts = splitFacts({ DE: de, FR: (hour) => (hour === 2 ? 20 : 0) }, 24);
    expect(toldOf([split], facts, 420)).toEqual([
      "a: DE firing 185",
      "a: FR firing 185",
      "a: FR resolved 245",
      "a: DE resolved 365",
    ]);
    const both = splitFacts({ DE: de, FR: de }, 24);
    const withWhole: Facts = {
      ...both,
      seriesFor: (one, asked) => both.seriesFor(one, { ...asked, part: asked.part ?? "DE" }),
    };
    const whole = named("whole", { conditions });
    expect(toldOf([split, whole], withWhole, 420)).toEqual(["whole firing 180", "whole resolved 360"]);
  });
});
