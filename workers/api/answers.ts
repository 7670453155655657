// What each analysis answers, and what was expected of a metric, as clients read it.
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

export interface Answers {
  funnel: FunnelResult;
  retention: RetentionResult;
  paths: PathsResult;
  properties: PropertiesResult;
}
