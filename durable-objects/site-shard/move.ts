// A shard of a later epoch becomes the site's: a step at each alarm, with other work in between.
import { recordRolled, recordTaken } from "../../workers/store/moves.ts";
import type { ShardIdentity } from "./protocol.ts";
import { readFact, writeFact } from "./tables.ts";
import { type TakePorts, takeStep } from "./take.ts";
import type { Upkeep } from "./upkeep.ts";

/** The returned function does the next step, if any is left: takes over, then says so, then says that all is rolled up. */
export function createMove({ upkeep, ...ports }: TakePorts & { upkeep: Upkeep }): (of: ShardIdentity) => Promise<void> {
  const { storage, env, pieces } = ports;
  const { sql } = storage;
  return async (of) => {
    if (pieces.all.length === 0) return;
    if (!readFact<boolean>(sql, "moved")) {
      if (await upkeep.inTurn(() => takeStep(ports, of))) return;
      await recordTaken(env, of, Date.now());
      sql.exec("delete from taken_segments");
      writeFact(sql, "moved", true);
    }
    if (readFact<boolean>(sql, "movedAndRolled") || !upkeep.isRolledUp(Date.now())) return;
    await recordRolled(env.DB, of, Date.now());
    writeFact(sql, "movedAndRolled", true);
  };
}
