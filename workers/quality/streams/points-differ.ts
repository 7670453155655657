import { inPercent, type StreamFinding } from "../stream-finding.ts";

export interface PointsCount {
  /** Events that the points stand for, and points that were read; fewer where the platform sampled. */
  events: number;
  points: number;
}

/** Points may be late or lost in this share without a word. */
const LOST = 0.02;
/** Deviations of a sampled count. */
const DEVIATIONS = 4;

/** Whether Analytics Engine has another number of a day's events than the shards, beyond what sampling explains. */
export function pointsDiffer(
  events: number,
  { events: found, points }: PointsCount,
  from: number,
  to: number,
): StreamFinding[] {
  if (events === 0) return [];
  const noise = points < found ? DEVIATIONS / Math.sqrt(Math.max(1, points)) : 0;
  const share = Math.abs(found - events) / events;
  if (share <= LOST + noise) return [];
  const reason = `Analytics Engine has ${found} events of the day instead of ${events}: ${inPercent(share)} ${found < events ? "fewer" : "more"}`;
  return [{ fault: "points_differ", subject: "Analytics Engine", from, to, expected: events, found, reason }];
}
