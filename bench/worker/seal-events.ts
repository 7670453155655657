import type { PackedEvent } from "../../workers/domain/event.ts";
import { batchOf } from "../../workers/engine/batch.ts";
import { sortedByVisitor } from "../../workers/engine/batch-rows.ts";
import { encodeBatch } from "../../workers/engine/codec.ts";

/** Seals events into one segment as the shard does with its log. */
export function sealEvents({ sql }: DurableObjectStorage, events: readonly PackedEvent[]): void {
  const batch = sortedByVisitor(batchOf(events));
  const body = encodeBatch(batch);
  sql.exec(
    "insert into segments (import_id, at_min, at_max, received_at, count, body) values ('', ?, ?, ?, ?, ?)",
    batch.earliest,
    batch.latest,
    batch.newest,
    batch.length,
    body,
  );
}
