// A scan that tells how far it is, and stops when nobody waits for it any more.

import type { ScanOptions, ScanProgress } from "../../workers/engine/scan.ts";
import type { ScanWatch } from "./protocol.ts";

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
      if (!told.going) throw new Error("the scan was cancelled");
      if (!told.waiting && clock() - told.at >= TELL_EVERY_MS) void tell();
    },
  };
}
