import { describe, expect, it } from "vitest";
import { type CommitState, planCommit } from "../../../durable-objects/site-shard/commit.ts";
import { createImportLines } from "../../../durable-objects/site-shard/import-lines.ts";
import { createLiveCounters } from "../../../durable-objects/site-shard/live-counters.ts";
import type { AppendBatch, AppendItem } from "../../../durable-objects/site-shard/protocol.ts";
import { createSeenIds } from "../../../durable-objects/site-shard/seen-ids.ts";
import { type Event, packEvent } from "../../../workers/domain/event.ts";
import { shardOf } from "../../../workers/domain/shard.ts";
import { anEvent } from "../../support/events.ts";
import { aSite } from "../../support/shards.ts";

const MIDNIGHT = Date.UTC(2026, 10, 22);
const MINUTE_MS = 60_000;
const OLD = "000000000000000a";
/** Of shard 0 and of shard 1, when there are two. */
const NEW = { here: "0000000200000000", there: "8000000100000000" };

function aState() {
  const live = createLiveCounters();
  const endedImports = new Set<string>();
  const state: CommitState = {
    seen: createSeenIds(),
    lines: createImportLines(),
    ended: { includes: (id, began) => endedImports.has(`${id} ${began}`) },
    openSession: live.openSession,
    placeOf: () => "here",
    gave: false,
  };
  return { state, live, endedImports };
}

const item = (event: Event, previousVisitorId?: string): AppendItem => ({
  packed: JSON.stringify(packEvent(event)),
  ...(previousVisitorId !== undefined && { previousVisitorId }),
});

function batch(items: AppendItem[], fields: Partial<AppendBatch> = {}, shards = 2): AppendBatch {
  const { id: siteId, timeZone, jurisdiction } = aSite();
  return { of: { siteId, shard: 0, shards, epoch: 1, timeZone, jurisdiction }, items, ...fields };
}

const at = (minutes: number, fields: Partial<Event> = {}) => anEvent({ at: MIDNIGHT + minutes * MINUTE_MS, ...fields });

describe("the half hour after midnight", () => {
  it.each([
    ["25 minutes", 25, true],
    ["exactly half an hour", 30, true],
    ["31 minutes", 31, false],
    ["two hours", 120, false],
  ])("after a silence of %s the visitor stays who they were: %#", (_, silence, kept) => {
    for (const visitorId of [NEW.here, NEW.there]) {
      const { state, live } = aState();
      const last = at(10 - silence, { visitorId: OLD });
      live.apply(last, last.at);
      const { statuses, entries, live: events } = planCommit([batch([item(at(10, { visitorId }), OLD)])], state);
      if (kept) {
        expect(statuses).toEqual([["accepted"]]);
        expect(events[0]?.visitorId).toBe(OLD);
        expect(JSON.parse(entries[0]!.packed)).toEqual(packEvent(at(10, { visitorId: OLD })));
      } else if (shardOf(visitorId, 2) === 0) {
        expect(statuses).toEqual([["accepted"]]);
        expect(events[0]?.visitorId).toBe(visitorId);
      } else {
        expect([statuses, entries]).toEqual([[["forward"]], []]);
      }
    }
  });

  it("a forwarded event leaves its id free for the shard that will keep it", () => {
    const { state } = aState();
    const event = at(10, { visitorId: NEW.there, id: "x" });
    planCommit([batch([item(event, OLD)])], state);
    expect(state.seen.has("x")).toBe(false);
    expect(planCommit([batch([item(event)])], state).statuses).toEqual([["accepted"]]);
  });

  it("the only shard of a site keeps everybody", () => {
    const { state } = aState();
    const one = batch([item(at(10, { visitorId: NEW.there }), OLD)], {}, 1);
    expect(planCommit([one], state).statuses).toEqual([["accepted"]]);
  });
});

describe("a commit", () => {
  it("takes each id once over its batches, and events without an id each time", () => {
    const { state } = aState();
    const [a, b, none] = [item(at(0, { id: "a" })), item(at(0, { id: "b" })), item(at(0))];
    const { statuses, entries } = planCommit([batch([a, a, none]), batch([b, a, none])], state);
    expect(statuses).toEqual([
      ["accepted", "duplicate", "accepted"],
      ["accepted", "duplicate", "accepted"],
    ]);
    expect(entries).toHaveLength(4);
  });

  it("that failed gives its ids back, and no others", () => {
    const { state } = aState();
    const earlier = [
      batch([item(at(0, { id: "a" }))]),
      batch([item(at(0, { id: "h-12345:0" }))], { importId: "h-12345" }),
    ];
    const later = [
      batch([item(at(0, { id: "a" })), item(at(0, { id: "b" }))]),
      batch([item(at(0, { id: "h-12345:0" })), item(at(0, { id: "h-12345:1" }))], { importId: "h-12345" }),
    ];
    planCommit(earlier, state);
    planCommit(later, state).undo();
    expect(planCommit(later, state).statuses).toEqual([
      ["duplicate", "accepted"],
      ["duplicate", "accepted"],
    ]);
  });

  it("keeps history apart: its own ids, and nothing for the live counters", () => {
    const { state } = aState();
    const line = item(at(0, { id: "h-12345:0" }));
    const plan = planCommit([batch([line], { importId: "h-12345" }), batch([line])], state);
    expect(plan.statuses).toEqual([["accepted"], ["accepted"]]);
    expect(plan.entries.map((entry) => entry.importId)).toEqual(["h-12345", ""]);
    expect(plan.live).toHaveLength(1);
  });

  it("refuses stragglers of an import that has ended, but not lines of the one opened after it", () => {
    const { state, endedImports } = aState();
    endedImports.add("h-12345 1");
    const lines = (importBegan: number) =>
      batch([item(at(0, { id: "h-12345:0" }))], { importId: "h-12345", importBegan });
    expect(planCommit([lines(1), lines(2)], state).statuses).toEqual([["ended"], ["accepted"]]);
  });
});
