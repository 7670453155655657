import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdersOf, isWhole } from "../../../durable-objects/live-site/merge.ts";
import { planCommit } from "../../../durable-objects/site-shard/commit.ts";
import type { Place } from "../../../durable-objects/site-shard/given-ranges.ts";
import { createImportLines } from "../../../durable-objects/site-shard/import-lines.ts";
import { holds, type Intervals, include, unionOf } from "../../../durable-objects/site-shard/intervals.ts";
import type { AppendItem, ShardLive } from "../../../durable-objects/site-shard/protocol.ts";
import {
  createRequestRate,
  RAISE_AFTER_MINUTES,
  RAISE_AT_PER_SECOND,
} from "../../../durable-objects/site-shard/request-rate.ts";
import { createSeenIds } from "../../../durable-objects/site-shard/seen-ids.ts";
import { addToDigest, EMPTY_DIGEST } from "../../../workers/domain/digest.ts";
import { packEvent } from "../../../workers/domain/event.ts";
import { epochOfRollups } from "../../../workers/store/moves.ts";
import { anEvent } from "../../support/events.ts";
import { aSite } from "../../support/shards.ts";

const NOON = Date.UTC(2026, 10, 22, 12);
const MINUTE_MS = 60_000;

describe("a shard that gives visitors away", () => {
  const { id: siteId, timeZone, jurisdiction } = aSite();
  const of = { siteId, shard: 0, shards: 2, epoch: 1, timeZone, jurisdiction };
  const [HERE, GONE, FROZEN] = ["0000000000000001", "1000000000000000", "2000000000000000"];
  const places: Record<string, Place> = { [GONE]: "given", [FROZEN]: "frozen" };

  function commit(items: AppendItem[], { moving, open = [] as string[] }: { moving: boolean; open?: string[] }) {
    const state = {
      seen: createSeenIds(),
      lines: createImportLines(),
      ended: { includes: () => false },
      openSession: (visitorId: string) =>
        open.includes(visitorId) ? { start: NOON, at: NOON, source: "" } : undefined,
      placeOf: (visitorId: string) => places[visitorId] ?? "here",
      gave: true,
    };
    return planCommit([{ of, items, ...(moving && { moving }) }], state);
  }
  const item = (visitorId: string, fields: Partial<AppendItem> = {}): AppendItem => ({
    packed: JSON.stringify(packEvent(anEvent({ id: `of-${visitorId}`, visitorId, at: NOON, receivedAt: NOON }))),
    ...fields,
  });

  it("takes the events of those that it keeps and sends the others on, without remembering their ids", () => {
    const { statuses, entries } = commit([item(HERE), item(GONE), item(FROZEN), item(GONE)], { moving: true });
    expect(statuses).toEqual([["accepted", "given", "frozen", "given"]]);
    expect(entries).toHaveLength(1);
  });

  it("asks senders who know of no move to look for a repeat in the next epoch first", () => {
    const repeat = item(HERE, { retry: true });
    expect(commit([repeat], { moving: false }).statuses).toEqual([["given"]]);
    expect(commit([repeat], { moving: true }).statuses).toEqual([["accepted"]]);
  });

  it("goes by who the visitor was while that session is open, after midnight", () => {
    const sentAs = (visitorId: string, previousVisitorId: string) => item(visitorId, { previousVisitorId });
    const states = commit([sentAs(HERE, GONE), sentAs(GONE, HERE), sentAs(HERE, FROZEN)], { moving: true }).statuses;
    // A closed session: the new visitor is another epoch's, and its old shard is asked by that name.
    expect(states).toEqual([["given", "forward", "frozen"]]);
    expect(commit([sentAs(GONE, HERE)], { moving: true, open: [HERE] }).statuses).toEqual([["accepted"]]);
  });
});

describe("requests to a shard", () => {
  const minuteOf = (rate: ReturnType<typeof createRequestRate>, minute: number, requests: number) => {
    let raised = false;
    for (let i = 0; i < requests; i++)
      raised = rate.note(NOON + minute * MINUTE_MS + (i * MINUTE_MS) / requests) || raised;
    return raised;
  };
  const FAST = RAISE_AT_PER_SECOND * 60;

  it("ask for more shards when they were fast for some minutes in a row", () => {
    const rate = createRequestRate();
    const raised = Array.from({ length: RAISE_AFTER_MINUTES + 2 }, (_, minute) => minuteOf(rate, minute, FAST));
    expect(raised).toEqual([...Array(RAISE_AFTER_MINUTES).fill(false), true, true]);
  });

  it("do not after a minute that was slower, or a silent one", () => {
    for (const gap of [FAST - 1, 0]) {
      const rate = createRequestRate();
      for (let minute = 0; minute < RAISE_AFTER_MINUTES - 1; minute++) minuteOf(rate, minute, FAST);
      minuteOf(rate, RAISE_AFTER_MINUTES - 1, gap);
      expect(minuteOf(rate, RAISE_AFTER_MINUTES, FAST)).toBe(false);
      expect(minuteOf(rate, RAISE_AFTER_MINUTES + 1, FAST)).toBe(false);
    }
  });
});

describe("a digest", () => {
  const events = Array.from({ length: 9 }, (_, i) =>
    packEvent(anEvent({ visitorId: `${i}`, props: { a: i, b: { c: [i] } } })),
  );
  it("is the same in whatever order and parts, and with properties in another order", () => {
    const whole = addToDigest(EMPTY_DIGEST, events);
    const turned = events.toReversed().map((packed) => packed.map((field) => turn(field)) as unknown as typeof packed); // only objects turn
    expect(turned.slice(5).length).toBe(4);
    expect(addToDigest(addToDigest(EMPTY_DIGEST, turned.slice(5)), turned.slice(0, 5))).toEqual(whole);
  });
  it.each([
    ["one fewer", events.slice(1)],
    ["one twice", [...events.slice(1), events[1]!]],
    ["one changed", [...events.slice(1), packEvent(anEvent({ visitorId: "0", props: { a: 1, b: { c: [0] } } }))]],
  ])("differs with %s", (_, others) => {
    expect(addToDigest(EMPTY_DIGEST, others)).not.toEqual(addToDigest(EMPTY_DIGEST, events));
  });
  function turn(field: unknown): unknown {
    if (typeof field !== "object" || field === null || Array.isArray(field)) return field;
    return Object.fromEntries(Object.entries(field).reverse());
  }
});

describe("the union of ranges", () => {
  it("holds what either holds, in order", () => {
    const lists = fc.array(fc.nat(40), { maxLength: 20 });
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const rangesOf = (list: number[]) => {
          const ranges: Intervals = [];
          for (const n of list) include(ranges, n);
          return ranges;
        };
        const union = unionOf(rangesOf(a), rangesOf(b));
        expect(union).toEqual(rangesOf([...a, ...b]));
        for (let n = 0; n <= 40; n++) expect(holds(union, n)).toBe(a.includes(n) || b.includes(n));
      }),
    );
  });
});

describe("live counters while visitors move", () => {
  const live = (epoch: number, fields: Partial<ShardLive>): ShardLive => ({
    ...{ epoch, shard: 0, sequence: 1, visitors: 0, given: [], taken: [] },
    ...{ minutes: [], pages: [], sources: [], countries: [], goals: [], events: [] },
    ...fields,
  });
  const range = { from: 0, to: 9 };
  it.each([
    ["nobody moves", [live(1, {})], true],
    ["a range is given and nobody has it yet", [live(1, { given: [range] }), live(2, {})], false],
    ["the next epoch was not heard of", [live(1, { given: [range] })], false],
    ["a range is given and taken", [live(1, { given: [range] }), live(2, { taken: [range] })], true],
    ["a range is about to be given", [live(1, {}), live(2, { taken: [range] })], false],
    ["all was taken long ago", [live(2, { taken: [range] })], true],
  ])("are shown or not: %s", (_, shards, shown) => {
    expect(isWhole(shards)).toBe(shown);
  });
  it("are from other shards once a range is given", () => {
    expect(holdersOf([live(1, {})])).not.toBe(holdersOf([live(1, { given: [range] })]));
  });
});

describe("the roll-ups that count", () => {
  const times = { beganAt: 1, steadyAt: 2, rolledAt: null, emptiedAt: null };
  const epoch = { epoch: 2, shards: 4, oldShards: 1, rollEpoch: null, ...times };
  it.each([
    ["of the first epoch", { epoch: 1, nextShards: null }, [], 1],
    ["none while history moves", { epoch: 1, nextShards: 4 }, [{ ...epoch, steadyAt: null }], null],
    ["none until the new shards are done", { epoch: 2, nextShards: null }, [epoch], null],
    ["of the new epoch then", { epoch: 2, nextShards: null }, [{ ...epoch, rolledAt: 3 }], 2],
    ["of the epoch that it goes on with", { epoch: 2, nextShards: null }, [{ ...epoch, rolledAt: 3, rollEpoch: 1 }], 1],
    ["none while it moves again", { epoch: 2, nextShards: 8 }, [{ ...epoch, rolledAt: 3 }], null],
  ])("are those %s", (_, site, epochs, counts) => {
    expect(epochOfRollups(site, epochs)).toBe(counts);
  });
});
