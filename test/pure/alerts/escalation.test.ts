// Who is told after whom, whatever runs, repeats and crashes lie in between.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catchUp } from "../../../workers/alerts/catch-up.ts";
import { escalate } from "../../../workers/alerts/escalate.ts";
import type { Facts } from "../../../workers/alerts/judge.ts";
import { noticesOf } from "../../../workers/alerts/notices-of.ts";
import { MINUTE_MS } from "../../../workers/alerts/series.ts";
import { act, type Change, freshState, type RuleState, stepIncident } from "../../../workers/alerts/step.ts";
import { escalationPolicySchema, rotationSchema } from "../../../workers/domain/on-call.ts";
import { aRule, factsOf, START, splitFacts } from "./planted.ts";

const SITE = { id: "s", name: "S" } as Parameters<typeof noticesOf>[1]["site"];
const rule = aRule({
  channels: ["own"],
  conditions: [{ kind: "threshold", metric: "events", minutes: 1, value: 10 }],
});
const policy = escalationPolicySchema.parse({
  name: "Wake",
  steps: [
    { afterMinutes: 0, channels: ["own", "desk"] },
    { afterMinutes: 10, rotations: ["web"] },
    { afterMinutes: 5, channels: ["boss"] },
  ],
  repeats: 1,
  repeatAfterMinutes: 20,
});
const web = rotationSchema.parse({
  name: "Web",
  every: "day",
  start: "2026-11-02",
  at: "00:00",
  people: [{ name: "Ada", channels: ["ada"] }],
});
const rotations = new Map([["web", web]]);

/** One run of cron at that minute, from a state on. */
function run(state: RuleState, facts: Facts, minute: number, of = rule) {
  const through = START + minute * MINUTE_MS;
  const asked = { facts, maintenance: [], after: state.through, through };
  const done = catchUp([{ rule: of, state }], asked).get(of.id)!; // it was asked for
  const next = escalate(done.state, { policy, rotations, channels: of.channels, at: through });
  const changes = [...done.changes, ...next.changes];
  return { state: next.state, changes, notices: noticesOf(changes, { rule: of, site: SITE }) };
}

const minuteOf = ({ entry }: Change) => (entry.at - START) / MINUTE_MS;

describe("an escalation policy", () => {
  const always = factsOf(() => 20, 400);
  const steps = (until: number, ackAt = Infinity) => {
    let state = freshState(START);
    const told: [minute: number, channel: string][] = [];
    for (let minute = 1; minute <= until; minute++) {
      const done = run(state, always, minute);
      ({ state } = done);
      for (const { message, channelId } of done.notices) told.push([(message.at - START) / MINUTE_MS, channelId]);
      if (minute !== ackAt) continue;
      const seen = act(state, { to: "acknowledged", at: START + minute * MINUTE_MS, by: "Ada" })!;
      ({ state } = seen);
      for (const { channelId } of noticesOf([seen.change], { rule, site: SITE }))
        told.push([minute, `${channelId} seen`]);
    }
    return told;
  };

  it("tells each step when its minutes have passed, and all of them again", () => {
    expect(steps(200)).toEqual([
      [1, "own"],
      [1, "desk"],
      [11, "ada"],
      [16, "boss"],
      [36, "own"],
      [36, "desk"],
      [46, "ada"],
      [51, "boss"],
    ]);
  });

  it("ends when somebody acknowledges, and tells that to all whom it has told", () => {
    expect(steps(200, 12)).toEqual([
      [1, "own"],
      [1, "desk"],
      [11, "ada"],
      [12, "own seen"],
      [12, "desk seen"],
      [12, "ada seen"],
    ]);
  });

  it("tells one step a run where runs were missed, and gives whoever is told late their minutes", () => {
    let { state, changes } = run(freshState(START), always, 120);
    expect(changes.map(minuteOf)).toEqual([1, 120]);
    for (const [minute, count] of [
      [121, 0],
      [129, 0],
      [130, 1],
      [134, 0],
      [135, 1],
    ] as const) {
      ({ state, changes } = run(state, always, minute));
      expect([minute, changes.length]).toEqual([minute, count]);
    }
  });

  it("tells each value of a split by itself, until that value is acknowledged", () => {
    const split = aRule({
      channels: ["own"],
      conditions: [{ kind: "threshold", metric: "events", minutes: 60, value: 10 }],
      split: { dimension: "visit:country", top: 2 },
    });
    const facts = splitFacts({ DE: (hour) => (hour < 2 ? 20 : 0), FR: () => 20 }, 24);
    let state = freshState(START);
    const told: string[] = [];
    const tell = (notices: ReturnType<typeof noticesOf>) => {
      for (const { message, channelId } of notices) {
        const { incident, kind, at } = message;
        told.push(`${(at - START) / MINUTE_MS} ${incident.name.slice(6)} ${kind}: ${channelId}`);
      }
    };
    for (let minute = 1; minute <= 200; minute++) {
      const done = run(state, facts, minute, split);
      ({ state } = done);
      tell(done.notices);
      if (minute !== 77) continue;
      const fr = state.parts?.FR?.incident?.id ?? "";
      const seen = stepIncident(state, fr, (one) =>
        act(one, { to: "acknowledged", at: START + minute * MINUTE_MS, by: "Ada" }),
      )!;
      ({ state } = seen);
      tell(noticesOf([seen.change], { rule: split, site: SITE }));
    }
    const toAll = (at: number, said: string) => ["own", "desk", "ada"].map((id) => `${at} ${said}: ${id}`);
    expect(told.filter((one) => one.includes(" FR "))).toEqual([
      "65 FR firing: own",
      "65 FR firing: desk",
      "75 FR firing: ada",
      ...toAll(77, "FR acknowledged"),
    ]);
    expect(told.filter((one) => one.includes(" DE "))).toEqual([
      "65 DE firing: own",
      "65 DE firing: desk",
      "75 DE firing: ada",
      "80 DE firing: boss",
      "100 DE firing: own",
      "100 DE firing: desk",
      "110 DE firing: ada",
      "115 DE firing: boss",
      ...toAll(185, "DE resolved"),
      "185 DE resolved: boss",
    ]);
    expect(new Set(told).size).toBe(told.length);
  });

  it("names who is on call in the story", () => {
    let { state } = run(freshState(START), always, 1);
    const { changes } = run(state, always, 11);
    ({ state } = run(state, always, 11));
    expect(changes[0]?.entry).toMatchObject({ kind: "escalated", text: "step 2 of 3: Ada (on call, Web)" });
    expect(state.escalation.told).toEqual(["own", "desk", "ada"]);
  });

  it("tells each step once to each channel, in any interleaving of runs, repeats, crashes and acts", () => {
    const facts = factsOf((minute) => (minute % 120 < 80 ? 20 : 0), 1000);
    const actions = fc.array(
      fc.record({
        what: fc.constantFrom(
          "read",
          "read",
          "commit",
          "commit",
          "crash",
          "deliver",
          "cut off",
          "acknowledge",
          "reopen",
        ),
        minutes: fc.integer({ min: 1, max: 15 }),
      }),
      { minLength: 40, maxLength: 200 },
    );
    let escalated = 0;
    fc.assert(
      fc.property(actions, (all) => {
        let writer = 0;
        let kept = freshState(START);
        const outbox = new Map<string, "due" | "sent">();
        const history: Change[] = [];
        let reading: { writer: number; state: RuleState }[] = [];
        let now = 0;
        const told: string[] = [];
        let cutOff = 0;
        /** The one way to write: over what was read. */
        const commit = (read: number, done: { state: RuleState; changes: Change[] }) => {
          if (read !== writer) return;
          writer++;
          kept = done.state;
          history.push(...done.changes);
          for (const { id } of noticesOf(done.changes, { rule, site: SITE })) {
            // A second of the same name would be swallowed here, and never told.
            expect(outbox.has(id)).toBe(false);
            outbox.set(id, "due");
          }
        };
        for (const { what, minutes } of all) {
          if (what === "read") {
            now = Math.min(990, now + minutes);
            reading.push({ writer, state: kept });
          }
          const one = what === "commit" ? reading.shift() : undefined;
          if (one) commit(one.writer, run(one.state, facts, now));
          if (what === "crash") reading = [];
          const to = what === "acknowledge" ? "acknowledged" : what === "reopen" ? "firing" : null;
          const acted = to && act(kept, { to, at: START + now * MINUTE_MS, by: "Ada" });
          if (acted) commit(writer, { state: acted.state, changes: [acted.change] });
          const due = [...outbox].find(([, state]) => state === "due")?.[0];
          if (due && what === "deliver") outbox.set(due, "sent");
          if (due && what === "cut off") cutOff++;
          if (due && (what === "deliver" || what === "cut off")) told.push(due);
        }
        expect(told.length - new Set(told).size).toBeLessThanOrEqual(cutOff);
        // Each step of each time that it fired stands once in the story, in order, and none after it was seen or over.
        let turn: { number: number; next: number; isOpen: boolean; at: number } | null = null;
        for (const { entry, incident } of history) {
          if (entry.kind === "firing") turn = { number: incident.turn, next: 1, isOpen: true, at: entry.at };
          else if (entry.kind === "escalated") {
            expect(entry.key).toBe(`escalated-${turn!.number}-${turn!.next}`);
            expect(turn!.isOpen).toBe(true);
            const wait = [0, 10, 5, 20, 10, 5][turn!.next - 1]!;
            expect(entry.at - turn!.at).toBeGreaterThanOrEqual(wait * MINUTE_MS);
            turn = { ...turn!, next: turn!.next + 1, at: entry.at };
            escalated++;
          } else turn!.isOpen = false;
        }
      }),
      { numRuns: 300 },
    );
    expect(escalated).toBeGreaterThan(300);
  });
});
