// Ids seen before the newest, on disk: runs of sorted 64-bit hashes in pages of 16 KB, merged four to one, each behind a
// filter. A run that is being written counts from the one transaction in which those it replaces cease to.
import { addToFilter, createIdFilter, type IdFilter, mayHold } from "./id-filter.ts";
import { KEPT_HOURS, type OlderIds } from "./seen-ids.ts";
import { cutPages, mergeIds, pageHolds, pageOf, pagesFor, sortIds } from "./sorted-ids.ts";

const HOUR_MS = 3600_000;
/** Ids of a new run; until then they are kept in memory. */
export const RUN_IDS = 390_000;
const RUNS_MERGED = 4;
/** A run is forgotten when its newest id may be, so it must not reach back too far. */
const SPAN_MS = 24 * HOUR_MS;
/** Memory of all filters of a shard. */
const FILTER_BYTES = 14 * 2 ** 20;
/** Bits an id by size of run: a filter of the largest would say little for what it takes. */
const FILTER_BITS = [10, 8, 3, 0];
/** Rows of a run have ids from its own times this. */
const PARTS = 2 ** 20;
const FILTER_PART_BYTES = 2 ** 20;
/** Pages written or deleted before others get their turn. */
const PAGES_A_TURN = 8;

const WRITTEN = 0;
const LIVE = 1;
const DEAD = 2;

export interface RunFacts {
  id: number;
  count: number;
  pages: number;
  /** Receipt of its ids, milliseconds. */
  oldest: number;
  newest: number;
  /** Bits set in its filter an id; 0 without one. */
  probes: number;
}

interface Run extends RunFacts {
  /** Read when first needed. */
  filter?: IdFilter;
}

type Cell = Record<string, SqlStorageValue>;

export interface SeenRuns extends OlderIds {
  readonly runs: readonly RunFacts[];
  readonly filterBytes: number;
  /** The next pages after one, by its place among all, of runs whose newest id came at `since` or later. */
  readAfter(page: number, since: number): { page: number; words: Uint32Array } | undefined;
  /** Writes a run; inside a transaction, after which `refresh` must be called. Sorts the words. */
  write(words: Uint32Array<ArrayBuffer>, span: { oldest: number; newest: number }): void;
  refresh(): void;
  /** Merges runs where there are many of a size, removes those over their time. True when more is to be done. */
  tidy(now: number, pause: () => Promise<void>): Promise<boolean>;
}

const sizeClass = ({ count }: { count: number }): number =>
  Math.max(0, Math.floor(Math.log(count / RUN_IDS) / Math.log(RUNS_MERGED) + 0.5));

/** Runs of one size that become one, the oldest first, or none. */
export function runsToMerge(runs: readonly RunFacts[]): RunFacts[] {
  const bySize = Map.groupBy(runs, sizeClass);
  for (const [size, all] of [...bySize].sort(([a], [b]) => a - b)) {
    if (size + 1 >= FILTER_BITS.length) continue;
    const own = all.sort((a, b) => a.oldest - b.oldest).slice(0, RUNS_MERGED);
    const span = Math.max(...own.map(({ newest }) => newest)) - (own[0]?.oldest ?? 0);
    if (own.length === RUNS_MERGED && span <= SPAN_MS) return own;
  }
  return [];
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const words = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    words.set(part, at);
    at += part.length;
  }
  return words;
}

const bytesOf = ({ filter }: Run): number => filter?.words.byteLength ?? 0;

export function createSeenRuns(storage: DurableObjectStorage): SeenRuns {
  const { sql } = storage;
  let runs: Run[] = [];

  function refresh(): void {
    const held = new Map(runs.map((run) => [run.id, run]));
    const live = sql.exec<RunFacts & Cell>(
      `select id, count, pages, oldest, newest, probes from seen_runs where state = ${LIVE} order by id desc`,
    );
    runs = live.toArray().map((facts) => held.get(facts.id) ?? facts);
  }

  function readPage(run: number, page: number): Uint32Array | undefined {
    const row = sql.exec<{ words: ArrayBuffer }>("select words from seen_pages where id = ?", run * PARTS + page);
    const { value } = row.next();
    return value && new Uint32Array(value.words);
  }

  function* readRun({ id, pages }: RunFacts): Generator<Uint32Array> {
    for (let page = 0; page < pages; page++) {
      const words = readPage(id, page);
      if (words) yield words;
    }
  }

  function filterOf(run: Run): IdFilter | undefined {
    if (run.probes === 0 || run.filter) return run.filter;
    const parts = sql
      .exec<{ words: ArrayBuffer }>(
        "select words from seen_filters where id >= ? and id < ? order by id",
        run.id * PARTS,
        (run.id + 1) * PARTS,
      )
      .toArray()
      .map(({ words }) => new Uint32Array(words));
    run.filter = { words: joined(parts), probes: run.probes };
    return run.filter;
  }

  /** As good a filter as its size deserves and memory has room for. */
  function newFilter(count: number, replaced: readonly RunFacts[]): IdFilter | undefined {
    const gone = new Set(replaced.map(({ id }) => id));
    const taken = runs.reduce((sum, run) => sum + (gone.has(run.id) ? 0 : bytesOf(run)), 0);
    const wanted = FILTER_BITS[sizeClass({ count })] ?? 0;
    const bits = Math.min(wanted, ((FILTER_BYTES - taken) * 8) / count);
    return bits < 1 ? undefined : createIdFilter(count, bits);
  }

  /** Writes a run's pages; yields after each turn's worth. */
  function* writePages(id: number, parts: Iterable<Uint32Array>, to: { pages: number; filter?: IdFilter }) {
    let written = 0;
    for (const { page, words } of cutPages(parts, to.pages)) {
      sql.exec("insert into seen_pages values (?, ?)", id * PARTS + page, words.buffer);
      const { filter } = to;
      if (filter) for (let i = 0; i < words.length; i += 2) addToFilter(filter, [words[i]!, words[i + 1]!]);
      if (++written % PAGES_A_TURN === 0) yield;
    }
    const bytes = to.filter ? new Uint8Array(to.filter.words.buffer) : new Uint8Array(0);
    for (let part = 0; part * FILTER_PART_BYTES < bytes.length; part++) {
      const slice = bytes.slice(part * FILTER_PART_BYTES, (part + 1) * FILTER_PART_BYTES);
      sql.exec("insert into seen_filters values (?, ?)", id * PARTS + part, slice);
    }
  }

  function insertRun(facts: Omit<RunFacts, "id">, state: number): number {
    const { count, pages, oldest, newest, probes } = facts;
    return sql
      .exec<{ id: number }>(
        "insert into seen_runs (count, pages, oldest, newest, probes, state) values (?, ?, ?, ?, ?, ?) returning id",
        ...[count, pages, oldest, newest, probes, state],
      )
      .one().id;
  }

  const mark = (id: number, state: number) => sql.exec("update seen_runs set state = ? where id = ?", state, id);

  async function merge(chosen: RunFacts[], pause: () => Promise<void>): Promise<void> {
    const count = chosen.reduce((sum, run) => sum + run.count, 0);
    const pages = pagesFor(count);
    const filter = newFilter(count, chosen);
    const oldest = Math.min(...chosen.map((run) => run.oldest));
    const newest = Math.max(...chosen.map((run) => run.newest));
    const id = insertRun({ count, pages, oldest, newest, probes: filter?.probes ?? 0 }, WRITTEN);
    const to = filter ? { pages, filter } : { pages };
    for (const _ of writePages(id, mergeIds(chosen.map(readRun)), to)) await pause();
    storage.transactionSync(() => {
      mark(id, LIVE);
      for (const run of chosen) mark(run.id, DEAD);
    });
    refresh();
  }

  async function sweep(pause: () => Promise<void>): Promise<void> {
    for (const { id } of sql.exec<{ id: number }>("select id from seen_runs where state = ?", DEAD).toArray()) {
      sql.exec("delete from seen_filters where id >= ? and id < ?", id * PARTS, (id + 1) * PARTS);
      const pages = "select id from seen_pages where id >= ? and id < ? limit ?";
      const range = [id * PARTS, (id + 1) * PARTS, PAGES_A_TURN];
      while (sql.exec(`delete from seen_pages where id in (${pages}) returning id`, ...range).toArray().length > 0) {
        await pause();
      }
      sql.exec("delete from seen_runs where id = ?", id);
    }
  }

  // What a crash left half written counts nowhere.
  sql.exec("update seen_runs set state = ? where state = ?", DEAD, WRITTEN);
  refresh();

  return {
    get runs() {
      return runs;
    },
    get filterBytes() {
      return runs.reduce((sum, run) => sum + bytesOf(run), 0);
    },
    has(hash) {
      for (const run of runs) {
        const filter = filterOf(run);
        if (filter && !mayHold(filter, hash)) continue;
        const words = readPage(run.id, pageOf(hash[1], run.pages));
        if (words && pageHolds(words, hash)) return true;
      }
      return false;
    },
    readAfter(page, since) {
      const rows = sql
        .exec<{ id: number; words: ArrayBuffer }>(
          `select id, words from seen_pages where id > ? and id / ${PARTS} in
             (select id from seen_runs where state = ${LIVE} and newest >= ?) order by id limit ${PAGES_A_TURN}`,
          page,
          since,
        )
        .toArray();
      const last = rows.at(-1);
      return last && { page: last.id, words: joined(rows.map((row) => new Uint32Array(row.words))) };
    },
    write(words, { oldest, newest }) {
      sortIds(words);
      const count = words.length / 2;
      const pages = pagesFor(count);
      const filter = newFilter(count, []);
      const id = insertRun({ count, pages, oldest, newest, probes: filter?.probes ?? 0 }, LIVE);
      for (const _ of writePages(id, [words], filter ? { pages, filter } : { pages }));
    },
    refresh,
    async tidy(now, pause) {
      const over = runs.filter(({ newest }) => newest < now - KEPT_HOURS * HOUR_MS);
      for (const { id } of over) mark(id, DEAD);
      if (over.length > 0) refresh();
      const chosen = runsToMerge(runs);
      if (chosen.length > 0) await merge(chosen, pause);
      await sweep(pause);
      return runsToMerge(runs).length > 0;
    },
  };
}
