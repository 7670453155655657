// The old shard's side of a move: it hands out what it holds of a range of visitors, and at last the range itself.
import { addToDigest, type Digest, EMPTY_DIGEST } from "../../workers/domain/digest.ts";
import type { PackedEvent } from "../../workers/domain/event.ts";
import { inRange, leadOf, overlapOf, type VisitorRange } from "../../workers/domain/shard.ts";
import type { ArchivedFiles } from "./archived-files.ts";
import type { DirtyHours } from "./dirty-hours.ts";
import type { Erasing } from "./erasing.ts";
import type { GivenRanges } from "./given-ranges.ts";
import { parseBody, readLog } from "./log.ts";
import type { ShardMemory } from "./memory.ts";
import type { GivenEvents, GivenMemory, HandOver, LogPart, SealedCursor, SealedPart } from "./protocol.ts";
import { rollEpochOf } from "./roll-epoch.ts";
import type { RollState } from "./roll-state.ts";
import { eventsInRange, segmentsFrom } from "./sealed-events.ts";
import type { SegmentStore } from "./segment-store.ts";

/** A call's events: some megabytes at most, and a turn that others can wait for. */
const PART_EVENTS = 10_000;
const PART_CHARS = 8_000_000;
const VISITOR_FIELD = 4;

interface MindPorts {
  storage: DurableObjectStorage;
  memory: ShardMemory;
  archived: ArchivedFiles;
  dirty: DirtyHours;
  rolls: RollState;
}

export interface GivingPorts extends MindPorts {
  store: SegmentStore;
  given: GivenRanges;
  erasing: Pick<Erasing, "editor">;
  pause: () => Promise<void>;
  /** Rebuilds the memory, now that visitors are gone from it. */
  recall: () => void;
}

const joined = (events: readonly PackedEvent[]) => events.map((packed) => JSON.stringify(packed)).join(",");

const visitorIn = (packed: PackedEvent, range: VisitorRange) => inRange(leadOf(packed[VISITOR_FIELD]), range);

type Edit = (events: PackedEvent[]) => PackedEvent[];

/** What leaves the object is without those who are to be erased. */
async function editOf({ erasing }: GivingPorts): Promise<Edit> {
  const editor = await erasing.editor();
  return editor ? editor.edit : (events) => events;
}

/** The next sealed events of the range; segments stay as they are while ranges are given. */
export async function giveSealed(ports: GivingPorts, range: VisitorRange, cursor: SealedCursor): Promise<SealedPart> {
  const { store, pause } = ports;
  const edit = await editOf(ports);
  const parts: GivenEvents[] = [];
  let count = 0;
  let chars = 0;
  let at = cursor;
  for (const { id, arrival, importId, count: rows } of segmentsFrom(store, cursor)) {
    const from = id === cursor.segment ? cursor.row : 0;
    for (const { events: all, next } of eventsInRange(store.batch(id), range, from)) {
      const events = edit(all);
      const body = joined(events);
      if (events.length > 0) parts.push({ importId, body, count: events.length });
      count += events.length;
      chars += body.length;
      at = { arrival, segment: id, row: next };
      if (count >= PART_EVENTS || chars >= PART_CHARS) return { parts, cursor: at, end: false };
    }
    at = { arrival, segment: id, row: rows };
    await pause();
  }
  return { parts, cursor: at, end: true };
}

/** Whether segments follow those that the cursor has passed. */
export const hasMore = ({ store }: GivingPorts, { arrival, segment }: SealedCursor): boolean =>
  segmentsFrom(store, { arrival, segment: segment + 1, row: 0 }).length > 0;

/** What the log holds of the range after a row; `end` when that was all. */
export async function giveLog(ports: GivingPorts, range: VisitorRange, after: number): Promise<LogPart> {
  const { sql } = ports.storage;
  const edit = await editOf(ports);
  const parts: GivenEvents[] = [];
  const rows = readLog(sql, after, PART_EVENTS);
  for (const { importId, body } of rows) {
    const events = edit(parseBody(body).filter((packed) => visitorIn(packed, range)));
    if (events.length > 0) parts.push({ importId, body: joined(events), count: events.length });
  }
  const seq = rows.at(-1)?.seq ?? after;
  return { parts, seq, end: readLog(sql, seq, 1).length === 0 };
}

/** Of all sealed events of the range that are given. */
export async function digestSealed(ports: GivingPorts, range: VisitorRange): Promise<Digest> {
  const { store, pause } = ports;
  const edit = await editOf(ports);
  let digest = EMPTY_DIGEST;
  for (const { id } of store.all()) {
    for (const { events } of eventsInRange(store.batch(id), range)) digest = addToDigest(digest, edit(events));
    await pause();
  }
  return digest;
}

/** What the object has in mind beyond its events. Lines and ids are those of all visitors: more refuse no more. */
export function keptInMind(
  { storage, memory, archived, dirty, rolls }: MindPorts,
  range: VisitorRange,
  { now, leaves }: { now: number; leaves: (visitorId: string) => boolean },
): GivenMemory {
  const sessions = memory.live
    .openSessions(now)
    .filter(([visitorId]) => inRange(leadOf(visitorId), range) && !leaves(visitorId));
  return {
    lines: memory.lines.importIds().map((importId) => ({ importId, ranges: memory.lines.ranges(importId) })),
    ended: memory.ended.all(),
    sessions: sessions.length > 0 ? JSON.stringify(sessions) : null,
    archived: archived
      .all()
      .filter(({ file }) => overlapOf({ from: file.fromLead, to: file.toLead + 1 }, range) !== null),
    gone: archived.gone(),
    rolls: { epoch: rollEpochOf(storage.sql), hours: dirty.pending(), state: rolls.given() },
  };
}

/** The same of a range that is given, without the sessions of those who are left out. */
export async function giveMemory(ports: GivingPorts, range: VisitorRange, now: number): Promise<GivenMemory> {
  const editor = await ports.erasing.editor();
  const leaves = (visitorId: string) => editor?.isTheirs({ userId: "", persistentId: "", visitorId }) ?? false;
  return keptInMind(ports, range, { now, leaves });
}

/** Gives the range away, unless it took events that the new shard does not have. May be repeated. */
export function handOver({ storage, given, recall }: GivingPorts, { range, seq, events }: HandOver): boolean {
  if (given.isGiven(range)) return true;
  const left = readLog(storage.sql, seq).some(({ body }) => parseBody(body).some((packed) => visitorIn(packed, range)));
  if (left) return false;
  given.give(range, events);
  recall();
  return true;
}
