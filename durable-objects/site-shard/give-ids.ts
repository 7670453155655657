// The ids that a shard has seen, for the shards that take its visitors over: a repeat of what was taken here is refused
// there. Ids are not told apart by visitor, so each new shard has all of them.
import type { ShardMemory } from "./memory.ts";
import type { IdsCursor, IdsPart } from "./protocol.ts";
import { keepSeen } from "./stored-memory.ts";

/** The next ids that came at `after` or later; runs are not merged while ranges are given. */
export function giveIds(
  { storage: { sql }, memory }: { storage: DurableObjectStorage; memory: ShardMemory },
  { after, page, recent }: IdsCursor,
): IdsPart {
  const asOf = Date.now();
  const next = memory.runs.readAfter(page, after);
  if (next) return { asOf, words: next.words, cursor: { after, page: next.page, recent } };
  const row = sql
    .exec<{ id: number; words: ArrayBuffer }>(
      "select id, words from seen_recent where newest >= ? and id > ? order by id limit 1",
      after,
      recent,
    )
    .toArray()[0];
  if (row) return { asOf, words: new Uint32Array(row.words), cursor: { after, page, recent: row.id } };
  return { asOf, words: memory.seen.unstored(), cursor: null };
}

interface TakingPorts {
  storage: DurableObjectStorage;
  memory: ShardMemory;
  pause: () => Promise<void>;
}

/** Takes in all ids that the old shard received at `after` or later; returns when it was asked, by its own clock. */
export async function takeIds(
  { storage, memory, pause }: TakingPorts,
  old: { giveIds(cursor: IdsCursor): Promise<IdsPart> },
  after: number,
): Promise<number> {
  let cursor: IdsCursor | null = { after, page: 0, recent: 0 };
  let began = 0;
  while (cursor) {
    const part: IdsPart = await old.giveIds(cursor);
    began ||= part.asOf;
    keepSeen({ storage, ...memory }, part.words, Date.now());
    cursor = part.cursor;
    await pause();
  }
  return began;
}
