// Refusals by hour and reason. Gathered in memory and written with the next copy to D1, since a flood of refused beacons
// must cost nothing; a crash may lose the seconds in between.
import type { DropCount } from "../../workers/store/drops.ts";
import { hourOf } from "./seen-ids.ts";

const KEPT_MS = 2 * 3600_000;

export interface DropCounts {
  add(drops: Record<string, number>, now: number): void;
  /** Writes down what was gathered, and the full counts of recent hours by `write`, again next time if that fails. */
  settle(now: number, write: (counts: DropCount[]) => Promise<void>): Promise<void>;
}

export function createDropCounts(sql: SqlStorage): DropCounts {
  let gathered = new Map<string, DropCount>();
  let unwritten = false;
  return {
    add(drops, now) {
      const hour = hourOf(now);
      for (const [reason, count] of Object.entries(drops)) {
        const key = `${hour} ${reason}`;
        gathered.set(key, { hour, reason, count: (gathered.get(key)?.count ?? 0) + count });
      }
    },
    async settle(now, write) {
      const fresh = gathered;
      gathered = new Map();
      for (const { hour, reason, count } of fresh.values()) {
        sql.exec(
          "insert into drops values (?, ?, ?) on conflict do update set count = count + excluded.count",
          hour,
          reason,
          count,
        );
      }
      unwritten ||= fresh.size > 0;
      if (!unwritten) return;
      sql.exec("delete from drops where hour < ?", hourOf(now) - KEPT_MS);
      await write(
        sql.exec<DropCount & Record<string, SqlStorageValue>>("select hour, reason, count from drops").toArray(),
      );
      unwritten = gathered.size > 0;
    },
  };
}
