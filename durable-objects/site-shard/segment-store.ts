// Segments on disk: a row with the block's head, and its longer columns in rows of their own. What was replaced or removed
// stays readable for the scans under way and is deleted when the last of them ends.

import type { Block } from "../../workers/engine/codec.ts";
import { type BlockReader, decodeBatch } from "../../workers/engine/codec.ts";
import { sizeOfColumn } from "../../workers/engine/column-size.ts";
import type { SortedBatch } from "../../workers/engine/columns.ts";
import { forgetColumns, heldColumn } from "../../workers/engine/memory.ts";

/** Pieces of a segment are numbered from its id times this. */
const PIECES = 2 ** 20;

export interface SegmentFacts {
  id: number;
  importId: string;
  atMin: number;
  atMax: number;
  receivedAt: number;
  count: number;
  /** Segments of one run hold the same time and different visitors; 0 for one by itself. */
  run: number;
  /** The first segment whose events it holds. */
  arrival: number;
}

export type NewSegment = Omit<SegmentFacts, "id" | "arrival"> & { arrival?: number; live: boolean };

type Cell = Record<string, SqlStorageValue>;

const COLUMNS =
  "id, import_id as importId, at_min as atMin, at_max as atMax, received_at as receivedAt, count, run, arrival";

export interface SegmentStore {
  /** Those that count, in order of arrival. */
  all(): readonly SegmentFacts[];
  batch(id: number): SortedBatch;
  /** Inside a transaction. */
  insert(segment: NewSegment, block: Block): number;
  /** Inside a transaction: those that were being written count from now on, the others no longer. */
  replace(written: readonly number[], replaced: readonly number[]): void;
  /** Inside a transaction. */
  remove(ids: readonly number[]): void;
  /** To be called after each transaction that changed segments. */
  refresh(): void;
  /** Keeps what there is readable until the returned function is called. */
  hold(): () => void;
}

let stores = 0;

export function createSegmentStore(sql: SqlStorage): SegmentStore {
  const prefix = `${++stores}/`;
  const batches = new Map<number, SortedBatch>();
  let held = 0;
  let list: SegmentFacts[] | undefined;

  function read(): SegmentFacts[] {
    return sql
      .exec<SegmentFacts & Cell>(`select ${COLUMNS} from segments where live = 1`)
      .toArray()
      .map((one) => ({ ...one, arrival: one.arrival || one.id }))
      .sort((a, b) => a.arrival - b.arrival || a.id - b.id);
  }

  function readerOf(id: number): BlockReader {
    return {
      piece(number) {
        const { body } = sql
          .exec<{ body: ArrayBuffer }>("select body from pieces where id = ?", id * PIECES + number)
          .one();
        return new Uint8Array(body);
      },
      holder: { hold: (key, make) => heldColumn(`${prefix}${id}/${key}`, make, sizeOfColumn) },
    };
  }

  function sweep(): void {
    if (held > 0) return;
    const dead = sql.exec<{ id: number }>("select id from segments where live = 2").toArray();
    for (const { id } of dead) {
      sql.exec("delete from pieces where id >= ? and id < ?", id * PIECES, (id + 1) * PIECES);
      sql.exec("delete from segments where id = ?", id);
      batches.delete(id);
      forgetColumns(`${prefix}${id}/`);
    }
  }

  const mark = (ids: readonly number[], live: 1 | 2) => {
    for (const id of ids) sql.exec("update segments set live = ? where id = ?", live, id);
  };

  // What a crash left half written counts nowhere.
  mark(
    sql
      .exec<{ id: number }>("select id from segments where live = 0")
      .toArray()
      .map(({ id }) => id),
    2,
  );
  sweep();

  return {
    all() {
      list ??= read();
      return list;
    },
    batch(id) {
      let batch = batches.get(id);
      if (!batch) {
        const { body } = sql.exec<{ body: ArrayBuffer }>("select body from segments where id = ?", id).one();
        batch = decodeBatch(new Uint8Array(body), readerOf(id));
        batches.set(id, batch);
      }
      return batch;
    },
    insert({ importId, atMin, atMax, receivedAt, count, run, arrival = 0, live }, { head, apart }) {
      const { id } = sql
        .exec<{ id: number }>(
          `insert into segments (import_id, at_min, at_max, received_at, count, body, run, arrival, live)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`,
          importId,
          atMin,
          atMax,
          receivedAt,
          count,
          head,
          run,
          arrival,
          live ? 1 : 0,
        )
        .one();
      for (const [number, body] of apart.entries())
        sql.exec("insert into pieces values (?, ?)", id * PIECES + number, body);
      return id;
    },
    replace(written, replaced) {
      mark(written, 1);
      mark(replaced, 2);
    },
    remove: (ids) => mark(ids, 2),
    refresh() {
      list = undefined;
      sweep();
    },
    hold() {
      held++;
      let over = false;
      return () => {
        if (over) return;
        over = true;
        held--;
        sweep();
      };
    },
  };
}
