// How finely a rule's metrics must be known, and what that costs. The dashboard takes it as it is.
import type { AlertCondition, ConditionKind, MetricCondition } from "./alert-condition.ts";
import type { Filter } from "./query.ts";
import { isSystem, isWatched } from "./watched-metrics.ts";

export const isOfMetric = (condition: AlertCondition): condition is MetricCondition => condition.kind !== "rule";

/** Of these two the shards keep a strip of minutes; every other metric of questions is known by the hour. */
export const MINUTE_METRICS: readonly string[] = ["pageviews", "events"];

export type Step = "minute" | "slot" | "hour";
/** What a rule looks at: only these events, and each value by itself. */
export interface Narrowed {
  filters: readonly Filter[];
  split: { dimension: string; top: number } | null;
}

export const isNarrowed = ({ filters, split }: Narrowed): boolean => filters.length > 0 || split !== null;

const SEASONAL: readonly string[] = ["anomaly", "forecast", "budget"] satisfies ConditionKind[];

/** How finely the condition's metric is known: by the minute, by the system's slots of five minutes, or by the hour. */
export function stepOf(condition: AlertCondition, narrowed: Narrowed): Step {
  if (!isOfMetric(condition)) return "minute";
  const isLong = SEASONAL.includes(condition.kind) || (condition.kind === "change" && condition.against === "week");
  if (isLong || isNarrowed(narrowed)) return "hour";
  if (isSystem(condition.metric)) return "slot";
  return MINUTE_METRICS.includes(condition.metric) ? "minute" : "hour";
}

/** Days that an hourly condition looks back: a week ago, or as long as seasons take to be learned. */
export const DAYS_BACK = {
  threshold: 2,
  absence: 2,
  change: 9,
  anomaly: 35,
  forecast: 35,
  budget: 62,
} as const satisfies Record<ConditionKind, number>;

export interface RuleCost {
  /** Whether the site's strip of minutes is looked at each minute, which its rules share. */
  minutes: boolean;
  /** What is read each hour: nothing, roll-ups or, in one scan with all others of the site, its events. */
  hourly: "nothing" | "rollups" | "events";
  /** So many days of it. */
  days: number;
}

/** `isRolled`: whether a metric is one of those that roll-ups hold. */
export function costOf(
  rule: Narrowed & { conditions: readonly AlertCondition[] },
  isRolled: (metric: string) => boolean,
): RuleCost {
  const conditions = rule.conditions.filter(isOfMetric).filter(({ metric }) => !isWatched(metric));
  const hourly = conditions.filter((one) => stepOf(one, rule) === "hour");
  const asksEvents = isNarrowed(rule) || hourly.some(({ metric }) => !isRolled(metric));
  return {
    minutes: conditions.length > hourly.length,
    hourly: hourly.length === 0 ? "nothing" : asksEvents ? "events" : "rollups",
    days: Math.max(0, ...hourly.map(({ kind }) => DAYS_BACK[kind])),
  };
}
