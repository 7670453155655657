import { median } from "../../stats/median.ts";
import { HOUR_MS, hourOf, type StreamFinding } from "../stream-finding.ts";

export interface ShardProgress {
  shard: string;
  /** Until when its events have reached the roll-ups, milliseconds UTC. */
  through: number;
  /** Events that wait behind; one that has nothing to hand on is not late. */
  waiting: number;
}

const ALLOWED_MS = 2 * HOUR_MS;

/** Shards whose events reach the roll-ups late: two hours behind now, and two behind most other shards where there are any. */
export function lateShards(shards: readonly ShardProgress[], now: number): StreamFinding[] {
  const typical = shards.length > 2 ? median(shards.map(({ through }) => now - through)) : 0;
  return shards.flatMap(({ shard, through, waiting }): StreamFinding[] => {
    const behind = now - through;
    if (waiting === 0 || behind <= ALLOWED_MS || behind - typical <= ALLOWED_MS) return [];
    const reason = `shard ${shard} has handed on its events until ${hourOf(through)}; ${waiting} wait`;
    return [
      { fault: "late_shard", subject: `shard ${shard}`, from: through, to: now, expected: 0, found: waiting, reason },
    ];
  });
}
