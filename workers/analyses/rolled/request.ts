// What is asked of events to roll one panel of one bucket up.

import type { StandardPanel } from "../../catalog/standard-panels.ts";
import type { ScanRequest } from "../../engine/scan.ts";

export interface RollUpSpan {
  from: number;
  to: number;
  timeZone: string;
  /** Starts of the days that are looked back on, oldest first, and of the bucket's own; fewer than two look back on none. */
  dayStarts: readonly number[];
}

export function rollUpRequest(
  { dimension, filters }: Omit<StandardPanel, "panel">,
  { from, to, timeZone, dayStarts }: RollUpSpan,
): ScanRequest {
  const request = { analysis: "rollUp", from, to, timeZone, filters: [...filters] };
  if (dayStarts.length < 2) return { ...request, params: { dimension, dayStarts: [] } };
  return { ...request, params: { dimension, dayStarts: [...dayStarts] }, lookBack: from - dayStarts[0]! };
}
