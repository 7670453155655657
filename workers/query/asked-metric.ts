// A metric as a question names it, of the catalogue or made by a user: what it needs counted, and its formula over that.

import { type CustomMetric, customMetricNamed, type MetricDefinition } from "../catalog/custom-metric.ts";
import type { Figure, FigureValue } from "../catalog/figure.ts";
import type { Measure, Measures } from "../catalog/measure.ts";
import { type Base, type Metric, percent, ratio, type Unit } from "../catalog/metric.ts";
import { isMetric, metrics } from "../catalog/metrics/index.ts";

/** What was counted of one group. */
export interface Counted {
  measures: Measures;
  base(base: Base): Measures;
  figure(figure: Figure): FigureValue;
}

export interface AskedMetric {
  /** As the question has it. */
  name: string;
  /** With the version, where there are several. */
  id: string;
  unit: Unit;
  from: readonly Measure[];
  bases: readonly Base[];
  figures: readonly Figure[];
  /** Of each list the question must name one dimension. */
  needs: readonly (readonly string[])[];
  compute(counted: Counted): number | null;
}

function ofCatalogue(name: string, metric: Metric): AskedMetric {
  const { unit, from, base, needs } = metric;
  return {
    name,
    id: name,
    unit,
    from,
    bases: base ? [base] : [],
    figures: [],
    needs: needs ? [needs] : [],
    compute: (counted) => metric.compute(counted.measures, base ? counted.base(base) : counted.measures),
  };
}

type Counting = Exclude<MetricDefinition, { kind: "ratio" }>;

function figureOf(definition: Counting): Figure {
  const { filters } = definition;
  switch (definition.kind) {
    case "count":
      return { of: "events", filters };
    case "unique":
      return typeof definition.of === "string"
        ? { of: definition.of, filters }
        : { of: "values", property: definition.of.property, filters };
    default: {
      const percents = definition.kind === "percentile" ? [definition.percentile] : [];
      return { of: "numbers", property: definition.property, percents, filters };
    }
  }
}

function resultOf(definition: Counting, value: FigureValue): number | null {
  switch (definition.kind) {
    case "sum":
      return value.sum;
    case "average":
      return ratio(value.sum, value.count);
    case "percentile":
      return value.percentiles[definition.percentile] ?? null;
    default:
      return value.count;
  }
}

function together<Of>(parts: readonly AskedMetric[], of: (part: AskedMetric) => readonly Of[]): Of[] {
  return [...new Set(parts.flatMap(of))];
}

function ratioOf(
  metric: CustomMetric,
  parts: [AskedMetric, AskedMetric],
  isPercent: boolean,
): Omit<AskedMetric, "name"> {
  const [part, whole] = parts;
  const divide = isPercent ? percent : ratio;
  return {
    id: idOf(metric),
    unit: isPercent ? "percent" : metric.unit,
    from: together(parts, ({ from }) => from),
    bases: together(parts, ({ bases }) => bases),
    figures: together(parts, ({ figures }) => figures),
    needs: together(parts, ({ needs }) => needs),
    compute(counted) {
      const [above, below] = [part.compute(counted), whole.compute(counted)];
      return above === null || below === null ? null : divide(above, below);
    },
  };
}

export function idOf({ name, version }: Pick<CustomMetric, "name" | "version">): string {
  return `${name}@${version}`;
}

/** Null for what is neither in the catalogue nor among the site's own. */
export function askedMetric(name: string, known: readonly CustomMetric[]): AskedMetric | null {
  if (isMetric(name)) return ofCatalogue(name, metrics[name]);
  const metric = customMetricNamed(known, name);
  if (!metric) return null;
  const { definition, unit } = metric;
  if (definition.kind === "ratio") {
    // Parts are versions that were there before, so that this ends.
    const [part, whole] = [askedMetric(definition.part, known), askedMetric(definition.whole, known)];
    return part && whole && { name, ...ratioOf(metric, [part, whole], definition.percent) };
  }
  const figure = figureOf(definition);
  const compute = (counted: Counted) => resultOf(definition, counted.figure(figure));
  return { name, id: idOf(metric), unit, from: [], bases: [], figures: [figure], needs: [], compute };
}
