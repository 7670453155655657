// Small counts by hour and name. Gathered in memory and written with the next copy to D1, since a flood of refused beacons
// must cost nothing; a crash may lose the seconds in between.
import { splitDrop } from "../../workers/domain/drop-reason.ts";
import { writeDropSamples } from "../../workers/store/drop-samples.ts";
import { writeDrops } from "../../workers/store/drops.ts";
import type { HourCount } from "../../workers/store/hour-counts.ts";
import { writePiiFound } from "../../workers/store/pii-found.ts";
import { createDropSamples } from "./drop-samples.ts";
import type { AppendBatch, ShardIdentity } from "./protocol.ts";
import { hourOf } from "./seen-ids.ts";

const KEPT_MS = 2 * 3600_000;

/** Table → the column of the name. */
const NAMES = { drops: "reason", pii_found: "name" } as const;

interface HourCounts {
  add(counts: Record<string, number>, now: number): void;
  /** Writes down what was gathered, and the full counts of recent hours by `write`, again next time if that fails. */
  settle(now: number, write: (counts: HourCount[]) => Promise<void>): Promise<void>;
}

function createHourCounts(sql: SqlStorage, table: keyof typeof NAMES): HourCounts {
  const column = NAMES[table];
  let gathered = new Map<string, HourCount>();
  let unwritten = false;
  return {
    add(counts, now) {
      const hour = hourOf(now);
      for (const [named, count] of Object.entries(counts)) {
        const name = table === "drops" ? splitDrop(named).reason : named;
        const key = `${hour} ${name}`;
        gathered.set(key, { hour, name, count: (gathered.get(key)?.count ?? 0) + count });
      }
    },
    async settle(now, write) {
      const fresh = gathered;
      gathered = new Map();
      for (const { hour, name, count } of fresh.values()) {
        sql.exec(
          `insert into ${table} values (?, ?, ?) on conflict do update set count = count + excluded.count`,
          hour,
          name,
          count,
        );
      }
      unwritten ||= fresh.size > 0;
      if (!unwritten) return;
      sql.exec(`delete from ${table} where hour < ?`, hourOf(now) - KEPT_MS);
      await write(
        sql
          .exec<HourCount & Record<string, SqlStorageValue>>(`select hour, ${column} as name, count from ${table}`)
          .toArray(),
      );
      unwritten = gathered.size > 0;
    },
  };
}

/** What a shard counts beside its events: refusals, and personal values that were replaced. */
export interface ShardCounts {
  note(counted: Pick<AppendBatch, "drops" | "found">, now: number): void;
  settle(db: D1Database, from: Pick<ShardIdentity, "siteId" | "epoch" | "shard">, now: number): Promise<void>;
}

export function createShardCounts(sql: SqlStorage): ShardCounts {
  const refused = createHourCounts(sql, "drops");
  const replaced = createHourCounts(sql, "pii_found");
  const samples = createDropSamples();
  return {
    note({ drops, found }, now) {
      if (drops) {
        refused.add(drops, now);
        for (const [name, count] of Object.entries(drops)) samples.add(name, count, now);
      }
      if (found) replaced.add(found, now);
    },
    async settle(db, from, now) {
      await refused.settle(now, (counts) => writeDrops(db, from, counts));
      await samples.settle((found) => writeDropSamples(db, from, found));
      await replaced.settle(now, (counts) => writePiiFound(db, from, counts));
    },
  };
}
