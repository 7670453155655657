// Ids seen before the newest, on disk: runs of sorted hashes, merged four to one, each behind a filter. A run that is being
// written counts from the one transaction in which those it replaces cease to.
import { createIdFilter, type IdFilter, mayHold } from "./id-filter.ts";
import { KEPT_HOURS, type OlderIds } from "./seen-ids.ts";
import { filterBits, runsToMerge } from "./seen-run-choice.ts";
import {
  DEAD,
  insertRun,
  LIVE,
  liveRuns,
  markRun,
  type RunFacts,
  readAfter,
  readFilter,
  readPage,
  readRun,
  sweepRuns,
  WRITTEN,
  writePages,
} from "./seen-run-store.ts";
import { mergeIds, pageHolds, pageOf, pagesFor, sortIds } from "./sorted-ids.ts";

/** Memory of all filters of a shard. */
const FILTER_BYTES = 14 * 2 ** 20;

interface Run extends RunFacts {
  /** Read when first needed. */
  filter?: IdFilter;
}

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

const filterBytesOf = (runs: readonly Run[]): number =>
  runs.reduce((sum, { filter }) => sum + (filter?.words.byteLength ?? 0), 0);

/** As good a filter as the ids' number deserves and memory has room for beside the others. */
function newFilter(count: number, others: readonly Run[]): IdFilter | undefined {
  const room = ((FILTER_BYTES - filterBytesOf(others)) * 8) / count;
  const bits = Math.min(filterBits(count), room);
  return bits < 1 ? undefined : createIdFilter(count, bits);
}

export function createSeenRuns(storage: DurableObjectStorage): SeenRuns {
  const { sql } = storage;
  let runs: Run[] = [];

  function refresh(): void {
    const held = new Map(runs.map((run) => [run.id, run]));
    runs = liveRuns(sql).map((facts) => held.get(facts.id) ?? facts);
  }

  async function merge(chosen: RunFacts[], pause: () => Promise<void>): Promise<void> {
    const count = chosen.reduce((sum, run) => sum + run.count, 0);
    const pages = pagesFor(count);
    const gone = new Set(chosen.map(({ id }) => id));
    const filter = newFilter(
      count,
      runs.filter(({ id }) => !gone.has(id)),
    );
    const oldest = Math.min(...chosen.map((run) => run.oldest));
    const newest = Math.max(...chosen.map((run) => run.newest));
    const id = insertRun(sql, { count, pages, oldest, newest, probes: filter?.probes ?? 0 }, WRITTEN);
    const parts = mergeIds(chosen.map((run) => readRun(sql, run)));
    for (const _ of writePages(sql, id, { parts, pages, filter })) await pause();
    storage.transactionSync(() => {
      markRun(sql, id, LIVE);
      for (const run of chosen) markRun(sql, run.id, DEAD);
    });
    refresh();
  }

  // What a crash left half written counts nowhere.
  sql.exec("update seen_runs set state = ? where state = ?", DEAD, WRITTEN);
  refresh();

  return {
    get runs() {
      return runs;
    },
    get filterBytes() {
      return filterBytesOf(runs);
    },
    has(hash) {
      for (const run of runs) {
        if (run.probes > 0) run.filter ??= readFilter(sql, run);
        if (run.filter && !mayHold(run.filter, hash)) continue;
        const words = readPage(sql, run.id, pageOf(hash[1], run.pages));
        if (words && pageHolds(words, hash)) return true;
      }
      return false;
    },
    readAfter: (page, since) => readAfter(sql, page, since),
    write(words, span) {
      sortIds(words);
      const count = words.length / 2;
      const pages = pagesFor(count);
      const filter = newFilter(count, runs);
      const id = insertRun(sql, { count, pages, ...span, probes: filter?.probes ?? 0 }, LIVE);
      for (const _ of writePages(sql, id, { parts: [words], pages, filter }));
    },
    refresh,
    async tidy(now, pause) {
      const over = runs.filter(({ newest }) => newest < now - KEPT_HOURS * 3600_000);
      for (const { id } of over) markRun(sql, id, DEAD);
      if (over.length > 0) refresh();
      const chosen = runsToMerge(runs);
      if (chosen.length > 0) await merge(chosen, pause);
      await sweepRuns(sql, pause);
      return runsToMerge(runs).length > 0;
    },
  };
}
