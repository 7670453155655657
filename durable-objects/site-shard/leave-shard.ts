import { covers, rangeOf } from "../../workers/domain/shard.ts";
import type { AlarmClock } from "./alarm-clock.ts";
import type { GivenRanges } from "./given-ranges.ts";
import type { ShardIdentity } from "./protocol.ts";
import { createTables, writeFact } from "./tables.ts";
import type { Upkeep } from "./upkeep.ts";

interface LeavePorts {
  storage: DurableObjectStorage;
  given: GivenRanges;
  upkeep: Upkeep;
  clock: AlarmClock;
}

/** Empties the object once all of its visitors were given away; false when it is not so far. */
export async function leaveShard(of: ShardIdentity, { storage, given, upkeep, clock }: LeavePorts): Promise<boolean> {
  const whole = rangeOf(of.shard, of.shards);
  if (!covers(given.given, whole)) return false;
  await upkeep.copyOut(of);
  await storage.deleteAll();
  clock.clear();
  createTables(storage.sql);
  writeFact(storage.sql, "identity", of);
  // Whoever still asks here is told where to go.
  given.give(whole, 0);
  return true;
}
