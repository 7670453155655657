import { describe, expect, it } from "vitest";
import { catchUp } from "../../../workers/alerts/catch-up.ts";
import { grouped, type Judged } from "../../../workers/alerts/group.ts";
import { noticesOf } from "../../../workers/alerts/notices-of.ts";
import { MINUTE_MS } from "../../../workers/alerts/series.ts";
import { freshState, type RuleState } from "../../../workers/alerts/step.ts";
import type { AlertRule } from "../../../workers/domain/alert.ts";
import { aRule, factsOf, START } from "./planted.ts";

const SITE = { id: "s", name: "S" } as Parameters<typeof noticesOf>[1]["site"];
const above = (value: number) => [{ kind: "threshold", metric: "events", minutes: 1, value }];
const named = (id: string, fields: Record<string, unknown>): AlertRule => ({
  ...aRule({ name: id, channels: ["c"], ...fields }),
  id,
});

/** What is told minute by minute: `a firing 3`. */
function toldOf(rules: readonly AlertRule[], countAt: (minute: number) => number, until: number): string[] {
  const facts = factsOf(countAt, until + 1);
  let states = new Map<string, RuleState>(rules.map(({ id }) => [id, freshState(START)]));
  const told: string[] = [];
  for (let minute = 1; minute <= until; minute++) {
    const through = START + minute * MINUTE_MS;
    const judged = rules.map((rule): Judged & { rule: AlertRule } => {
      const before = states.get(rule.id)!;
      const done = catchUp({ rule, state: before }, { facts, maintenance: [], after: before.through, through });
      return { rule, before, ...done };
    });
    const together = grouped(judged, through);
    states = new Map(together.map(({ rule, state }) => [rule.id, state]));
    for (const { rule, changes } of together) {
      for (const { message } of noticesOf(changes, { rule, site: SITE })) {
        told.push(`${message.incident.name} ${message.kind} ${(message.at - START) / MINUTE_MS}`);
      }
    }
  }
  return told;
}

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
});
