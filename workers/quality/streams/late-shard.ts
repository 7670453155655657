import { HOUR_MS, hourOf, type StreamFinding } from "../stream-finding.ts";

export interface ShardProgress {
  shard: string;
  /** Until when its events have reached the roll-ups, milliseconds UTC. */
  through: number;
  /** Events that wait behind; one that has nothing to hand on is not late. */
  waiting: number;
}

const ALLOWED_MS = 2 * HOUR_MS;

/** Shards whose events reach the roll-ups more than two hours late. */
export function lateShards(shards: readonly ShardProgress[], now: number): StreamFinding[] {
  return shards.flatMap(({ shard, through, waiting }): StreamFinding[] => {
    if (waiting === 0 || now - through <= ALLOWED_MS) return [];
    const reason = `shard ${shard} has handed on its events until ${hourOf(through)}; ${waiting} wait`;
    return [
      { fault: "late_shard", subject: `shard ${shard}`, from: through, to: now, expected: 0, found: waiting, reason },
    ];
  });
}
