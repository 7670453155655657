// Ids that shards of the epoch before had seen: a repeat of what was taken there is refused here, for the 48 hours that
// ids are kept. They are not told apart by visitor, so each new shard has all ids of those it took visitors over from.
import type { Intervals } from "./intervals.ts";
import type { IdsPart } from "./protocol.ts";
import { createSeenIds, hourOf, KEPT_HOURS, type SeenIds } from "./seen-ids.ts";
import { partsOfRanges } from "./stored-memory.ts";

const HOUR_MS = 3600_000;
const PART_WORDS = 131_072;

type Cell = Record<string, SqlStorageValue>;

/** The shard's own ids, refusing the inherited ones too. */
export function withInherited(own: SeenIds, inherited: readonly SeenIds[]): SeenIds {
  if (inherited.length === 0) return own;
  const known = (id: string) => inherited.some((seen) => seen.has(id));
  return {
    ...own,
    has: (id) => own.has(id) || known(id),
    add: (id, receivedAt) => !known(id) && own.add(id, receivedAt),
    expire(now) {
      for (const seen of inherited) seen.expire(now);
      return own.expire(now);
    },
  };
}

/** Hours whose ids are kept, oldest first. */
export const keptHours = (now: number): number[] =>
  Array.from({ length: KEPT_HOURS + 1 }, (_, i) => hourOf(now) - (KEPT_HOURS - i) * HOUR_MS);

/** One hour's ids in parts that each fit a row, by their source: the shard's own and each that it inherited. */
export function partsOfHour(sources: readonly SeenIds[], hour: number): IdsPart[] {
  return sources.flatMap((seen, source) => {
    const stored = seen.store(hour);
    const parts: IdsPart[] = [];
    if (!stored) return parts;
    const counted = partsOfRanges(Object.entries(stored.counted));
    for (let start = 0; ; start += PART_WORDS) {
      const words = stored.words.slice(start, start + PART_WORDS);
      const { value: ranges } = counted.next();
      if (words.length === 0 && !ranges) return parts;
      parts.push({ hour, source, words, counted: JSON.stringify(ranges ?? {}) });
    }
  });
}

/** Replaces what is held of an old shard's hour. */
export function keepInherited(sql: SqlStorage, oldShard: number, hour: number, parts: readonly IdsPart[]): void {
  sql.exec("delete from inherited_ids where old_shard = ? and hour = ?", oldShard, hour);
  for (const [part, { source, words, counted }] of parts.entries()) {
    sql.exec(
      "insert into inherited_ids values (?, ?, ?, ?, ?, ?)",
      oldShard,
      hour,
      part,
      source,
      words.slice().buffer,
      counted,
    );
  }
}

export function recallInherited(sql: SqlStorage, since: number): SeenIds[] {
  const sources = new Map<string, SeenIds>();
  const rows = sql.exec<{ key: string; hour: number; words: ArrayBuffer; counted: string } & Cell>(
    "select old_shard || '.' || source as key, hour, words, counted from inherited_ids where hour >= ? order by hour, part",
    since,
  );
  for (const { key, hour, words, counted } of rows) {
    const seen = sources.get(key) ?? createSeenIds();
    sources.set(key, seen);
    seen.restore({ hour, words: new Uint32Array(words), counted: JSON.parse(counted) as Record<string, Intervals> }); // as given
  }
  return [...sources.values()];
}
