// What a shard does between requests: copy to D1 and Analytics Engine, seal, roll up, forget. One task at a time.
import type { VisitorRange } from "../../workers/domain/shard.ts";
import type { Env } from "../../workers/env.ts";
import { writeQuarantined } from "../../workers/store/quarantine.ts";
import { removeRawImport } from "../../workers/store/raw-events.ts";
import { writeViolations } from "../../workers/store/violations.ts";
import { follow } from "./archive-orders.ts";
import { checkOldRolls } from "./check-old-rolls.ts";
import { checkRecentRolls, checkRolls, NO_CHECK } from "./check-rolls.ts";
import { createCheckedRolls } from "./checked-rolls.ts";
import type { DirtyHours } from "./dirty-hours.ts";
import type { ErasedRolls } from "./erased-rolls.ts";
import type { Erasing } from "./erasing.ts";
import type { Findings } from "./findings.ts";
import type { GivenRanges } from "./given-ranges.ts";
import { type LogSize, noteLastSeq, readLog, sizeOfLog } from "./log.ts";
import { expireMemory, type ShardMemory, storeMemory } from "./memory.ts";
import { mergeSegments } from "./merge-segments.ts";
import { flushOutbox, leaveOut, outboxPosition } from "./outbox.ts";
import { countOwned } from "./owned-counts.ts";
import { pointsDone, writePoints } from "./points.ts";
import type { ArchiveOrder, ArchiveReply, RollCheck, ShardIdentity } from "./protocol.ts";
import { rolledAs } from "./roll-epoch.ts";
import type { RollState } from "./roll-state.ts";
import { nextRollUp, type RollUpPorts, rollUp } from "./roll-up.ts";
import { sealIsDue, sealLog } from "./seal.ts";
import type { Segments } from "./segments.ts";
import type { TakenPieces } from "./taken-pieces.ts";

const HOUR_MS = 3600_000;
/** The log waits for D1 until so much of it is not copied. */
const AHEAD_EVENTS = 150_000;
const AHEAD_BYTES = 48 * 2 ** 20;
/** Sessions begun in an hour may still go on for a while after it. */
export const SETTLE_MS = 31 * 60_000;

export interface UpkeepPorts {
  storage: DurableObjectStorage;
  env: Env;
  memory: ShardMemory;
  segments: Segments;
  dirty: DirtyHours;
  findings: Findings;
  rolls: RollState;
  erased: ErasedRolls;
  erasing: Pick<Erasing, "subjects">;
  given: GivenRanges;
  pieces: TakenPieces;
  pause: () => Promise<void>;
}

/** The tasks by themselves: whether due or not, unless visitors are moving; only ever in turn. */
export interface UpkeepSteps {
  copyOut(of: ShardIdentity): Promise<boolean>;
  /** Seals what was copied out. */
  seal(now: number): Promise<void>;
  /** True when merges are left. */
  merge(now: number): Promise<boolean>;
  /** Rolls up what ended before `until`, milliseconds. True when more is left. */
  rollUp(of: ShardIdentity, until: number): Promise<boolean>;
}

export interface Upkeep {
  steps: UpkeepSteps;
  /** Copies everything that waits to D1 and, 250 at a call, to Analytics Engine. True when points are left. */
  copyOut(of: ShardIdentity): Promise<boolean>;
  /** Seals a full log, merges segments, rolls up, forgets what is over its time. True when more of it is left. */
  tidy(of: ShardIdentity, now: number): Promise<boolean>;
  archive(of: ShardIdentity, order: ArchiveOrder): Promise<ArchiveReply>;
  /** From now on segments stay as they are. */
  leaveRange(range: VisitorRange): Promise<void>;
  /** Seals all that may be sealed and marks the range; from then on nothing is sealed. */
  closeRange(of: ShardIdentity | undefined, range: VisitorRange): Promise<void>;
  /** Runs a task after those before it. */
  inTurn<T>(task: () => Promise<T>): Promise<T>;
  undoImport(of: ShardIdentity, importId: string): Promise<number>;
  /** Whether all hours that are over are rolled up. */
  isRolledUp(now: number): boolean;
  checkRolls(of: ShardIdentity | undefined, after: number | null): Promise<RollCheck>;
  checkRecentRolls(of: ShardIdentity | undefined): Promise<RollCheck>;
  checkOldRolls(of: ShardIdentity | undefined): Promise<RollCheck>;
  /** When the next of this is due, or null. */
  nextWork(of: ShardIdentity, now: number): number | null;
}

/** The last log row that may be sealed: D1 has it, and Analytics Engine, unless they keep the log waiting too long. */
function sealableThrough({ storage: { sql }, env, dirty }: UpkeepPorts, now: number): number {
  const isTooLong = ({ events, bytes }: LogSize) => events >= AHEAD_EVENTS || bytes >= AHEAD_BYTES;
  const { done } = outboxPosition(sql);
  const copied = isTooLong(sizeOfLog(sql, done)) ? leaveOut(sql, now, dirty.store) : done;
  // Points that cannot be written in time are left out: the dataset is sampled anyway.
  if (!env.EVENTS || isTooLong(sizeOfLog(sql, pointsDone(sql)))) return copied;
  return Math.min(copied, pointsDone(sql));
}

async function seal(ports: UpkeepPorts, now: number): Promise<void> {
  const { storage, memory, segments, pause } = ports;
  const through = sealableThrough(ports, now);
  let stored = false;
  const sealing = {
    store: segments.store,
    remember() {
      storeMemory(storage.sql, memory, now);
      stored = true;
    },
    sealed() {
      // At once: ids that come during the pause are to be stored the next time.
      if (stored) memory.seen.settle();
      stored = false;
      segments.reset();
    },
    pause,
  };
  while ((await sealLog(storage, through, sealing)) > 0) await pause();
}

function removeImport(ports: UpkeepPorts, importId: string): number {
  const { storage, memory, segments, dirty } = ports;
  const { sql } = storage;
  const removed = countOwned({ ...ports, sql, store: segments.store, archived: segments.archived }, importId);
  dirty.markImport(importId);
  const away = segments.archived.ofImport(importId);
  for (const { date } of away) dirty.markDay(date);
  storage.transactionSync(() => {
    dirty.store();
    noteLastSeq(sql);
    for (const table of ["log", "taken_lines"]) sql.exec(`delete from ${table} where import_id = ?`, importId);
    const own = segments.store.all().filter((segment) => segment.importId === importId);
    segments.store.remove(own.map(({ id }) => id));
    for (const file of away) {
      segments.store.remove(segments.back.ofFile(file.key));
      segments.back.release(file.key);
      segments.archived.put(file, "obsolete");
    }
  });
  memory.lines.forget(importId);
  segments.reset();
  return removed;
}

const isWhole = ({ given, pieces }: UpkeepPorts) => !given.leaving && pieces.whole;

function rollUpPorts(ports: UpkeepPorts, of: ShardIdentity, until: number) {
  const { storage, env, segments, dirty, rolls, erased, pause } = ports;
  const { archived } = segments;
  const by = rolledAs(storage.sql, of);
  return { source: segments, archived, dirty, state: rolls, erased, db: env.DB, of: by, until, pause };
}

function createSteps(ports: UpkeepPorts): UpkeepSteps {
  const { storage, env, segments, dirty, findings, given, pieces, pause } = ports;
  const { sql } = storage;
  return {
    async copyOut({ siteId, shard, epoch }) {
      const from = { siteId, shard, epoch };
      // First, since D1 may be away.
      const points = env.EVENTS ? writePoints(sql, env.EVENTS, siteId) : false;
      while (await flushOutbox(sql, { db: env.DB, from, beforePassing: dirty.store })) await pause();
      const shed = findings.held.shed();
      if (shed > 0) findings.counts.note({ drops: { quarantine_full: shed } }, Date.now());
      await findings.held.settle(Date.now(), (rows) => writeQuarantined(env.DB, from, rows));
      await findings.counts.settle(env.DB, from, Date.now());
      await findings.violations.settle(Date.now(), (counts) => writeViolations(env.DB, from, counts));
      return points;
    },
    async seal(now) {
      if (!given.closing) await seal(ports, now);
    },
    async merge(now) {
      // While a copy is being made of them, segments stay as they are.
      const moving = given.leaving || !pieces.whole;
      return !moving && (await mergeSegments({ storage, store: segments.store, pause }, now));
    },
    async rollUp(of, until) {
      // Half of the visitors' counts would stand for all of them: the epoch that has them all rolls up.
      return isWhole(ports) && rollUp(rollUpPorts(ports, of, until));
    },
  };
}

export function createUpkeep(ports: UpkeepPorts): Upkeep {
  const { storage, env, memory, segments, dirty, rolls, given, pieces, pause } = ports;
  const { sql } = storage;
  const steps = createSteps(ports);
  let queue: Promise<unknown> = Promise.resolve();

  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = queue.then(task, task);
    queue = result.catch(() => undefined);
    return result;
  }

  const check = (of: ShardIdentity | undefined, look: (rolls: RollUpPorts) => Promise<RollCheck>) =>
    inTurn(async () => {
      if (!of || !isWhole(ports)) return NO_CHECK;
      return look(rollUpPorts(ports, of, Date.now() - SETTLE_MS));
    });

  return {
    steps,
    copyOut: (of) => inTurn(() => steps.copyOut(of)),
    tidy: (of, now) =>
      inTurn(async () => {
        if (sealIsDue(sql, now)) await steps.seal(now);
        // Before what needs D1, which may be away.
        expireMemory(storage, memory, now);
        segments.back.expire(now);
        const ids = !given.leaving && (await memory.runs.tidy(now, pause));
        const merges = await steps.merge(now);
        const rolls = await steps.rollUp(of, now - SETTLE_MS);
        return ids || merges || rolls;
      }),
    inTurn,
    checkRolls: (of, after) => check(of, (rolls) => checkRolls(rolls, after)),
    checkRecentRolls: (of) => check(of, (rolls) => checkRecentRolls(rolls, createCheckedRolls(sql))),
    checkOldRolls: (of) => check(of, (rolls) => checkOldRolls(rolls, sql)),
    archive: (of, order) => inTurn(() => follow({ ...ports, steps, of }, order)),
    leaveRange: (range) => inTurn(async () => given.leave(range)),
    closeRange: (of, range) =>
      inTurn(async () => {
        // One that was never sent anything does not know who it is, and has nothing to seal.
        if (of && !given.closing) {
          await steps.copyOut(of);
          await steps.seal(Date.now());
        }
        given.close(range);
      }),
    undoImport: (of, importId) =>
      inTurn(async () => {
        // What is on its way to D1 arrives first, so that removing it there removes all of it.
        await steps.copyOut(of);
        const removed = removeImport(ports, importId);
        await removeRawImport(env.DB, of.siteId, importId);
        return removed;
      }),
    isRolledUp: (now) =>
      pieces.whole &&
      dirty.due(now - SETTLE_MS - HOUR_MS).length === 0 &&
      rolls.days.all().every((start) => start > now - SETTLE_MS - 2 * 24 * HOUR_MS),
    nextWork({ timeZone }, now) {
      if (given.leaving) {
        const waiting = outboxPosition(sql).done < (readLog(sql, outboxPosition(sql).done).at(-1)?.seq ?? 0);
        return waiting ? now + 1000 : null;
      }
      if (pieces.next) return now;
      const log = sizeOfLog(sql);
      const roll = nextRollUp({ dirty, state: rolls, timeZone });
      const forget = segments.back.nextExpiry();
      const due = [
        ...(log.rows > 0 ? [log.oldest + HOUR_MS] : []),
        ...(roll === null ? [] : [roll + SETTLE_MS]),
        ...(forget === null ? [] : [forget]),
      ];
      return due.length === 0 ? null : Math.max(now, Math.min(...due)) + 1000;
    },
  };
}
