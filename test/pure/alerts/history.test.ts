import { describe, expect, it } from "vitest";
import { adviceFor, historyOf, type PastEntry, turnsOf } from "../../../workers/alerts/history.ts";
import { MINUTE_MS } from "../../../workers/alerts/series.ts";
import { aRule } from "./planted.ts";

const rule = aRule({
  conditions: [{ kind: "threshold", metric: "events", minutes: 10, value: 100 }],
  forMinutes: 0,
  recoverMinutes: 0,
});

let made = 0;
/** Fired, perhaps seen, and resolved so many minutes later. */
function anIncident({ peak = 110, minutes = 4, seenAfter = 0, by = "Ada" }): PastEntry[] {
  const incidentId = `r.${made++}`;
  const at = made * 100 * MINUTE_MS;
  const base = { incidentId, ruleId: "r", by: "", value: null };
  const seen = { ...base, at: at + seenAfter * MINUTE_MS, kind: "acknowledged", by } as const;
  return [
    { ...base, at, kind: "firing", value: 101 },
    ...(seenAfter > 0 ? [seen] : []),
    { ...base, at: at + minutes * MINUTE_MS, kind: "resolved", value: peak },
  ];
}

const past = (...all: PastEntry[][]) => turnsOf(all.flat());
const many = (count: number, of: Parameters<typeof anIncident>[0] = {}) =>
  Array.from({ length: count }, () => anIncident(of));

describe("the history of rules", () => {
  it("says how soon somebody was at it and how soon it was over, on the mean", () => {
    const turns = past(
      anIncident({ seenAfter: 2, minutes: 10 }),
      anIncident({ seenAfter: 4, minutes: 20 }),
      anIncident({}),
    );
    expect(historyOf(turns)).toEqual({
      fired: 3,
      ignored: 1,
      acknowledged: 2,
      resolved: 3,
      mtta: 3 * MINUTE_MS,
      mttr: Math.round((34 / 3) * MINUTE_MS),
    });
    expect(historyOf([])).toEqual({
      ...{ fired: 0, ignored: 0, acknowledged: 0, resolved: 0, mtta: null, mttr: null },
    });
  });

  it("takes both means over what is over: what is still open counts for neither", () => {
    const [fired, seen] = anIncident({ seenAfter: 60, minutes: 90 });
    const turns = past(anIncident({ seenAfter: 2, minutes: 10 }), [fired!, seen!]);
    expect(historyOf(turns)).toMatchObject({
      ...{ fired: 2, acknowledged: 1, resolved: 1, mtta: 2 * MINUTE_MS, mttr: 10 * MINUTE_MS },
    });
  });

  it("counts what was opened again by itself as fired twice, and what was opened again by hand as acted on", () => {
    const [fired, resolved] = anIncident({});
    const again = { ...fired!, at: resolved!.at + MINUTE_MS };
    expect(historyOf(turnsOf([fired!, resolved!, again]))).toMatchObject({ fired: 2, ignored: 2 });
    expect(historyOf(turnsOf([fired!, resolved!, { ...again, by: "Ada" }]))).toMatchObject({ fired: 2, ignored: 1 });
  });
});

describe("advice", () => {
  it("says by how much a rule that nobody acts on is too strict", () => {
    const turns = past(...many(11, { peak: 117, minutes: 8 }), ...many(3, { peak: 150, minutes: 60 }));
    expect(adviceFor(rule, turns)).toBe(
      "Fired 14 times, never acted on: raise the threshold to 120 (it would have fired 3 times) or wait 10 minutes (it would have fired 3 times).",
    );
  });

  it("goes the other way where too little is what fires", () => {
    const below = aRule({ conditions: [{ kind: "threshold", metric: "events", minutes: 10, is: "below", value: 50 }] });
    const turns = past(...many(8, { peak: 43, minutes: 3 }));
    expect(adviceFor(below, turns)).toBe(
      "Fired 8 times, never acted on: lower the threshold to 43 (it would not have fired) or wait 3 minutes (it would not have fired).",
    );
  });

  it("keeps what somebody acted on", () => {
    const quiet = many(9, { peak: 117, minutes: 8 });
    const loud = adviceFor(rule, past(...quiet, anIncident({ peak: 500, minutes: 6, seenAfter: 1 })));
    expect(loud).toBe("Fired 10 times, 1 of them acted on: raise the threshold to 120 (it would have fired once).");
    const small = adviceFor(rule, past(...quiet, anIncident({ peak: 110, minutes: 6, seenAfter: 1 })));
    expect(small).toContain("make it less severe");
  });

  it("is not given where somebody acts, where it seldom fires, or where it would be wrong", () => {
    expect(adviceFor(rule, past(...many(10, { seenAfter: 1 })))).toBeNull();
    expect(adviceFor(rule, past(...many(4)))).toBeNull();
    const several = aRule({ conditions: [...rule.conditions, { kind: "absence", metric: "events" }] });
    expect(adviceFor(several, past(...many(8)))).toBe(
      "Fired 8 times, never acted on: wait 4 minutes (it would not have fired).",
    );
  });
});
