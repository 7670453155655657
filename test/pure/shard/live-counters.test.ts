import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLiveCounters, type LiveCounters } from "../../../durable-objects/site-shard/live-counters.ts";
import type { Goal } from "../../../workers/domain/site.ts";
import { anEvent } from "../../support/events.ts";

const NOON = Date.UTC(2026, 10, 21, 12);
const MINUTE_MS = 60_000;
const GOALS: Goal[] = [
  { id: "1", name: "Sign-up", kind: "event", match: "signup" },
  { id: "2", name: "Shop", kind: "page", match: "/shop/*" },
];

interface Arrival {
  /** Since the arrival before, seconds. */
  after: number;
  /** How long before it came it happened, seconds. */
  late: number;
  visitor: number;
  name: string;
  path: string;
  source: string;
  country: string;
}

const arrival: fc.Arbitrary<Arrival> = fc.record({
  after: fc.integer({ min: 0, max: 400 }),
  late: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: -200, max: 3000 })),
  visitor: fc.integer({ min: 1, max: 4 }),
  name: fc.constantFrom("pageview", "pageview", "signup", "engagement"),
  path: fc.constantFrom("/", "/shop/a", "/shop/b"),
  source: fc.constantFrom("", "Google", "News"),
  country: fc.constantFrom("", "DE", "FR"),
});

interface Step {
  at: number;
  now: number;
  event: ReturnType<typeof anEvent>;
}

function stepsOf(arrivals: readonly Arrival[]): Step[] {
  let now = NOON;
  return arrivals.map(({ after, late, visitor, ...fields }) => {
    now += after * 1000;
    const at = now - late * 1000;
    return { at, now, event: anEvent({ ...fields, at, receivedAt: now, visitorId: `visitor-${visitor}` }) };
  });
}

function stateAt(live: LiveCounters, now: number) {
  live.expire(now);
  return live.state(GOALS);
}

function liveThrough(
  steps: readonly Step[],
  each?: (live: LiveCounters, step: Step, index: number) => void,
): LiveCounters {
  const live = createLiveCounters();
  for (const [index, step] of steps.entries()) {
    live.apply(step.event, step.now);
    each?.(live, step, index);
  }
  return live;
}

describe("live counters", () => {
  it("do not depend on when what is over was forgotten", () => {
    const property = fc.property(
      fc.array(arrival, { maxLength: 60 }),
      fc.infiniteStream(fc.boolean()),
      (arrivals, coin) => {
        const steps = stepsOf(arrivals);
        const end = (steps.at(-1)?.now ?? NOON) + 60_000;
        const tidy = liveThrough(steps, (live, { now }) => {
          if (coin.next().value) live.expire(now);
        });
        expect(stateAt(tidy, end)).toEqual(stateAt(liveThrough(steps), end));
      },
    );
    fc.assert(property);
  });

  it("are the same after a restart from stored sessions and what came since, or recently", () => {
    const property = fc.property(
      fc.array(arrival, { maxLength: 60 }),
      fc.nat(60),
      fc.nat(600),
      (arrivals, cut, idle) => {
        const steps = stepsOf(arrivals);
        const sealedCount = Math.min(cut, steps.length);
        const sealedAt = steps[sealedCount - 1]?.now ?? NOON;
        const end = (steps.at(-1)?.now ?? NOON) + idle * 1000;
        let stored: ReturnType<LiveCounters["openSessions"]> = [];
        const before = liveThrough(steps, (live, { now }, index) => {
          if (index === sealedCount - 1) stored = live.openSessions(now);
        });
        // Sealed events are read again when they may still count; those of the log always are.
        const firstRecent = steps.findIndex(({ at }, i) => i >= sealedCount || at > end - 31 * MINUTE_MS);
        const from = firstRecent < 0 ? steps.length : firstRecent;
        const after = createLiveCounters(from);
        for (const [visitorId, session] of stored) after.restoreSession(visitorId, session);
        for (const [i, { event, now }] of steps.entries()) {
          if (i >= from) after[i < sealedCount ? "replay" : "apply"](event, now);
        }
        const [was, is] = [stateAt(before, end), stateAt(after, end)];
        expect(is.visitors).toBe(was.visitors);
        expect(is.minutes).toEqual(was.minutes);
        expect(is.goals).toEqual(was.goals);
        expect(is.events).toEqual(was.events);
        expect(is.sources).toEqual(was.sources);
        expect(after.openSessions(end).sort()).toEqual(before.openSessions(end).sort());
        expect(sealedAt).toBeLessThanOrEqual(end);
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  it("count visitors of five minutes by the page they are on, wherever they came in", () => {
    const live = createLiveCounters();
    const visit = (visitorId: string, minute: number, path: string, source: string) =>
      live.apply(anEvent({ at: NOON + minute * MINUTE_MS, visitorId, path, source }), NOON + minute * MINUTE_MS);
    visit("a", 0, "/", "Google");
    visit("a", 1, "/shop/a", "");
    visit("b", 4, "/shop/a", "News");
    expect(stateAt(live, NOON + 4 * MINUTE_MS)).toMatchObject({
      visitors: 2,
      pages: [{ name: "/shop/a", count: 2 }],
      sources: [
        { name: "Google", count: 1 },
        { name: "News", count: 1 },
      ],
      goals: [
        { name: "Sign-up", count: 0 },
        { name: "Shop", count: 2 },
      ],
    });
    expect(stateAt(live, NOON + 7 * MINUTE_MS)).toMatchObject({ visitors: 1, sources: [{ name: "News", count: 1 }] });
    expect(stateAt(live, NOON + 40 * MINUTE_MS)).toMatchObject({ visitors: 0, minutes: [], pages: [], events: [] });
  });

  it("let a late page view change neither the page a visitor is on nor what is over", () => {
    const live = createLiveCounters();
    const now = NOON + 10 * MINUTE_MS;
    live.apply(anEvent({ at: now, path: "/now" }), now);
    live.apply(anEvent({ at: now - 2 * MINUTE_MS, path: "/before" }), now);
    live.apply(anEvent({ at: now - 45 * MINUTE_MS, path: "/long-ago" }), now);
    expect(stateAt(live, now)).toMatchObject({ visitors: 1, pages: [{ name: "/now", count: 1 }] });
    expect(live.state(GOALS).minutes).toHaveLength(2);
  });

  it("number the stream by all events that ever came, so that a restart gives no line a second key", () => {
    const live = createLiveCounters(40);
    for (let n = 0; n < 60; n++) live.apply(anEvent({ at: NOON, path: `/${n}` }), NOON);
    const { events } = stateAt(live, NOON);
    expect(events).toHaveLength(50);
    expect(events[0]).toMatchObject({ key: "100", path: "/59" });
    expect(new Set(events.map((event) => event.key)).size).toBe(50);
  });

  it("keep a session open for exactly half an hour of silence", () => {
    const live = createLiveCounters();
    live.apply(anEvent({ at: NOON, visitorId: "a" }), NOON);
    expect(live.openSession("a", NOON + 30 * MINUTE_MS)).toMatchObject({ start: NOON, at: NOON });
    expect(live.openSession("a", NOON + 30 * MINUTE_MS + 1)).toBeUndefined();
    expect(live.openSession("b", NOON)).toBeUndefined();
  });
});
