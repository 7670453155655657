// An object whose visitors were all given away is emptied; nothing of them stays in its file.
import { covers, rangeOf } from "../../workers/domain/shard.ts";
import type { AlarmClock } from "./alarm-clock.ts";
import type { GivenRanges } from "./given-ranges.ts";
import type { ShardIdentity } from "./protocol.ts";
import { createTables, writeFact } from "./tables.ts";
import type { Upkeep } from "./upkeep.ts";

interface Leaving {
  storage: DurableObjectStorage;
  of: ShardIdentity;
  given: GivenRanges;
  upkeep: Upkeep;
  clock: AlarmClock;
  recall: () => void;
}

/** False while it holds visitors of its own. */
export async function leaveObject({ storage, of, given, upkeep, clock, recall }: Leaving): Promise<boolean> {
  const whole = rangeOf(of.shard, of.shards);
  if (!covers(given.given, whole)) return false;
  await upkeep.copyOut(of);
  await storage.deleteAll();
  clock.clear();
  createTables(storage.sql);
  writeFact(storage.sql, "identity", of);
  // Whoever still asks here is told where to go.
  given.give(whole, 0);
  recall();
  return true;
}
