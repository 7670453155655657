// Segments on disk: a row with the block's head, and its longer columns in rows of their own. What was replaced or removed
// stays readable for the scans under way and is deleted when the last of them ends.

import type { Block } from "../../workers/engine/codec.ts";
import { type BlockReader, decodeBatch } from "../../workers/engine/codec.ts";
import { sizeOfColumn } from "../../workers/engine/column-size.ts";
import type { SortedBatch } from "../../workers/engine/columns.ts";
import { forgetColumns, heldColumn } from "../../workers/engine/memory.ts";

/** States of a segment: being written, counting, replaced or removed, read back from the archive for a while. */
const WRITTEN = 0;
const LIVE = 1;
const DEAD = 2;
const THAWED = 3;
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
  /** Those that were read back: they count where they are asked for. */
  thawed(): readonly SegmentFacts[];
  batch(id: number): SortedBatch;
  /** Reads its head, if it is still there, so that asking for the batch later costs nothing. */
  touch(id: number): void;
  /** Inside a transaction. */
  insert(segment: NewSegment, block: Block): number;
  /** Inside a transaction: those that were being written count from now on, the others no longer. */
  replace(written: readonly number[], replaced: readonly number[]): void;
  /** Inside a transaction: those that were being written are among `thawed` from now on. */
  thaw(ids: readonly number[]): void;
  /** Bytes on disk. */
  bytesOf(id: number): number;
  /** Inside a transaction. */
  remove(ids: readonly number[]): void;
  /** To be called after each transaction that changed segments. */
  refresh(): void;
  /** Keeps what there is readable until the returned function is called. */
  hold(): () => void;
}

let stores = 0;

function readFacts(sql: SqlStorage, state: number): SegmentFacts[] {
  return sql
    .exec<SegmentFacts & Cell>(`select ${COLUMNS} from segments where live = ?`, state)
    .toArray()
    .map((one) => ({ ...one, arrival: one.arrival || one.id }))
    .sort((a, b) => a.arrival - b.arrival || a.id - b.id);
}

function insertRow(sql: SqlStorage, segment: NewSegment, { head, apart }: Block): number {
  const { importId, atMin, atMax, receivedAt, count, run, arrival = 0, live } = segment;
  const { id } = sql
    .exec<{ id: number }>(
      `insert into segments (import_id, at_min, at_max, received_at, count, body, run, arrival, live)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`,
      ...[importId, atMin, atMax, receivedAt, count, head, run, arrival, live ? LIVE : WRITTEN],
    )
    .one();
  for (const [number, body] of apart.entries()) {
    sql.exec("insert into pieces values (?, ?)", id * PIECES + number, body);
  }
  return id;
}

function idsThatAre(sql: SqlStorage, state: number): number[] {
  return sql
    .exec<{ id: number }>("select id from segments where live = ?", state)
    .toArray()
    .map(({ id }) => id);
}

function bytesOf(sql: SqlStorage, id: number): number {
  return sql
    .exec<{ bytes: number }>(
      `select (select octet_length(body) from segments where id = ?1) + coalesce((select sum(octet_length(body)) from pieces
       where id >= ?2 and id < ?3), 0) as bytes`,
      id,
      id * PIECES,
      (id + 1) * PIECES,
    )
    .one().bytes;
}

function markAs(sql: SqlStorage, ids: readonly number[], state: number): void {
  for (const id of ids) sql.exec("update segments set live = ? where id = ?", state, id);
}

function deleteRows(sql: SqlStorage, id: number): void {
  sql.exec("delete from pieces where id >= ? and id < ?", id * PIECES, (id + 1) * PIECES);
  sql.exec("delete from segments where id = ?", id);
}

/** Decoded once, column by column as asked for; the columns are held by the budget that all scans share. */
function segmentBatches(sql: SqlStorage) {
  const prefix = `${++stores}/`;
  const batches = new Map<number, SortedBatch>();
  const readerOf = (id: number): BlockReader => ({
    piece(number) {
      const place = id * PIECES + number;
      return new Uint8Array(sql.exec<{ body: ArrayBuffer }>("select body from pieces where id = ?", place).one().body);
    },
    holder: { hold: (key, make) => heldColumn(`${prefix}${id}/${key}`, make, sizeOfColumn) },
  });
  function read(id: number): SortedBatch | undefined {
    const known = batches.get(id);
    if (known) return known;
    const row = sql.exec<{ body: ArrayBuffer }>("select body from segments where id = ?", id).toArray()[0];
    if (!row) return undefined;
    const batch = decodeBatch(new Uint8Array(row.body), readerOf(id));
    batches.set(id, batch);
    return batch;
  }
  return {
    get(id: number): SortedBatch {
      const batch = read(id);
      if (!batch) throw new Error(`there is no segment ${id}`);
      return batch;
    },
    touch: (id: number) => void read(id),
    forget(id: number): void {
      batches.delete(id);
      forgetColumns(`${prefix}${id}/`);
    },
  };
}

export function createSegmentStore(sql: SqlStorage): SegmentStore {
  const batches = segmentBatches(sql);
  let held = 0;
  let list: SegmentFacts[] | undefined;
  let back: SegmentFacts[] | undefined;

  function sweep(): void {
    if (held > 0) return;
    for (const id of idsThatAre(sql, DEAD)) {
      deleteRows(sql, id);
      batches.forget(id);
    }
  }

  // What a crash left half written counts nowhere.
  markAs(sql, idsThatAre(sql, WRITTEN), DEAD);
  sweep();

  return {
    all() {
      list ??= readFacts(sql, LIVE);
      return list;
    },
    thawed() {
      back ??= readFacts(sql, THAWED);
      return back;
    },
    batch: batches.get,
    touch: batches.touch,
    insert: (segment, block) => insertRow(sql, segment, block),
    replace(written, replaced) {
      markAs(sql, written, LIVE);
      markAs(sql, replaced, DEAD);
    },
    thaw: (ids) => markAs(sql, ids, THAWED),
    bytesOf: (id) => bytesOf(sql, id),
    remove: (ids) => markAs(sql, ids, DEAD),
    refresh() {
      list = undefined;
      back = undefined;
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
