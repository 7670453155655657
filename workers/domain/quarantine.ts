// Events that the tracking plan refused: kept as they were, each under a line of its own, so that a replay counts it once.
import type { PackedEvent } from "./event.ts";
import type { Violation } from "./tracking-plan.ts";

export const QUARANTINE_KEPT_MS = 30 * 24 * 3600_000;

/** Line, event, and why it was refused. */
export type HeldEvent = [line: number, packed: PackedEvent, violations: Violation[]];

/** Events of one row of a shard's quarantine. */
export const HELD_A_ROW = 1024;
const SEQS = 2 ** 24;
const SHARDS = 64;

/** A number that no other event of the site has: by who held it, in which row, at which place. */
export function heldLine(of: { epoch: number; shard: number }, seq: number, index: number): number {
  return ((of.epoch * SHARDS + of.shard) * SEQS + seq) * HELD_A_ROW + index;
}

const PREFIX = "quarantine-";

/** Replayed events are history of the month in which they were received, under this import. */
export const replayImport = (receivedAt: number): string => PREFIX + new Date(receivedAt).toISOString().slice(0, 7);

export const isReplayImport = (importId: string): boolean => importId.startsWith(PREFIX);

/** Whether nothing that goes under the import can be in quarantine any more. */
export function isReplayOver(importId: string, now: number): boolean {
  const [year = 0, month = 0] = importId.slice(PREFIX.length).split("-").map(Number);
  return now > Date.UTC(year, month) + QUARANTINE_KEPT_MS + 24 * 3600_000;
}

/** The event's id as history; what stands before the `@` is the sender's. */
export const replayedId = (id: string, importId: string, line: number): string => `${id}@${importId}:${line}`;
