// The shard's events as batches to scan: sealed segments, decoded and held within a budget, and the log's rows.
import { type Batch, batchOf } from "../../workers/engine/batch.ts";
import type { BatchSource } from "../../workers/engine/scan.ts";
import { parseBody, readLog } from "./log.ts";
import { createSegmentCache } from "./segment-cache.ts";

/** Log rows are joined to batches of this size, so that only the last one is rebuilt when events arrive. */
const CHUNK_EVENTS = 4_096;

interface Chunk {
  lastSeq: number;
  atMin: number;
  atMax: number;
  batch: Batch;
}

export interface Segments extends BatchSource {
  /** To be called when rows were sealed or removed. */
  reset(): void;
}

type Cell = Record<string, SqlStorageValue>;

export function createSegments(sql: SqlStorage): Segments {
  const decoded = createSegmentCache(sql);
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
      const batch = batchOf(rows.flatMap((row) => parseBody(row.body)));
      const atMin = Math.min(...rows.map((row) => row.atMin));
      const atMax = Math.max(...rows.map((row) => row.atMax));
      const chunk = { lastSeq, atMin, atMax, batch };
      if (batch.length >= CHUNK_EVENTS) chunks.push(chunk);
      else tail = chunk;
      from = lastSeq;
    }
  }

  function bound(column: "min(at_min)" | "max(at_max)", none: number): number {
    const { a, b } = sql
      .exec<{ a: number | null; b: number | null } & Cell>(
        `select (select ${column} from segments) as a, (select ${column} from log) as b`,
      )
      .one();
    const found = [a, b].filter((value) => value !== null);
    if (found.length === 0) return none;
    return column === "min(at_min)" ? Math.min(...found) : Math.max(...found);
  }

  return {
    read(from, to) {
      const rows = sql.exec<{ id: number }>(
        "select id from segments where at_max >= ? and at_min < ? order by id",
        from,
        to,
      );
      const sealed = rows.toArray().map(({ id }) => decoded.get(id));
      readNewRows();
      const logged = (tail ? [...chunks, tail] : chunks).filter((chunk) => chunk.atMax >= from && chunk.atMin < to);
      return [...sealed, ...logged.map((chunk) => chunk.batch)];
    },
    get earliest() {
      return bound("min(at_min)", Number.POSITIVE_INFINITY);
    },
    get latest() {
      return bound("max(at_max)", Number.NEGATIVE_INFINITY);
    },
    reset() {
      chunks = [];
      tail = undefined;
    },
  };
}
