import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyMessage, EVENT_LIMIT, type LiveView, minuteWindow } from "../../dashboard/state/live-view.ts";
import { changesBetween } from "../../durable-objects/live-site/merge.ts";
import type { LiveCount, LiveEvent, LiveMessage, LiveMinute, LiveState } from "../../workers/domain/live.ts";

const MINUTE = 60_000;
const NOW = 29_000_000 * MINUTE;

const byCount = (a: LiveCount, b: LiveCount) => b.count - a.count || (a.name < b.name ? -1 : 1);

const counts: fc.Arbitrary<LiveCount[]> = fc
  .dictionary(fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz", ""), fc.integer({ min: 1, max: 50 }))
  .map((dictionary) =>
    Object.entries(dictionary)
      .map(([name, count]) => ({ name, count }))
      .sort(byCount)
      .slice(0, 20),
  );

const minutes: fc.Arbitrary<LiveMinute[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 29 }), { maxLength: 30 })
  .map((agos) =>
    agos.sort((a, b) => b - a).map((ago) => ({ start: NOW - ago * MINUTE, pageviews: ago, events: ago + 1 })),
  );

// A stream of the server: at most 50, newest first; its keys rise with time.
const anEvent = (number: number): LiveEvent => ({
  key: `1.0.${String(number).padStart(6, "0")}`,
  at: NOW - 1_000_000 + number * 1000,
  name: "pageview",
  path: `/${number}`,
  source: "",
  country: "DE",
  device: "Desktop",
  browser: "Firefox",
});

const stream = (last: number): LiveEvent[] =>
  Array.from({ length: Math.min(last, EVENT_LIMIT) }, (_, i) => anEvent(last - i));

const state: fc.Arbitrary<(seen: number) => LiveState> = fc
  .record({ visitors: fc.nat(500), minutes, pages: counts, sources: counts, countries: counts, goals: counts })
  .map((rest) => (seen: number) => ({ ...rest, events: stream(seen) }));

const snapshotOf = (sequence: number, shown: LiveState): LiveMessage => ({
  type: "snapshot",
  sequence,
  now: NOW,
  state: shown,
});

/** The states that a server goes through; more and more events are seen. */
const history: fc.Arbitrary<LiveState[]> = fc
  .array(fc.tuple(state, fc.nat(80)), { minLength: 1, maxLength: 6 })
  .map((steps) => {
    let seen = 0;
    return steps.map(([make, more]) => {
      seen += more;
      return make(seen);
    });
  });

function messagesOf(states: LiveState[]): LiveMessage[] {
  return states.flatMap((now, i): LiveMessage[] => {
    const before = states[i - 1];
    if (!before) return [snapshotOf(i + 1, now)];
    const changes = changesBetween(before, now);
    return changes ? [{ type: "changes", sequence: i + 1, now: NOW, changes }] : [];
  });
}

const fold = (messages: LiveMessage[], start: LiveView | null = null) => messages.reduce(applyMessage, start);

/** Compares minutes as they are drawn: those that left the window do not count. */
const shown = (live: LiveState | undefined) => live && { ...live, minutes: minuteWindow(live.minutes, NOW) };

const known = (live: LiveState, states: LiveState[]): LiveState => ({
  ...live,
  minutes: [...new Map(states.flatMap((one) => one.minutes).map((minute) => [minute.start, minute])).values()],
});

describe("the live view", () => {
  it("shows after every change what the server shows", () => {
    fc.assert(
      fc.property(history, (states) => {
        const last = states.at(-1);
        expect(shown(fold(messagesOf(states))?.state)).toEqual(shown(last && known(last, states)));
      }),
    );
  });

  it("is not moved by a message that comes twice", () => {
    fc.assert(
      fc.property(history, (states) => {
        const messages = messagesOf(states);
        const once = fold(messages);
        const twice = fold(messages.flatMap((message) => [message, message]));
        expect(twice).toEqual(once);
      }),
    );
  });

  it("is whole again with one snapshot, whatever was missed before", () => {
    fc.assert(
      fc.property(history, state, fc.nat(60), (states, make, missed) => {
        const messages = messagesOf(states);
        const fresh = make(missed);
        const view = fold([...messages.slice(0, 1), snapshotOf(100, fresh)]);
        expect(view?.state).toEqual(fresh);
      }),
    );
  });

  it("shows each event once, newest first", () => {
    fc.assert(
      fc.property(history, (states) => {
        const keys = fold(messagesOf(states))?.state.events.map(({ key }) => key) ?? [];
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys).toEqual(keys.toSorted().reverse());
      }),
    );
  });

  it("passes over changes until there is a snapshot to change", () => {
    expect(applyMessage(null, { type: "changes", sequence: 5, now: NOW, changes: { visitors: 3 } })).toBeNull();
  });
});

describe("the half hour of bars", () => {
  it("always has thirty minutes, ends with the present one and fills what is absent with zero", () => {
    fc.assert(
      fc.property(minutes, fc.nat(3_600_000), (present, later) => {
        const window = minuteWindow(present, NOW + later);
        expect(window).toHaveLength(30);
        expect(window.at(-1)?.start).toBe(Math.floor((NOW + later) / MINUTE) * MINUTE);
        const sum = (list: LiveMinute[]) => list.reduce((total, { events }) => total + events, 0);
        const first = window[0]?.start ?? 0;
        expect(sum(window)).toBe(sum(present.filter(({ start }) => start >= first)));
      }),
    );
  });
});
