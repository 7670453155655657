import { memoryHeld } from "../../workers/engine/memory.ts";
import { sizeOfLog } from "./log.ts";
import { leftOut, outboxPosition } from "./outbox.ts";
import { type Counting, countOwned, isPartial } from "./owned-counts.ts";
import type { ShardStats } from "./protocol.ts";
import { ownRange } from "./read-back.ts";
import type { Segments } from "./segments.ts";

export function statsOf(counting: Counting, { earliest, latest }: Segments): ShardStats {
  const { sql } = counting;
  const log = sizeOfLog(sql);
  const { n, events } = sql
    .exec<{ n: number; events: number }>(
      "select count(*) as n, coalesce(sum(count), 0) as events from segments where live = 1",
    )
    .one();
  return {
    events: isPartial(counting) ? countOwned(counting) : log.events + events + counting.archived.count(ownRange(sql)),
    logRows: log.rows,
    segments: n,
    unflushed: sizeOfLog(sql, outboxPosition(sql).done).events,
    leftOut: leftOut(sql),
    bytes: sql.databaseSize,
    scanBytes: memoryHeld(),
    firstEventAt: Number.isFinite(earliest) ? earliest : null,
    lastEventAt: Number.isFinite(latest) ? latest : null,
  };
}
