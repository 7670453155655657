// A scan that tells how far it is, and stops when nobody waits for it any more.

import {
  type BatchSource,
  type ScanOptions,
  type ScanProgress,
  type ScanReply,
  type ScanRequest,
  scan,
} from "../../workers/engine/scan.ts";
import type { Cancelled, ScanWatch } from "./protocol.ts";

class CancelledScan extends Error {}

const TELL_EVERY_MS = 100;

/** Options of the scan, which looks at the answer whenever it gives way and never waits for it. */
export function watched(
  pause: () => Promise<void>,
  watch: ScanWatch | undefined,
  clock: () => number = Date.now,
): Pick<ScanOptions, "pause" | "progress"> {
  if (!watch) return { pause };
  const progress: ScanProgress = { scanned: 0, rows: 0 };
  const told = { at: Number.NEGATIVE_INFINITY, waiting: false, going: true };
  const tell = async () => {
    told.at = clock();
    told.waiting = true;
    told.going = await Promise.resolve(watch({ ...progress })).catch(() => false);
    told.waiting = false;
  };
  return {
    progress,
    async pause() {
      await pause();
      if (!told.going) throw new CancelledScan("the scan was cancelled");
      if (!told.waiting && clock() - told.at >= TELL_EVERY_MS) void tell();
    },
  };
}

const CANCELLED: ScanReply & Cancelled = { partials: [], scanned: 0, freshness: null, earliest: null, cancelled: true };

/** The scan, or the news that it was stopped. */
export async function watchedScan(
  source: BatchSource,
  requests: readonly ScanRequest[],
  { watch, ...options }: ScanOptions & { watch: ScanWatch | undefined },
): Promise<ScanReply & Partial<Cancelled>> {
  try {
    return await scan(source, requests, { ...options, ...watched(options.pause, watch) });
  } catch (error) {
    if (error instanceof CancelledScan) return CANCELLED;
    throw error;
  }
}
