import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noticesOf } from "../../../workers/alerts/notices-of.ts";
import { MINUTE_MS } from "../../../workers/alerts/series.ts";
import { act, freshState, type RuleState } from "../../../workers/alerts/step.ts";
import { aRule, factsOf, judged, START } from "./planted.ts";

const rule = aRule({ conditions: [{ kind: "threshold", metric: "events", minutes: 1, value: 10 }] });
const facts = factsOf((minute) => (minute % 50 < 10 ? 20 : 0), 400);
const later = (state: RuleState, from: number, until: number) => judged({ rule, state }, facts, { from, until });

describe("a rule's states", () => {
  it("stay as they are when the same minutes are judged again", () => {
    const { state } = later(freshState(START), 0, 5);
    expect(state.incident).toMatchObject({ state: "firing", turn: 1 });
    expect(later(state, 0, 5)).toEqual({ state, changes: [] });
  });

  it("open the same incident again within half an hour, and a new one after it", () => {
    const soon = factsOf((minute) => (minute % 25 < 5 ? 20 : 0), 100);
    const told = (of: typeof facts) => judged({ rule, state: freshState(START) }, of, { from: 0, until: 60 });
    expect(told(soon).changes.map(({ incident }) => [incident.state, incident.turn])).toEqual([
      ["firing", 1],
      ["resolved", 1],
      ["firing", 2],
      ["resolved", 2],
      ["firing", 3],
      ["resolved", 3],
    ]);
    expect(new Set(told(soon).changes.map(({ incident }) => incident.id)).size).toBe(1);
    expect(new Set(told(facts).changes.map(({ incident }) => incident.id)).size).toBe(2);
  });

  it("are acknowledged once, and still resolve by themselves", () => {
    const { state } = later(freshState(START), 0, 5);
    const seen = act(state, { to: "acknowledged", at: START + 5.5 * MINUTE_MS, by: "Ada" })!;
    expect(seen.change.entry).toMatchObject({ kind: "acknowledged", by: "Ada" });
    expect(act(seen.state, { to: "acknowledged", at: START, by: "Bob" })).toBeNull();
    expect(later(seen.state, 5, 20).changes.map(({ incident }) => incident.state)).toEqual(["resolved"]);
  });

  it("do not open again what was resolved by hand before it was well once", () => {
    const { state } = later(freshState(START), 0, 5);
    const ended = act(state, { to: "resolved", at: START + 5.5 * MINUTE_MS, by: "Ada" })!;
    expect(later(ended.state, 5, 10).changes).toEqual([]);
    expect(later(ended.state, 5, 60).changes.map(({ incident }) => incident.state)).toEqual(["firing"]);
    expect(act(ended.state, { to: "resolved", at: START, by: "Ada" })).toBeNull();
  });
});

describe("any interleaving of runs, crashes and repeats", () => {
  /** One site's rows, with the one way to write them that the store has. */
  function aStore() {
    const rows = { through: START, writer: 0, state: freshState(START), notices: new Map<string, "due" | "sent">() };
    return {
      rows,
      commit(read: { writer: number }, next: { through: number; state: RuleState; ids: string[] }) {
        if (read.writer !== rows.writer) return;
        Object.assign(rows, { through: next.through, state: next.state, writer: rows.writer + 1 });
        for (const id of next.ids) if (!rows.notices.has(id)) rows.notices.set(id, "due");
      },
    };
  }

  const actions = fc.array(
    fc.record({
      what: fc.constantFrom("read", "commit", "crash", "deliver", "deliver and crash", "acknowledge"),
      minutes: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 20, maxLength: 120 },
  );

  it("tells each state once to each channel, and again only where a crash cut off the answer", () => {
    fc.assert(
      fc.property(actions, (all) => {
        const { rows, commit } = aStore();
        const many = { ...rule, channels: ["a", "b"] };
        const site = { id: "s", name: "S" } as Parameters<typeof noticesOf>[1]["site"];
        const told: string[] = [];
        let cutOff = 0;
        /** Of runs that overlap: what each has read. */
        let open: { writer: number; through: number; state: RuleState }[] = [];
        let now = 0;
        for (const { what, minutes } of all) {
          if (what === "read") {
            now = Math.min(390, now + minutes);
            open.push({ ...rows });
          }
          const run = what === "commit" ? open.shift() : undefined;
          if (run) {
            const from = (run.through - START) / MINUTE_MS;
            const done = judged({ rule: many, state: run.state }, facts, { from, until: now });
            const ids = noticesOf(done.changes, { rule: many, site }).map(({ id }) => id);
            commit(run, { through: Math.max(run.through, START + now * MINUTE_MS), state: done.state, ids });
          }
          if (what === "crash") open = [];
          const acted = what === "acknowledge" && act(rows.state, { to: "acknowledged", at: START, by: "Ada" });
          if (acted) {
            const ids = noticesOf([acted.change], { rule: many, site }).map(({ id }) => id);
            commit(rows, { through: rows.through, state: acted.state, ids });
          }
          const due = [...rows.notices].find(([, state]) => state === "due")?.[0];
          if (due && what.startsWith("deliver")) {
            told.push(due);
            if (what === "deliver") rows.notices.set(due, "sent");
            else cutOff++;
          }
        }
        expect(told.length - new Set(told).size).toBeLessThanOrEqual(cutOff);
        // As one run over all minutes would have it, but for what somebody acknowledged.
        const until = (rows.through - START) / MINUTE_MS;
        const whole = judged({ rule: many, state: freshState(START) }, facts, { from: 0, until });
        const wanted = noticesOf(whole.changes, { rule: many, site }).map(({ id }) => id);
        const kept = [...rows.notices.keys()].filter((id) => !id.includes(".acknowledged-"));
        expect(kept.sort()).toEqual(wanted.sort());
      }),
      { numRuns: 300 },
    );
  });
});
