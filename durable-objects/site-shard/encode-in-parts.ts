// Events as blocks that fit SQLite values.
import type { PackedEvent } from "../../workers/domain/event.ts";
import { batchOf } from "../../workers/engine/batch.ts";
import { sortedByVisitor } from "../../workers/engine/batch-rows.ts";
import { type Block, encodeBlock } from "../../workers/engine/codec.ts";
import type { SortedBatch } from "../../workers/engine/columns.ts";
import type { Pace } from "../../workers/engine/pace.ts";
import { HEAD_BYTES } from "./seal.ts";

export interface EncodedPart {
  events: PackedEvent[];
  batch: SortedBatch;
  block: Block;
}

/** As one block, or in halves where its head would not fit a SQLite value. */
export async function encodeInParts(events: PackedEvent[], pace: Pace): Promise<EncodedPart[]> {
  const batch = sortedByVisitor(batchOf(events));
  const block = await encodeBlock(batch, pace);
  if (block.head.length <= HEAD_BYTES || events.length === 1) return [{ events, batch, block }];
  const half = events.length >> 1;
  return [...(await encodeInParts(events.slice(0, half), pace)), ...(await encodeInParts(events.slice(half), pace))];
}
