// The shard's events as batches to scan: sealed segments, decoded and held within a budget, and the log's rows.
import { type Batch, batchOf } from "../../workers/engine/batch.ts";
import { decodeBatch } from "../../workers/engine/codec.ts";
import type { BatchSource } from "../../workers/engine/scan.ts";
import { parseBody, readLog } from "./log.ts";

/** Decoded segments kept in memory, by events; about 100 bytes each. */
const HELD_EVENTS = 400_000;
/** Log rows are joined to batches of this size, so that only the last one is rebuilt when events arrive. */
const CHUNK_EVENTS = 4_096;

interface SegmentRow {
  id: number;
  atMin: number;
  atMax: number;
  count: number;
}

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
  const decoded = new Map<number, Batch>();
  let heldEvents = 0;
  let chunks: Chunk[] = [];
  let tail: Chunk | undefined;

  function segment(row: SegmentRow): Batch {
    const held = decoded.get(row.id);
    if (held) {
      decoded.delete(row.id);
      decoded.set(row.id, held);
      return held;
    }
    const { body } = sql.exec<{ body: ArrayBuffer }>("select body from segments where id = ?", row.id).one();
    const batch = decodeBatch(new Uint8Array(body));
    decoded.set(row.id, batch);
    heldEvents += batch.length;
    for (const [id, old] of decoded) {
      if (heldEvents <= HELD_EVENTS || id === row.id) break;
      decoded.delete(id);
      heldEvents -= old.length;
    }
    return batch;
  }

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
      const rows = sql
        .exec<SegmentRow & Cell>(
          "select id, at_min as atMin, at_max as atMax, count from segments where at_max >= ? and at_min < ? order by id",
          from,
          to,
        )
        .toArray();
      readNewRows();
      const logged = (tail ? [...chunks, tail] : chunks).filter((chunk) => chunk.atMax >= from && chunk.atMin < to);
      return [...rows.map(segment), ...logged.map((chunk) => chunk.batch)];
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
      decoded.clear();
      heldEvents = 0;
    },
  };
}
