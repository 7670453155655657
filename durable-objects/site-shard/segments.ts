// The shard's events as batches to scan: sealed segments, and the log's rows.
import { batchBuilder } from "../../workers/engine/batch.ts";
import { sortedByVisitor } from "../../workers/engine/batch-rows.ts";
import type { SortedBatch } from "../../workers/engine/columns.ts";
import type { BatchSource } from "../../workers/engine/scan.ts";
import { type ArchivedFiles, createArchivedFiles } from "./archived-files.ts";
import { parseBody, readLog } from "./log.ts";
import { createReadBack, type ReadBack } from "./read-back.ts";
import { createSegmentStore, type SegmentStore } from "./segment-store.ts";

/** Log rows are joined to batches of this size, so that only the last one grows when events arrive. */
const CHUNK_EVENTS = 4_096;
/** Heads read at a time. */
const HEADS = 64;

export interface Segments extends BatchSource {
  store: SegmentStore;
  archived: ArchivedFiles;
  back: ReadBack;
  /** All batches that overlap [from, to), milliseconds; they may hold rows outside it. Readable until segments change. */
  read(from: number, to: number): SortedBatch[];
  /** Without reading the log, which `earliest` and `latest` do. */
  isEmpty(): boolean;
  /** To be called when rows were sealed or removed. */
  reset(): void;
  /** Counts those calls. */
  readonly resets: number;
}

type Cell = Record<string, SqlStorageValue>;

/** The log's rows as sorted batches, brought up to its end when asked. */
function loggedBatches(sql: SqlStorage) {
  let whole: SortedBatch[] = [];
  let growing = batchBuilder();
  let grown: SortedBatch | undefined;
  let lastSeq = 0;

  /** Reads about a batch more; true when there may be as much again. */
  function readMore(): boolean {
    const rows = readLog(sql, lastSeq, CHUNK_EVENTS);
    const last = rows.at(-1);
    if (!last) return false;
    for (const row of rows) for (const event of parseBody(row.body)) growing.add(event);
    lastSeq = last.seq;
    grown = undefined;
    if (growing.length >= CHUNK_EVENTS) {
      whole.push(sortedByVisitor(growing.build()));
      growing = batchBuilder();
    }
    return rows.reduce((sum, { count }) => sum + count, 0) >= CHUNK_EVENTS;
  }

  return {
    readMore,
    all(): SortedBatch[] {
      while (readMore());
      if (growing.length === 0) return [...whole];
      grown ??= sortedByVisitor(growing.build());
      return [...whole, grown];
    },
    reset(): void {
      whole = [];
      growing = batchBuilder();
      grown = undefined;
      lastSeq = 0;
    },
  };
}

/** `lake`: where archived events are read back from. */
export function createSegments(storage: DurableObjectStorage, lake?: R2Bucket): Segments {
  const { sql } = storage;
  const store = createSegmentStore(sql);
  const archived = createArchivedFiles(sql);
  const back = createReadBack({ storage, store, files: archived, lake });
  const log = loggedBatches(sql);
  let resets = 0;

  function bound(column: "min(at_min)" | "max(at_max)"): number | null {
    const { a, b } = sql
      .exec<{ a: number | null; b: number | null } & Cell>(
        `select (select ${column} from segments where live = 1) as a, (select ${column} from log) as b`,
      )
      .one();
    const away = archived.dropped().map(({ atMin, atMax }) => (column === "min(at_min)" ? atMin : atMax));
    const found = [a, b, ...away].filter((value) => value !== null);
    if (found.length === 0) return null;
    return column === "min(at_min)" ? Math.min(...found) : Math.max(...found);
  }

  return {
    store,
    archived,
    back,
    read(from, to) {
      const sealed = store.all().filter(({ atMin, atMax }) => atMax >= from && atMin < to);
      const recent = log.all().filter((batch) => batch.latest >= from && batch.earliest < to);
      return [...sealed.map(({ id }) => store.batch(id)), ...recent];
    },
    async snapshot(pause, wanted = []) {
      // Most is read before, a part at a time; what has come or changed meanwhile is little, and is read at once.
      while (log.readMore()) await pause();
      for (const [index, { id }] of [...store.all()].entries()) {
        if (index > 0 && index % HEADS === 0) await pause();
        store.touch(id);
      }
      // Nothing may be dropped between the last look and what is read at once below.
      for (let missing = back.missing(wanted); missing.length > 0; missing = back.missing(wanted)) {
        await back.fetch(missing, pause);
      }
      const thawed = back.segments(wanted);
      const sealed = [...thawed, ...store.all()];
      if (thawed.length > 0) sealed.sort((a, b) => a.arrival - b.arrival || a.id - b.id);
      const batches = [...sealed.map(({ id }) => store.batch(id)), ...log.all()];
      const readBack = thawed.reduce((sum, { count }) => sum + count, 0);
      return { batches, archived: readBack, release: store.hold() };
    },
    isEmpty() {
      if (store.all().length > 0 || archived.dropped().length > 0) return false;
      return sql.exec("select 1 from log limit 1").toArray().length === 0;
    },
    get earliest() {
      return bound("min(at_min)") ?? Number.POSITIVE_INFINITY;
    },
    get latest() {
      return bound("max(at_max)") ?? Number.NEGATIVE_INFINITY;
    },
    get resets() {
      return resets;
    },
    reset() {
      resets++;
      store.refresh();
      log.reset();
    },
  };
}
