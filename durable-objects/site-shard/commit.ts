// What one group commit decides, before anything is written: which events are new, which are repeats, which belong to
// another shard, and under which visitor they are kept. Pure but for the sets of ids that it is given.
import { type Event, type PackedEvent, packEvent, unpackEvent } from "../../workers/domain/event.ts";
import { shardOf } from "../../workers/domain/shard.ts";
import type { EndedImports } from "./ended-imports.ts";
import type { Place } from "./given-ranges.ts";
import type { HeldEntry } from "./held-events.ts";
import type { ImportLines } from "./import-lines.ts";
import type { LogEntry } from "./log.ts";
import type { AppendBatch, AppendItem, AppendStatus } from "./protocol.ts";
import type { SeenIds } from "./seen-ids.ts";
import type { Found } from "./violation-counts.ts";
import type { OpenSession } from "./windows.ts";

export interface CommitState {
  seen: Pick<SeenIds, "has" | "add" | "remove">;
  lines: ImportLines;
  ended: Pick<EndedImports, "includes">;
  openSession: (visitorId: string, now: number) => OpenSession | undefined;
  /** Where the visitor is held, while visitors move. */
  placeOf: (visitorId: string, now: number) => Place;
  /** Whether visitors were given to the next epoch. */
  gave: boolean;
}

export interface CommitPlan {
  entries: LogEntry[];
  /** What goes to quarantine instead. */
  held: HeldEntry[];
  /** Where the new events do not fit the tracking plan. */
  found: Found[];
  /** Whether some visitor's id is not made anew each day, as imports may give it. */
  lasting: boolean;
  /** The new events that are not history, for the live counters. */
  live: Event[];
  /** Per batch, per item. */
  statuses: AppendStatus[][];
  /** Takes the ids out again, should the write fail. */
  undo: () => void;
}

/** The event under the visitor id that it is to be kept with, or why it is not kept here. */
function settleVisitor(
  item: AppendItem,
  batch: AppendBatch,
  state: CommitState,
): { packed: string; event: Event } | Exclude<AppendStatus, "accepted" | "duplicate" | "quarantined" | "ended"> {
  const event = unpackEvent(JSON.parse(item.packed) as PackedEvent); // packed by collect of the same version
  const previous = item.previousVisitorId;
  const place = state.placeOf(previous ?? event.visitorId, event.receivedAt);
  if (place !== "here") return place;
  // Its first sending may have gone there, which a sender that knows of no move has not asked.
  if (state.gave && item.retry && !batch.moving) return "given";
  if (previous === undefined) return { packed: item.packed, event };
  if (state.openSession(previous, event.receivedAt) !== undefined) {
    const kept = { ...event, visitorId: previous };
    return { packed: JSON.stringify(packEvent(kept)), event: kept };
  }
  const { shard, shards } = batch.of;
  const own = shardOf(event.visitorId, shards) === shard && state.placeOf(event.visitorId, event.receivedAt) === "here";
  return own ? { packed: item.packed, event } : "forward";
}

export function planCommit(batches: AppendBatch[], state: CommitState): CommitPlan {
  const entries: LogEntry[] = [];
  const held: HeldEntry[] = [];
  const found: Found[] = [];
  const live: Event[] = [];
  let lasting = false;
  const undo: (() => void)[] = [];

  function take(item: AppendItem, batch: AppendBatch): AppendStatus {
    const settled = settleVisitor(item, batch, state);
    if (typeof settled === "string") return settled;
    const { packed, event } = settled;
    const { id, receivedAt } = event;
    const ids = batch.importId === undefined ? state.seen : state.lines;
    if (id !== "" && !ids.add(id)) return "duplicate";
    undo.push(() => ids.remove(id));
    const { violations = [] } = item;
    for (const violation of violations) found.push({ event: event.name, violation });
    if (item.held) {
      held.push({ packed, receivedAt, violations });
      return "quarantined";
    }
    if (event.persistentId !== "" && event.persistentId === event.visitorId) lasting = true;
    entries.push({ importId: batch.importId ?? "", at: event.at, receivedAt, packed });
    if (batch.importId === undefined) live.push(event);
    return "accepted";
  }

  const statuses = batches.map((batch) => {
    const over = batch.importId !== undefined && state.ended.includes(batch.importId, batch.importBegan ?? 0);
    return batch.items.map((item) => (over ? "ended" : take(item, batch)));
  });
  return { entries, held, found, lasting, live, statuses, undo: () => undo.forEach((one) => void one()) };
}
