import type { Event } from "../domain/event.ts";
import { type Point, pointOf } from "../domain/point.ts";

/** Analytics Engine takes this many points from one invocation. */
export const POINTS_A_CALL = 250;

/** The binding, as far as it is used. */
export interface PointSink {
  writeDataPoint(point: Point): void;
}

/** One point an event. */
export function writePoint(dataset: PointSink, siteId: string, event: Event): void {
  dataset.writeDataPoint(pointOf(siteId, event));
}
