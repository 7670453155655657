// What a shard is made of, each part with the others that it works on.
import type { Env } from "../../workers/env.ts";
import { createBackups } from "./backup.ts";
import { createDirtyHours } from "./dirty-hours.ts";
import { createFindings } from "./findings.ts";
import type { GivingPorts } from "./give.ts";
import { createGivenRanges } from "./given-ranges.ts";
import { createLeaveOut } from "./leave-out.ts";
import { createLivePush } from "./live-push.ts";
import { createLogSpans } from "./log-spans.ts";
import { recallMemory } from "./memory.ts";
import { createMove } from "./move.ts";
import { outboxPosition } from "./outbox.ts";
import { type Counting, ownedBy } from "./owned-counts.ts";
import type { ShardIdentity } from "./protocol.ts";
import { createRestoring } from "./restore.ts";
import { createRollState } from "./roll-state.ts";
import { createSegments } from "./segments.ts";
import type { StandingPorts } from "./standing.ts";
import { createTakenPieces } from "./taken-pieces.ts";
import { createUpkeep } from "./upkeep.ts";

export interface AssemblePorts {
  storage: DurableObjectStorage;
  env: Env;
  identity: () => ShardIdentity | undefined;
  pause: () => Promise<void>;
}

export type Parts = ReturnType<typeof assemble>;

export function assemble({ storage, env, identity, pause }: AssemblePorts) {
  const { sql } = storage;
  const segments = createSegments(storage, env.LAKE);
  const { store, archived } = segments;
  const owners = { given: createGivenRanges(sql), pieces: createTakenPieces(sql) };
  const owns = ownedBy(owners);
  const memory = recallMemory(storage, store, { now: Date.now(), owns });
  const dirty = createDirtyHours(sql, store, outboxPosition(sql).done);
  const findings = createFindings(sql);
  const rolls = createRollState(sql);
  const leaveOuts = createLeaveOut({ storage, env, segments, ...owners, pause });
  const live = createLivePush({ sql, env, memory, owners, identity });
  /** Begins to count from storage anew: visitors came or went. */
  const recall = () => {
    Object.assign(memory, recallMemory(storage, store, { now: Date.now(), owns, runs: memory.runs }));
    segments.reset();
    live.soon(0);
  };
  const kept = { memory, segments, dirty, findings, rolls, erased: leaveOuts.rolls, erasing: leaveOuts, ...owners };
  const upkeep = createUpkeep({ storage, env, ...kept, pause });
  const shared = { ...kept, storage, store, archived, env, upkeep, pause, recall };
  const stands: StandingPorts = { log: createLogSpans(sql, segments), segments, dirty, rolls };
  const counting: Counting = { ...owners, sql, store, archived };
  const giving: GivingPorts = shared;
  return {
    ...{ segments, owners, memory, dirty, findings, rolls, stands, upkeep, counting, giving, live, leaveOuts, recall },
    move: createMove(shared),
    backups: createBackups(shared),
    refill: createRestoring(shared),
  };
}
