// What alert rules can look at beside the metrics of questions: how good a site's data is, and how the system itself does.

export interface WatchedMetric {
  label: string;
  about: string;
  /** How values of a longer time come together. */
  together: "mean" | "max";
  /** Known as it stands now, and not over time. */
  standing?: true;
}

export const WATCHED_METRICS = {
  "quality:score": {
    label: "Quality score",
    about: "Of 100, of the last day that was judged.",
    together: "mean",
  },
  "quality:findings": { label: "Open quality findings", about: "How many are open.", together: "max" },
  "system:error_rate": {
    label: "System: failed requests, %",
    about: "Of all requests of the deployment, beacons included.",
    together: "mean",
  },
  "system:api_ms": {
    label: "System: API time, ms",
    about: "What 95 of 100 requests did not exceed.",
    together: "max",
  },
  "system:ingest_lag_ms": {
    label: "System: ingest lag, ms",
    about: "From receipt to disk: what 95 of 100 events did not exceed.",
    together: "max",
  },
  "system:queue_depth": {
    label: "System: events waiting for D1",
    about: "The most that waited in one shard.",
    together: "max",
  },
  "system:storage_bytes": {
    label: "System: D1 storage, bytes",
    about: "What the database takes now.",
    together: "max",
    standing: true,
  },
  "system:dollars": {
    label: "System: cost, dollars",
    about: "Beyond what the plan includes, since the month began (UTC).",
    together: "max",
    standing: true,
  },
  "system:quota_percent": {
    label: "System: used of the plan, %",
    about: "Of what the plan includes, where most is used: of the month, on the free plan of the day.",
    together: "max",
    standing: true,
  },
} as const satisfies Record<string, WatchedMetric>;

export type WatchedName = keyof typeof WATCHED_METRICS;

const PREFIX_KPI = "kpi:";

export const isWatched = (name: string): name is WatchedName => Object.hasOwn(WATCHED_METRICS, name);
export type SystemName = Extract<WatchedName, `system:${string}`>;
export const isSystem = (name: string): name is SystemName => isWatched(name) && name.startsWith("system:");
export function isStanding(name: string): boolean {
  const metric: WatchedMetric | null = isWatched(name) ? WATCHED_METRICS[name] : null;
  return metric?.standing ?? false;
}
/** The id of the KPI that `kpi:<id>` names; null for all else. */
export const kpiIdOf = (name: string): string | null =>
  name.startsWith(PREFIX_KPI) ? name.slice(PREFIX_KPI.length) : null;
export const kpiMetric = (id: string): string => PREFIX_KPI + id;
