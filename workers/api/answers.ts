// What each analysis answers, what was expected of a metric and what was filtered, as clients read it.
import type { FunnelResult } from "../analyses/funnel.ts";
import type { PathsResult } from "../analyses/path-sankey.ts";
import type { PropertiesResult } from "../analyses/properties.ts";
import type { RetentionResult } from "../analyses/retention.ts";
import type { ExpectedRange, WatchedGrain } from "../query/expected-range.ts";

/** A metric beside what was expected of it. */
export interface Expected extends ExpectedRange {
  metric: string;
  grain: WatchedGrain;
  timeZone: string;
  period: { from: string; to: string; running: boolean };
  exact: boolean;
}

/** What was refused in a period, and why. */
export interface Filtered {
  period: { from: string; to: string; running: boolean };
  timeZone: string;
  /** Events of the period. */
  counted: number;
  filtered: number;
  /** Percent of both together; null where nothing came. */
  share: number | null;
  /** Most frequent first; `plan` is what waits in quarantine. */
  reasons: { reason: string; about: string; count: number; share: number | null }[];
  /** Every day of the period, by local date of receipt. */
  days: { date: string; counts: Record<string, number> }[];
  /** What some of them were refused for; `count` is at least that many. */
  samples: { reason: string; detail: string; count: number; lastDay: string }[];
  /** For how many days samples are kept. */
  keptDays: number;
}

export interface Answers {
  funnel: FunnelResult;
  retention: RetentionResult;
  paths: PathsResult;
  properties: PropertiesResult;
}
