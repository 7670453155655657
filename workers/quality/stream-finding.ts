/** What is wrong with a stream of events, in a word. */
export type StreamFault =
  | "volume_drop"
  | "gap"
  | "type_drift"
  | "duplicates"
  | "counts_differ"
  | "late_shard"
  | "missing_hour"
  | "too_many_values"
  | "late_events";

export interface StreamFinding {
  fault: StreamFault;
  /** What it is about: a site's events, a property, a shard, a pair of counts. */
  subject: string;
  /** The time it covers, milliseconds UTC, the end left out. */
  from: number;
  to: number;
  expected: number;
  found: number;
  /** For a reader, with the figures. */
  reason: string;
}

export interface HourCount {
  /** Start of the hour, milliseconds UTC. */
  at: number;
  count: number;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export const inPercent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
export const hourOf = (at: number): string => `${new Date(at).toISOString().slice(0, 13)}:00Z`;
