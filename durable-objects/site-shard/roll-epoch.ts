// Under which epoch's number the shard keeps its roll-ups in D1: its own, or that of a shard of before whose roll-ups it
// goes on with.
import type { ShardIdentity } from "./protocol.ts";
import { readFact, writeFact } from "./tables.ts";

const NAME = "rollEpoch";

/** Null where it is the shard's own. */
export const rollEpochOf = (sql: SqlStorage): number | null => readFact<number>(sql, NAME) ?? null;

export const goOnWith = (sql: SqlStorage, epoch: number): void => writeFact(sql, NAME, epoch);

/** As whom the shard writes roll-ups. */
export function rolledAs(sql: SqlStorage, of: ShardIdentity): ShardIdentity {
  return { ...of, epoch: rollEpochOf(sql) ?? of.epoch };
}
