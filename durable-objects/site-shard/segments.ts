// The shard's events as batches to scan: sealed segments, and the log's rows.
import { batchOf } from "../../workers/engine/batch.ts";
import { sortedByVisitor } from "../../workers/engine/batch-rows.ts";
import type { SortedBatch } from "../../workers/engine/columns.ts";
import type { BatchSource } from "../../workers/engine/scan.ts";
import { parseBody, readLog } from "./log.ts";
import { createSegmentStore, type SegmentStore } from "./segment-store.ts";

/** Log rows are joined to batches of this size, so that only the last one is rebuilt when events arrive. */
const CHUNK_EVENTS = 4_096;

interface Chunk {
  lastSeq: number;
  batch: SortedBatch;
}

export interface Segments extends BatchSource {
  store: SegmentStore;
  /** All batches that overlap [from, to), milliseconds; they may hold rows outside it. Readable until segments change. */
  read(from: number, to: number): SortedBatch[];
  /** To be called when rows were sealed or removed. */
  reset(): void;
}

type Cell = Record<string, SqlStorageValue>;

export function createSegments(sql: SqlStorage): Segments {
  const store = createSegmentStore(sql);
  let chunks: Chunk[] = [];
  let tail: Chunk | undefined;

  /** Brings the chunks up to the log's end. */
  function readNewRows(): void {
    const after = chunks.at(-1)?.lastSeq ?? 0;
    const newest = sql.exec<{ seq: number | null }>("select max(seq) as seq from log").one().seq ?? 0;
    if (newest <= (tail?.lastSeq ?? after)) return;
    tail = undefined;
    let from = after;
    while (from < newest) {
      const rows = readLog(sql, from, CHUNK_EVENTS);
      const lastSeq = rows.at(-1)?.seq;
      if (lastSeq === undefined) break;
      const batch = sortedByVisitor(batchOf(rows.flatMap((row) => parseBody(row.body))));
      if (batch.length >= CHUNK_EVENTS) chunks.push({ lastSeq, batch });
      else tail = { lastSeq, batch };
      from = lastSeq;
    }
  }

  function logged(): SortedBatch[] {
    readNewRows();
    return (tail ? [...chunks, tail] : chunks).map((chunk) => chunk.batch);
  }

  function bound(column: "min(at_min)" | "max(at_max)"): number | null {
    const { a, b } = sql
      .exec<{ a: number | null; b: number | null } & Cell>(
        `select (select ${column} from segments where live = 1) as a, (select ${column} from log) as b`,
      )
      .one();
    const found = [a, b].filter((value) => value !== null);
    if (found.length === 0) return null;
    return column === "min(at_min)" ? Math.min(...found) : Math.max(...found);
  }

  return {
    store,
    read(from, to) {
      const sealed = store.all().filter(({ atMin, atMax }) => atMax >= from && atMin < to);
      const recent = logged().filter((batch) => batch.latest >= from && batch.earliest < to);
      return [...sealed.map(({ id }) => store.batch(id)), ...recent];
    },
    snapshot() {
      const batches = [...store.all().map(({ id }) => store.batch(id)), ...logged()];
      return { batches, release: store.hold() };
    },
    get earliest() {
      return bound("min(at_min)") ?? Number.POSITIVE_INFINITY;
    },
    get latest() {
      return bound("max(at_max)") ?? Number.NEGATIVE_INFINITY;
    },
    reset() {
      store.refresh();
      chunks = [];
      tail = undefined;
    },
  };
}
