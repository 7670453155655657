// Events that the tracking plan refused, until D1 has them. A row a commit, on disk before the sender is answered; the ids
// stay for as long as repeats are recognised.
import { unpackEvent } from "../../workers/domain/event.ts";
import { HELD_A_ROW, heldLine } from "../../workers/domain/quarantine.ts";
import type { Violation } from "../../workers/domain/tracking-plan.ts";
import type { HeldRow } from "../../workers/store/quarantine.ts";
import { BODY_CHARS, parseBody } from "./log.ts";
import { KEPT_HOURS } from "./seen-ids.ts";

const KEPT_MS = KEPT_HOURS * 3600_000;
const ROWS_A_CALL = 50;
/** While D1 is away, so many wait; then the oldest go. */
const MOST_EVENTS = 50_000;

export interface HeldEntry {
  /** The packed event as JSON. */
  packed: string;
  receivedAt: number;
  violations: readonly Violation[];
}

export interface HeldFrom {
  epoch: number;
  shard: number;
}

export interface HeldEvents {
  /** Inside the commit's transaction. */
  add(entries: readonly HeldEntry[], from: HeldFrom): void;
  /** Ids of those held in the last 48 hours. */
  ids(now: number): Iterable<string>;
  /** Lets the oldest go where more wait for D1 than may; returns how many. */
  shed(): number;
  /** Gives what D1 lacks to `write`, the same again should that fail. */
  settle(now: number, write: (rows: HeldRow[]) => Promise<void>): Promise<void>;
}

function* partsOf(entries: readonly HeldEntry[]): Generator<HeldEntry[]> {
  let part: HeldEntry[] = [];
  let chars = 0;
  for (const entry of entries) {
    // What was wrong with it takes some room, too.
    const size = entry.packed.length + 400 * entry.violations.length;
    if (part.length >= HELD_A_ROW || (chars + size > BODY_CHARS && part.length > 0)) {
      yield part;
      part = [];
      chars = 0;
    }
    part.push(entry);
    chars += size;
  }
  if (part.length > 0) yield part;
}

const idOf = (packed: string): string => unpackEvent(parseBody(packed)[0]!).id;

export function createHeldEvents(sql: SqlStorage): HeldEvents {
  function insert(entries: HeldEntry[], from: HeldFrom): void {
    // The last row always stays, so that numbers rise for ever.
    const { seq } = sql.exec<{ seq: number }>("select coalesce(max(seq), 0) + 1 as seq from held").one();
    const bodies = entries.map(
      ({ packed, violations }, index) => `[${heldLine(from, seq, index)},${packed},${JSON.stringify(violations)}]`,
    );
    const receivedAt = Math.max(...entries.map((entry) => entry.receivedAt));
    const ids = entries.map(({ packed }) => idOf(packed)).filter((id) => id !== "");
    sql.exec(
      "insert into held values (?, ?, ?, ?, ?)",
      seq,
      receivedAt,
      entries.length,
      JSON.stringify(ids),
      `[${bodies.join(",")}]`,
    );
  }

  return {
    add(entries, from) {
      for (const part of partsOf(entries)) insert(part, from);
    },
    *ids(now) {
      const rows = sql.exec<{ ids: string }>("select ids from held where received_at >= ?", now - KEPT_MS);
      for (const { ids } of rows) yield* JSON.parse(ids) as string[]; // written by insert
    },
    shed() {
      const gone = sql.exec<{ count: number }>(
        `update held set body = '' where seq in (
           select seq from (select seq, sum(count) over (order by seq desc) as total from held where body <> '')
           where total > ?) returning count`,
        MOST_EVENTS,
      );
      return gone.toArray().reduce((sum, { count }) => sum + count, 0);
    },
    async settle(now, write) {
      for (;;) {
        const rows = sql
          .exec<HeldRow & Record<string, SqlStorageValue>>(
            "select seq, received_at as receivedAt, count, body from held where body <> '' order by seq limit ?",
            ROWS_A_CALL,
          )
          .toArray();
        const last = rows.at(-1);
        if (!last) break;
        await write(rows);
        sql.exec("update held set body = '' where seq <= ? and body <> ''", last.seq);
      }
      sql.exec("delete from held where received_at < ? and seq < (select max(seq) from held)", now - KEPT_MS);
    },
  };
}
