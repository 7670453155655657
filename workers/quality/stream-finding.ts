import type { QualityFault, QualityFinding } from "../domain/quality.ts";

/** What is wrong with a stream of events, in a word. */
export type StreamFault = Exclude<QualityFault, "wrong_values" | "rule_broken" | "incomplete">;

export interface StreamFinding extends QualityFinding {
  fault: StreamFault;
}

export interface HourCount {
  /** Start of the hour, milliseconds UTC. */
  at: number;
  count: number;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export const inPercent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
/** To the minute: hours of some zones begin at a quarter or at half. */
export const hourOf = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;
