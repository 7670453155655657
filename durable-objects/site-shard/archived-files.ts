// Which files of the archive hold events that were this shard's: `written` while the events are here too, `dropped` once the
// file alone has them, `writing` before all of its day are, `obsolete` when none is so. Told here and not in a table of the site's, since it must change
// in the transaction that drops events.
import { ARCHIVE_DAY_MS, type ArchivedFile, dateOf, startOf } from "../../workers/domain/archive.ts";
import type { Period } from "../../workers/domain/period.ts";
import { inRange, type VisitorRange } from "../../workers/domain/shard.ts";

export type FileState = "writing" | "written" | "dropped" | "obsolete";

export interface Kept {
  file: ArchivedFile;
  state: FileState;
}

export interface ArchivedFiles {
  written(date: string): ArchivedFile[];
  dropped(date?: string): ArchivedFile[];
  /** Dropped files that may hold events of the period. */
  within(period: Period): ArchivedFile[];
  /** Of whatever state. */
  ofImport(importId: string): ArchivedFile[];
  find(key: string): { file: ArchivedFile; state: FileState } | undefined;
  has(key: string): boolean;
  put(file: ArchivedFile, state: FileState): void;
  ofState(state: FileState, date: string): ArchivedFile[];
  /** Keys of the day that are obsolete. */
  obsolete(date: string): string[];
  /** All there are, for whoever takes the visitors over. */
  all(): Kept[];
  /** Events that the archive alone holds, counted by one shard each, whoever else has visitors of the same file. */
  count(own: VisitorRange, importId?: string): number;
  /** Notes dates of which events were removed for good. */
  noteGone(dates: readonly string[]): void;
  gone(): string[];
  /** Whether events of the period were removed for good. */
  isGone(period: Period): boolean;
  /** Whether events of it were removed, or lie in the archive. */
  isAway(period: Period): boolean;
}

type Cell = Record<string, SqlStorageValue>;

const touches = ({ from, to }: Period, first: number, last: number) => last >= from && first < to;

export function createArchivedFiles(sql: SqlStorage): ArchivedFiles {
  const files = new Map<string, Kept>();
  for (const { state, file } of sql.exec<{ state: FileState; file: string } & Cell>(
    "select state, file from archived",
  )) {
    const parsed: ArchivedFile = JSON.parse(file);
    files.set(parsed.key, { state, file: parsed });
  }
  const goneDays = new Set(
    sql
      .exec<{ day: number }>("select day from gone_days")
      .toArray()
      .map(({ day }) => day),
  );
  const all = (state: FileState) => [...files.values()].filter((one) => one.state === state).map(({ file }) => file);
  const within = (period: Period) => all("dropped").filter(({ atMin, atMax }) => touches(period, atMin, atMax));
  const isGone = (period: Period) => [...goneDays].some((day) => touches(period, day, day + ARCHIVE_DAY_MS - 1));
  return {
    written: (date) => all("written").filter((file) => file.date === date),
    dropped: (date) => all("dropped").filter((file) => date === undefined || file.date === date),
    within,
    ofImport: (importId) => [...files.values()].map(({ file }) => file).filter((file) => file.importId === importId),
    find: (key) => files.get(key),
    has: (key) => files.has(key),
    put(file, state) {
      files.set(file.key, { file, state });
      sql.exec(
        "insert into archived values (?, ?, ?) on conflict do update set state = excluded.state, file = excluded.file",
        file.key,
        state,
        JSON.stringify(file),
      );
    },
    ofState: (state, date) => all(state).filter((file) => file.date === date),
    obsolete: (date) => all("obsolete").flatMap((file) => (file.date === date ? file.key : [])),
    all: () => [...files.values()],
    count: (own, importId) =>
      all("dropped")
        .filter((file) => inRange(file.fromLead, own) && (importId === undefined || file.importId === importId))
        .reduce((sum, { rows }) => sum + rows, 0),
    noteGone(dates) {
      for (const day of dates.map(startOf)) {
        goneDays.add(day);
        sql.exec("insert or ignore into gone_days values (?)", day);
      }
    },
    gone: () => [...goneDays].map(dateOf),
    isGone,
    isAway: (period) => isGone(period) || within(period).length > 0,
  };
}
