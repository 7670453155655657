import type { Period } from "../domain/period.ts";
import type { SortedBatch } from "./columns.ts";

/** Everything that there is at one moment. */
export interface Snapshot {
  /** In order of arrival. None of them ever changes, and all stay readable until the snapshot is released. */
  batches: readonly SortedBatch[];
  /** Rows among them that were read back from the archive. */
  archived?: number;
  release(): void;
}

/** Where a scan gets its events: a shard's segments and log. */
export interface BatchSource {
  /**
   * Gives way while it makes ready; what it returns is of one moment. What lies in the archive is there for the periods
   * that are wanted, and not at all when none are.
   */
  snapshot(pause: () => Promise<void>, wanted?: readonly Period[]): Promise<Snapshot>;
  /** Event-time bounds of everything there is; Infinity and -Infinity when empty. */
  earliest: number;
  latest: number;
}
