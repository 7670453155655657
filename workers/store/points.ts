import type { Event } from "../domain/event.ts";
import { pointOf } from "../domain/point.ts";

/** Analytics Engine takes this many points from one invocation. */
export const POINTS_A_CALL = 250;

/** One point an event. */
export function writePoint(dataset: AnalyticsEngineDataset, siteId: string, event: Event): void {
  dataset.writeDataPoint(pointOf(siteId, event));
}
