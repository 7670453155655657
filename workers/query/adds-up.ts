// Whether a metric's hours add up to what it is over all of them together.
import { type CustomMetric, customMetricNamed } from "../catalog/custom-metric.ts";
import { isMetric, type MetricName } from "../catalog/metrics/index.ts";
import { packMetric } from "../catalog/packs/index.ts";

/** Visitors and visits reach over hours, and shares are no amounts. */
const AMOUNTS: readonly MetricName[] = ["pageviews", "events", "total_revenue"];

export function addsUpOverTime(name: string, known: readonly CustomMetric[]): boolean {
  if (isMetric(name)) return AMOUNTS.includes(name);
  const { definition } = packMetric(name) ?? customMetricNamed(known, name) ?? {};
  if (!definition) return false;
  if (definition.kind === "total") {
    return [...definition.parts, ...definition.less].every((part) => addsUpOverTime(part, known));
  }
  return definition.kind === "count" || definition.kind === "sum";
}
