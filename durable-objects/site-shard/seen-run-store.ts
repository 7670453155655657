// Runs of sorted 64-bit hashes on disk: their facts, their pages of 16 KB, and the filter in front of each.
import { addToFilter, type IdFilter } from "./id-filter.ts";
import { cutPages } from "./sorted-ids.ts";

/** Rows of a run have ids from its own times this. */
const PARTS = 2 ** 20;
const FILTER_PART_BYTES = 2 ** 20;
/** Pages written, read or deleted before others get their turn. */
const PAGES_A_TURN = 8;

/** States of a run: being written, counting, replaced or over its time. */
export const WRITTEN = 0;
export const LIVE = 1;
export const DEAD = 2;

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

type Cell = Record<string, SqlStorageValue>;

export function liveRuns(sql: SqlStorage): RunFacts[] {
  return sql
    .exec<RunFacts & Cell>(
      "select id, count, pages, oldest, newest, probes from seen_runs where state = ? order by id desc",
      LIVE,
    )
    .toArray();
}

export function insertRun(sql: SqlStorage, facts: Omit<RunFacts, "id">, state: number): number {
  const { count, pages, oldest, newest, probes } = facts;
  return sql
    .exec<{ id: number }>(
      "insert into seen_runs (count, pages, oldest, newest, probes, state) values (?, ?, ?, ?, ?, ?) returning id",
      ...[count, pages, oldest, newest, probes, state],
    )
    .one().id;
}

export function markRun(sql: SqlStorage, id: number, state: number): void {
  sql.exec("update seen_runs set state = ? where id = ?", state, id);
}

/** Undefined where no id falls into the page. */
export function readPage(sql: SqlStorage, run: number, page: number): Uint32Array | undefined {
  const rows = sql.exec<{ words: ArrayBuffer }>("select words from seen_pages where id = ?", run * PARTS + page);
  const { value } = rows.next();
  return value && new Uint32Array(value.words);
}

export function* readRun(sql: SqlStorage, { id, pages }: RunFacts): Generator<Uint32Array> {
  for (let page = 0; page < pages; page++) {
    const words = readPage(sql, id, page);
    if (words) yield words;
  }
}

/** The next pages after one, by its place among all, of live runs whose newest id came at `since` or later. */
export function readAfter(sql: SqlStorage, page: number, since: number) {
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

/** Writes sorted ids as a run's pages, and its filter at last; yields after each turn's worth. */
export function* writePages(
  sql: SqlStorage,
  id: number,
  { parts, pages, filter }: { parts: Iterable<Uint32Array>; pages: number; filter: IdFilter | undefined },
): Generator<void> {
  let written = 0;
  for (const { page, words } of cutPages(parts, pages)) {
    sql.exec("insert into seen_pages values (?, ?)", id * PARTS + page, words.buffer);
    if (filter) for (let i = 0; i < words.length; i += 2) addToFilter(filter, [words[i]!, words[i + 1]!]);
    if (++written % PAGES_A_TURN === 0) yield;
  }
  const bytes = filter ? new Uint8Array(filter.words.buffer) : new Uint8Array(0);
  for (let part = 0; part * FILTER_PART_BYTES < bytes.length; part++) {
    const slice = bytes.slice(part * FILTER_PART_BYTES, (part + 1) * FILTER_PART_BYTES);
    sql.exec("insert into seen_filters values (?, ?)", id * PARTS + part, slice);
  }
}

export function readFilter(sql: SqlStorage, { id, probes }: RunFacts): IdFilter {
  const parts = sql.exec<{ words: ArrayBuffer }>(
    "select words from seen_filters where id >= ? and id < ? order by id",
    id * PARTS,
    (id + 1) * PARTS,
  );
  return { words: joined(parts.toArray().map(({ words }) => new Uint32Array(words))), probes };
}

/** Deletes what no longer counts, a turn's worth at a time. */
export async function sweepRuns(sql: SqlStorage, pause: () => Promise<void>): Promise<void> {
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
