// A copy of the shard as it was at one instant, handed out in parts while events go on coming in: the segments of then stay
// readable, and the little that the log held beside them is kept in memory. The copy ends with the object or a rest.
import {
  type BackupAsk,
  type BackupReply,
  type EventLines,
  eventLine,
  type ShardCut,
} from "../../workers/domain/backup.ts";
import { EVERYBODY } from "../../workers/domain/shard.ts";
import type { ErasedRolls } from "./erased-rolls.ts";
import { type GivingPorts, keptInMind } from "./give.ts";
import type { GivenRanges } from "./given-ranges.ts";
import { parseBody, readLog } from "./log.ts";
import type { ShardMemory } from "./memory.ts";
import { isPartial } from "./owned-counts.ts";
import type { GivenMemory, ShardIdentity } from "./protocol.ts";
import { eventsInRange } from "./sealed-events.ts";
import type { SegmentFacts, SegmentStore } from "./segment-store.ts";
import type { TakenPieces } from "./taken-pieces.ts";
import type { Upkeep } from "./upkeep.ts";

/** A part's text: some megabytes, and a turn that others can wait for. */
const PART_CHARS = 4_000_000;
/** Words of one part of ids: 4 MB. */
const PART_WORDS = 1_000_000;
/** Nobody has asked for so long: they are gone. */
const REST_MS = 10 * 60_000;

interface BackupPorts {
  storage: DurableObjectStorage;
  store: SegmentStore;
  memory: ShardMemory;
  archived: GivingPorts["archived"];
  dirty: GivingPorts["dirty"];
  rolls: GivingPorts["rolls"];
  erased: ErasedRolls;
  given: GivenRanges;
  pieces: TakenPieces;
  upkeep: Upkeep;
  pause: () => Promise<void>;
}

interface Held {
  cut: ShardCut;
  segments: readonly SegmentFacts[];
  /** What the log held: a list a row, as lines. */
  log: string[][];
  words: Uint32Array;
  release: () => void;
  /** Milliseconds. */
  askedAt: number;
}

export interface Backups {
  answer(of: ShardIdentity | undefined, ask: BackupAsk): Promise<BackupReply>;
  /** Lets go of a copy that nobody asks for any more. */
  expire(now: number): void;
}

const linesOf = (importId: string, events: readonly unknown[]) =>
  events.map((packed) => eventLine(importId, JSON.stringify(packed)));

/** In one turn, so that it is one instant. */
function hold(ports: BackupPorts): Held {
  const { store, memory } = ports;
  const { sql } = ports.storage;
  const at = Date.now();
  const kept: GivenMemory = {
    ...keptInMind(ports, EVERYBODY, { now: at, leaves: () => false }),
    erased: ports.erased.all(),
  };
  const segments = [...store.all()];
  const rows = readLog(sql, 0);
  const events = [...segments, ...rows].reduce((sum, { count }) => sum + count, 0);
  return {
    cut: { token: crypto.randomUUID(), at, events, memory: JSON.stringify(kept) },
    segments,
    log: rows.map(({ importId, body }) => linesOf(importId, parseBody(body))),
    words: memory.seen.words(),
    release: store.hold(),
    askedAt: at,
  };
}

/** From a segment and row, or a row of the log behind all segments; `next` says where to go on. */
async function readEvents({ store, pause }: BackupPorts, held: Held, cursor: string): Promise<EventLines> {
  const [from = 0, row = 0] = cursor.split(".").map(Number);
  const lines: string[] = [];
  let chars = 0;
  const add = (more: readonly string[]) => {
    for (const line of more) chars += line.length;
    lines.push(...more);
    return chars >= PART_CHARS;
  };
  const upTo = (next: string | null): EventLines => ({ lines: lines.join(""), events: lines.length, next });
  for (let place = from; place < held.segments.length; place++) {
    const { id, importId } = held.segments[place]!;
    for (const { events, next } of eventsInRange(store.batch(id), EVERYBODY, place === from ? row : 0)) {
      if (add(linesOf(importId, events))) return upTo(`${place}.${next}`);
    }
    await pause();
  }
  for (let place = Math.max(from - held.segments.length, 0); place < held.log.length; place++) {
    if (add(held.log[place]!)) return upTo(`${held.segments.length + place + 1}.0`);
  }
  return upTo(null);
}

/**
 * Ids on disk, then those that were in memory at the cut. Ids that came after it may be among them, if they went to disk
 * meanwhile: their events were acknowledged, so nobody sends them again.
 */
function readIds({ memory }: BackupPorts, held: Held, cursor: string) {
  let page = Number(cursor) || 0;
  const parts: Uint32Array[] = [];
  let size = 0;
  for (let next = memory.runs.readAfter(page, 0); next; next = memory.runs.readAfter(page, 0)) {
    page = next.page;
    parts.push(next.words);
    size += next.words.length;
    if (size >= PART_WORDS) return { words: joined(parts, size), next: String(page) };
  }
  return { words: joined([...parts, held.words], size + held.words.length), next: null };
}

function joined(parts: readonly Uint32Array[], size: number): Uint32Array {
  const words = new Uint32Array(size);
  let at = 0;
  for (const part of parts) {
    words.set(part, at);
    at += part.length;
  }
  return words;
}

export function createBackups(ports: BackupPorts): Backups {
  let held: Held | undefined;

  function letGo(): void {
    held?.release();
    held = undefined;
  }

  async function cut(of: ShardIdentity | undefined): Promise<BackupReply> {
    const { upkeep } = ports;
    return upkeep.inTurn(async () => {
      if (isPartial(ports) || ports.given.leaving) return "moving";
      // What is sealed needs no room while the copy is made.
      if (of) await upkeep.steps.copyOut(of);
      if (of) await upkeep.steps.seal(Date.now());
      letGo();
      held = hold(ports);
      return { cut: held.cut };
    });
  }

  return {
    async answer(of, ask) {
      if (ask.want === "cut") return cut(of);
      if (held?.cut.token !== ask.token) return "lost";
      held.askedAt = Date.now();
      if (ask.want === "events") return { events: await readEvents(ports, held, ask.cursor) };
      const ids = readIds(ports, held, ask.cursor);
      if (ids.next === null) letGo();
      return { ids };
    },
    expire(now) {
      if (held && held.askedAt < now - REST_MS) letGo();
    },
  };
}
