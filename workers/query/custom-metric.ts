// Checks a metric that a user makes: its filters against the catalogue and the site's goals, its parts against what there is.

import { type CustomMetric, customMetricNamed, type MetricDefinition } from "../catalog/custom-metric.ts";
import type { FieldError } from "../domain/errors.ts";
import type { Goal } from "../domain/site.ts";
import { askedMetric, idOf } from "./asked-metric.ts";
import { filterErrors } from "./filters.ts";

interface Site {
  goals: readonly Goal[];
  customMetrics: readonly CustomMetric[];
}

function partErrors(name: string, field: string, { customMetrics }: Site): FieldError[] {
  const metric = askedMetric(name, customMetrics);
  const path = `definition.${field}`;
  if (!metric) return [{ path, message: `no metric ${name}; name one of the catalogue, or one that the site has` }];
  if (metric.unit === "percent") return [{ path, message: `${name} is a percentage already; name what it is made of` }];
  return [];
}

export function definitionErrors(definition: MetricDefinition, site: Site): FieldError[] {
  if (definition.kind === "ratio") {
    return [...partErrors(definition.part, "part", site), ...partErrors(definition.whole, "whole", site)];
  }
  if (definition.kind === "total") {
    const { parts, less } = definition;
    return [
      ...parts.flatMap((name, index) => partErrors(name, `parts.${index}`, site)),
      ...less.flatMap((name, index) => partErrors(name, `less.${index}`, site)),
    ];
  }
  return definition.filters.flatMap((filter, index) => filterErrors(filter, `definition.filters.${index}`, site.goals));
}

/** Parts by the version they have now, so that a version means the same for ever. */
export function pinned(definition: MetricDefinition, known: readonly CustomMetric[]): MetricDefinition {
  const pin = (name: string) => {
    const metric = customMetricNamed(known, name);
    return metric ? idOf(metric) : name;
  };
  if (definition.kind === "total") {
    return { ...definition, parts: definition.parts.map(pin), less: definition.less.map(pin) };
  }
  if (definition.kind !== "ratio") return definition;
  return { ...definition, part: pin(definition.part), whole: pin(definition.whole) };
}
