// A metric as a question names it, of the catalogue or made by a user: what it needs counted, and its formula over that.

import { type CustomMetric, customMetricNamed, type MetricDefinition } from "../catalog/custom-metric.ts";
import type { Figure, FigureValue } from "../catalog/figure.ts";
import type { Measure, Measures } from "../catalog/measure.ts";
import { type Base, type Metric, percent, ratio, type Unit } from "../catalog/metric.ts";
import { isMetric, metrics } from "../catalog/metrics/index.ts";
import { packMetric } from "../catalog/packs/index.ts";

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

type Counting = Exclude<MetricDefinition, { kind: "ratio" | "total" }>;

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

type Needed = Pick<AskedMetric, "from" | "bases" | "figures" | "needs">;

/** All that several metrics need counted. */
function neededBy(parts: readonly AskedMetric[]): Needed {
  return {
    from: together(parts, ({ from }) => from),
    bases: together(parts, ({ bases }) => bases),
    figures: together(parts, ({ figures }) => figures),
    needs: together(parts, ({ needs }) => needs),
  };
}

interface Ratio {
  part: AskedMetric;
  whole: AskedMetric;
  isPercent: boolean;
}

function ratioIn(counted: Counted, { part, whole, isPercent }: Ratio): number | null {
  const [above, below] = [part.compute(counted), whole.compute(counted)];
  const divide = isPercent ? percent : ratio;
  return above === null || below === null ? null : divide(above, below);
}

function sumIn(counted: Counted, parts: readonly AskedMetric[]): number | null {
  const values = parts.map((part) => part.compute(counted));
  return values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0);
}

function totalIn(counted: Counted, parts: readonly AskedMetric[], less: readonly AskedMetric[]): number | null {
  const [sum, rest] = [sumIn(counted, parts), sumIn(counted, less)];
  return sum === null || rest === null ? null : sum - rest;
}

export function idOf({ name, version }: Pick<CustomMetric, "name" | "version">): string {
  return `${name}@${version}`;
}

/** Metrics that a metric is made of; null when one of them is not there. */
function partsNamed(names: readonly string[], known: readonly CustomMetric[]): AskedMetric[] | null {
  const parts = names.map((name) => askedMetric(name, known));
  return parts.every((part) => part !== null) ? parts : null;
}

type Defined = Omit<AskedMetric, "name" | "id">;

/** Parts are versions that were there before, so that this ends. */
function defined(definition: MetricDefinition, unit: Unit, known: readonly CustomMetric[]): Defined | null {
  if (definition.kind === "ratio") {
    const parts = partsNamed([definition.part, definition.whole], known);
    if (!parts) return null;
    const of = { part: parts[0]!, whole: parts[1]!, isPercent: definition.percent };
    const compute = (counted: Counted) => ratioIn(counted, of);
    return { unit: of.isPercent ? "percent" : unit, ...neededBy(parts), compute };
  }
  if (definition.kind === "total") {
    const [parts, less] = [partsNamed(definition.parts, known), partsNamed(definition.less, known)];
    if (!parts || !less) return null;
    return { unit, ...neededBy([...parts, ...less]), compute: (counted) => totalIn(counted, parts, less) };
  }
  const figure = figureOf(definition);
  const compute = (counted: Counted) => resultOf(definition, counted.figure(figure));
  return { unit, from: [], bases: [], figures: [figure], needs: [], compute };
}

/** Null for what is neither in the catalogue nor among the site's own. */
export function askedMetric(name: string, known: readonly CustomMetric[]): AskedMetric | null {
  if (isMetric(name)) return ofCatalogue(name, metrics[name]);
  const packed = packMetric(name);
  const own = packed ? undefined : customMetricNamed(known, name);
  const metric = packed ?? own;
  if (!metric) return null;
  const made = defined(metric.definition, metric.unit, known);
  return made && { name, id: own ? idOf(own) : name, ...made };
}
