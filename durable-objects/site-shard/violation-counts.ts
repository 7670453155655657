// Where events did not fit the tracking plan, by hour. Gathered in memory and written with the next copy to D1, as drops are.
import type { Violation } from "../../workers/domain/tracking-plan.ts";
import type { ViolationCount } from "../../workers/store/violations.ts";
import { hourOf } from "./seen-ids.ts";

const KEPT_MS = 2 * 3600_000;
/** Kinds of one hour; names are the sender's, and must not fill the table. */
const MOST_KINDS = 500;
const REST = "(other)";

export interface Found {
  event: string;
  violation: Violation;
}

export interface ViolationCounts {
  add(found: readonly Found[], now: number): void;
  /** Writes down what was gathered, and the full counts of recent hours by `write`, again next time if that fails. */
  settle(now: number, write: (counts: ViolationCount[]) => Promise<void>): Promise<void>;
}

type Row = ViolationCount & Record<string, SqlStorageValue>;

export function createViolationCounts(sql: SqlStorage): ViolationCounts {
  let gathered = new Map<string, ViolationCount>();
  let known: { hour: number; kinds: Set<string> } = { hour: 0, kinds: new Set() };
  let unwritten = false;

  function isKnown(hour: number, kind: string): boolean {
    if (known.hour !== hour) {
      const rows = sql.exec<Row>("select event, property, rule, mode from violations where hour = ?", hour).toArray();
      const kinds = rows.map(({ event, property, rule, mode }) => JSON.stringify([event, property, rule, mode]));
      known = { hour, kinds: new Set(kinds) };
    }
    if (known.kinds.has(kind)) return true;
    if (known.kinds.size >= MOST_KINDS) return false;
    known.kinds.add(kind);
    return true;
  }

  return {
    add(found, now) {
      const hour = hourOf(now);
      for (const { event, violation } of found) {
        const { property, rule, mode, sample } = violation;
        const names = isKnown(hour, JSON.stringify([event, property, rule, mode])) ? [event, property] : [REST, ""];
        const key = JSON.stringify([hour, ...names, rule, mode]);
        const count = (gathered.get(key)?.count ?? 0) + 1;
        gathered.set(key, { hour, event: names[0]!, property: names[1]!, rule, mode, count, sample });
      }
    },
    async settle(now, write) {
      const fresh = gathered;
      gathered = new Map();
      for (const { hour, event, property, rule, mode, count, sample } of fresh.values()) {
        sql.exec(
          `insert into violations values (?, ?, ?, ?, ?, ?, ?)
           on conflict do update set count = count + excluded.count, sample = excluded.sample`,
          ...[hour, event, property, rule, mode, count, sample],
        );
      }
      unwritten ||= fresh.size > 0;
      if (!unwritten) return;
      sql.exec("delete from violations where hour < ?", hourOf(now) - KEPT_MS);
      await write(sql.exec<Row>("select hour, event, property, rule, mode, count, sample from violations").toArray());
      unwritten = gathered.size > 0;
    },
  };
}
