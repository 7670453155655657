import type { AlertTemplate } from "../domain/alert.ts";
import type { PlanEvent } from "../domain/tracking-plan.ts";
import type { MetricDefinition } from "./custom-metric.ts";
import type { Unit } from "./metric.ts";
import type { ReportTemplateName } from "./reports/index.ts";

/** Defined as users define theirs, and there for every site. Formulas in the words of the metrics and properties, for people. */
export interface PackMetric {
  label: string;
  about: string;
  unit: Unit;
  better: "higher" | "lower" | "neither";
  formula: string;
  definition: MetricDefinition;
}

/** What belongs together for one kind of product. */
export interface Pack {
  label: string;
  about: string;
  /** By name; no other pack and no file of `metrics/` has the same. */
  metrics: Readonly<Record<string, PackMetric>>;
  /** Entries of a tracking plan, by the event's name. */
  events: Readonly<Record<string, PlanEvent>>;
  /** Rules to begin with. */
  alerts: readonly AlertTemplate[];
  /** Reports to begin with, of those in `reports/`. */
  reports: readonly ReportTemplateName[];
}

export function definePack(pack: Pack): Pack {
  return pack;
}
