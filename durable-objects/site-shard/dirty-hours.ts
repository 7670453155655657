// Hours whose roll-up is out of date, as UTC hours. They are written down with the outbox position: what the log holds
// after it is marked again on waking.
import { startOf } from "../../workers/domain/archive.ts";
import { parseBody, readLog } from "./log.ts";
import { hourOf } from "./seen-ids.ts";
import type { SegmentStore } from "./segment-store.ts";
import type { OpenSession } from "./windows.ts";

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
const AT_FIELD = 2;

export interface DirtyHours {
  /** An event changes every hour of its session: where that ends is told of each of them. */
  mark(session: Pick<OpenSession, "start" | "at">): void;
  /** History and late events: how far their sessions reach is not known, so a day to either side is taken with them. */
  markPast(at: number): void;
  /** Marks a UTC date in the same way. */
  markDay(date: string): void;
  /** Marks every hour in which the import has events. */
  markImport(importId: string): void;
  /** Marks hours that another shard had marked. */
  markAll(hours: readonly number[]): void;
  /** Writes down what is marked. */
  store(): void;
  /** Hours that are marked, or taken and not yet rolled up. */
  pending(): number[];
  /** Hours that are over by then, oldest first. */
  due(until: number): number[];
  /** Unmarks hours that are about to be rolled up, so that events coming meanwhile mark them again. */
  take(hours: readonly number[]): void;
  /** Says that taken hours were rolled up. */
  settle(hours: readonly number[]): void;
  /** Marks taken hours again, whose roll-up failed. */
  giveBack(hours: readonly number[]): void;
}

/** `after`: the log row up to which hours were written down. */
export function createDirtyHours(sql: SqlStorage, store: SegmentStore, after: number): DirtyHours {
  const stored = new Set(
    sql
      .exec<{ start: number }>("select start from dirty")
      .toArray()
      .map((row) => row.start),
  );
  const hours = new Set(stored);
  const underWay = new Set<number>();
  /** The hour that was marked last in that way, since history mostly comes in order. */
  let lastPast = Number.NaN;

  function markSpan(start: number, end: number): void {
    for (let hour = hourOf(start); hour <= end; hour += HOUR_MS) hours.add(hour);
  }

  function markPast(at: number): void {
    const hour = hourOf(at);
    if (hour === lastPast) return;
    markSpan(hour - DAY_MS, hour + DAY_MS);
    lastPast = hour;
  }

  for (const row of readLog(sql, after)) for (const packed of parseBody(row.body)) markPast(Number(packed[AT_FIELD]));

  return {
    mark: ({ start, at }) => markSpan(start, at),
    markPast,
    markDay(date) {
      for (let hour = 0; hour < 24; hour++) markPast(startOf(date) + hour * HOUR_MS);
    },
    markImport(importId) {
      const own = store.all().filter((segment) => segment.importId === importId);
      for (const { id } of own) for (const at of store.batch(id).at) markPast(at);
      for (const row of readLog(sql, 0)) {
        if (row.importId !== importId) continue;
        for (const packed of parseBody(row.body)) markPast(Number(packed[AT_FIELD]));
      }
    },
    markAll(more) {
      for (const hour of more) hours.add(hour);
    },
    store() {
      for (const hour of hours) {
        if (stored.has(hour)) continue;
        sql.exec("insert or ignore into dirty values (?)", hour);
        stored.add(hour);
      }
    },
    pending: () => [...new Set([...hours, ...underWay])],
    due: (until) => [...hours].filter((hour) => hour + HOUR_MS <= until).sort((a, b) => a - b),
    take(taken) {
      for (const hour of taken) {
        hours.delete(hour);
        underWay.add(hour);
      }
      lastPast = Number.NaN;
    },
    settle(done) {
      for (const hour of done) {
        underWay.delete(hour);
        if (hours.has(hour) || !stored.delete(hour)) continue;
        sql.exec("delete from dirty where start = ?", hour);
      }
    },
    giveBack(taken) {
      for (const hour of taken) {
        underWay.delete(hour);
        hours.add(hour);
      }
    },
  };
}
