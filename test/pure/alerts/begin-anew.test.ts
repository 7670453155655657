import { describe, expect, it } from "vitest";
import { freshState } from "../../../workers/alerts/step.ts";
import { aRule, factsOf, judged, START, toldBy } from "./planted.ts";

const above = { kind: "threshold", metric: "events", minutes: 1, is: "above", value: 10 };
const facts = factsOf((minute) => (minute >= 10 ? 20 : 0), 200);
const before = { conditions: [above], forMinutes: 20 };

/** What comes of an edit in minute 25 or 35: five minutes before it would fire, and five after. */
function edited(fields: Record<string, unknown>, at: number) {
  const { state } = judged({ rule: aRule(before), state: freshState(START) }, facts, { from: 0, until: at });
  const { changes } = judged({ rule: aRule({ ...before, ...fields }), state }, facts, { from: at, until: 100 });
  return changes.map(({ incident, entry }) => `${incident.state} ${(entry.at - START) / 60_000} ${entry.text}`);
}

const ENDED = "resolved 36 its rule was changed, and begins anew";

describe("an edit of what is judged", () => {
  it.each([
    ["a condition", { conditions: [{ ...above, value: 15 }] }, 20],
    ["its metric", { conditions: [{ ...above, metric: "pageviews" }] }, 20],
    ["a further condition", { conditions: [above, { ...above, metric: "pageviews" }] }, 20],
    ["whether all must hold", { match: "any" }, 20],
    ["how long it must hold", { forMinutes: 30 }, 30],
  ])("begins its waiting anew, and ends what is open: %s", (_, fields, wait) => {
    const fires = (from: number) => expect.stringMatching(new RegExp(`^firing ${from + 1 + wait} `));
    expect(edited(fields, 25)).toEqual([fires(25)]);
    expect(edited(fields, 35)).toEqual([ENDED, fires(35)]);
  });

  it("ends what is open where the new conditions never hold", () => {
    expect(edited({ conditions: [{ ...above, value: 1000, clear: 2 }] }, 35)).toEqual([ENDED]);
  });

  it("is told as the reason of the end, and what fires then is another incident", () => {
    const { state } = judged({ rule: aRule(before), state: freshState(START) }, facts, { from: 0, until: 35 });
    const rule = aRule({ ...before, forMinutes: 0 });
    const { changes } = judged({ rule, state }, facts, { from: 35, until: 100 });
    expect(changes).toMatchObject([
      { incident: { id: state.incident?.id, reason: "its rule was changed, and begins anew" } },
      { incident: { state: "firing", turn: 1 } },
    ]);
    expect(changes[1]?.incident.id).not.toBe(state.incident?.id);
  });

  it.each([
    ["its name", { name: "Other" }],
    ["its channels", { channels: ["d"] }],
    ["how severe it is", { severity: "critical" }],
    ["its policy", { policy: "p" }],
    ["its hours", { schedule: { days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "23:59" } }],
    ["how long it must be well", { recoverMinutes: 30 }],
  ])("is not one of %s", (_, fields) => {
    expect(edited(fields, 25)).toEqual([expect.stringMatching(/^firing 31 /)]);
    expect(edited(fields, 35)).toEqual([]);
  });
});

it("a state from before its key was kept goes on as it was", () => {
  const rule = aRule(before);
  const { state } = judged({ rule, state: freshState(START) }, facts, { from: 0, until: 25 });
  const { judges, ...old } = state;
  expect(judges).toBeDefined();
  expect(toldBy(rule, facts, 100, old)).toMatchObject([{ state: "firing", minute: 31 }]);
});
