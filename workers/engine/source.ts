import type { Batch } from "./columns.ts";

/** Where a scan gets its events: a shard's segments and log. */
export interface BatchSource {
  /** All batches that overlap [from, to), milliseconds; they may hold rows outside it. A batch never changes once returned. */
  read(from: number, to: number): Batch[];
  /** Event-time bounds of everything there is; Infinity and -Infinity when empty. */
  earliest: number;
  latest: number;
}
