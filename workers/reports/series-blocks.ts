// Metrics over time as pictures, each with the same figures as rows. Metrics of one unit share a picture.

import type { CustomMetric } from "../catalog/custom-metric.ts";
import { dimensionOf } from "../catalog/dimensions/index.ts";
import type { Unit } from "../catalog/metric.ts";
import { amountOf, type MetricValue } from "../domain/money.ts";
import { type Bucket, bucketsOf, type Grain } from "../domain/period.ts";
import type { PictureSeries } from "../domain/picture.ts";
import type { QueryResult } from "../domain/query.ts";
import type { ReportBlock, ReportColumn, Shown } from "../domain/report-document.ts";
import { NOTHING_CAME } from "./answer-blocks.ts";
import { notShown } from "./figure-text.ts";
import { dimensionLabel, metricTold, shownDimension, shownValue } from "./metric-told.ts";
import type { Answer } from "./section.ts";

const HOUR_MS = 3_600_000;
const STEPS: Readonly<Record<Grain, number>> = {
  minute: 60_000,
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
};
/** As many as the drawing has colours. */
const MOST_SERIES = 4;

export const isTimeDimension = (name: string): boolean => name === "time" || dimensionOf(name)?.scope === "time";

/** By the buckets that the answer names, since `time` is by a grain that suits the period. */
function grainIn(labels: readonly string[]): Grain {
  const [first, second] = labels;
  if (first !== undefined && first.length > "2026-11-21".length) {
    return labels.every((label) => label.slice(14, 19) === "00:00") ? "hour" : "minute";
  }
  if (first === undefined || second === undefined) return "day";
  const days = (Date.parse(second) - Date.parse(first)) / STEPS.day;
  return days <= 1 ? "day" : days <= 7 ? "week" : "month";
}

interface Axis {
  dimension: string;
  grain: Grain;
  buckets: readonly Bucket[];
  timeZone: string;
}

function axisOf(answer: QueryResult, timeZone: string): Axis | null {
  const labels = answer.meta.time_labels ?? [];
  const dimension = answer.query.dimensions.find(isTimeDimension);
  const range = answer.query.date_range;
  if (dimension === undefined || labels.length === 0 || typeof range === "string") return null;
  const named = /^time:(minute|hour|day|week|month)$/.exec(dimension)?.[1] as Grain | undefined; // of those five
  const grain = named ?? grainIn(labels);
  const starts = new Map(
    bucketsOf(Date.parse(range[0]), Date.parse(range[1]) + 1, grain, timeZone).map((one) => [one.label, one.start]),
  );
  const buckets = labels.map((label) => ({ label, start: starts.get(label) ?? Date.parse(range[0]) }));
  return { dimension, grain, buckets, timeZone };
}

const FORMS: Readonly<Record<Grain, Intl.DateTimeFormatOptions>> = {
  minute: { hour: "2-digit", minute: "2-digit" },
  hour: { weekday: "short", hour: "2-digit", minute: "2-digit" },
  day: { day: "numeric", month: "short" },
  week: { day: "numeric", month: "short" },
  month: { month: "short", year: "numeric" },
};

/** Buckets as people read them. The first week or month may begin before the period. */
function bucketTexts({ grain, buckets, timeZone }: Axis): string[] {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: grain === "hour" || grain === "minute" ? timeZone : "UTC",
    ...FORMS[grain],
  });
  const isTimed = grain === "hour" || grain === "minute";
  return buckets.map(({ label, start }) => format.format(isTimed ? start : Date.parse(label)));
}

interface Line {
  label: string;
  unit: Unit;
  /** One a bucket. */
  values: MetricValue[];
}

function pictureOf(title: string, lines: readonly Line[], { axis, bars }: { axis: Axis; bars: boolean }): ReportBlock {
  const labels = bucketTexts(axis);
  const series = lines.map(
    ({ label, values }, place): PictureSeries => ({
      label,
      values: values.map(amountOf),
      as: bars && place === 0 ? "bars" : "line",
    }),
  );
  const columns: ReportColumn[] = [
    { label: dimensionLabel(axis.dimension === "time" ? `time:${axis.grain}` : axis.dimension), type: "text" },
    ...lines.map(({ label }): ReportColumn => ({ label, type: "number" })),
  ];
  const rows = axis.buckets.map(({ label }, place): Shown[] => [
    { value: label, text: labels[place] ?? label },
    ...lines.map(({ unit, values }) => shownValue(values[place], unit)),
  ]);
  const named = lines.length > 1 ? lines.map(({ label }) => label).join(", ") : (lines[0]?.label ?? "");
  const picture = {
    title: title || named,
    series,
    start: axis.buckets[0]?.start ?? 0,
    step: STEPS[axis.grain],
    timeZone: axis.timeZone,
    labels,
  };
  return { kind: "picture", picture, columns, rows };
}

interface Telling {
  title: string;
  known: readonly CustomMetric[];
  timeZone: string;
  /** The first series as bars. */
  bars: boolean;
  /** The same of the period before, where it was asked. */
  before: Answer | undefined;
}

const emptyOf = (unit: Unit): MetricValue => (unit === "count" ? 0 : null);

function linesOf(answer: QueryResult, labels: readonly string[], known: readonly CustomMetric[]): Line[] {
  const rows = new Map(answer.results.map((row) => [row.dimensions[0] ?? "", row]));
  return answer.query.metrics.map((name, place): Line => {
    const { label, unit } = metricTold(name, known);
    return { label, unit, values: labels.map((one) => rows.get(one)?.metrics[place] ?? emptyOf(unit)) };
  });
}

/** Of metrics by time alone; of one metric with what it was before. */
function byTime(answer: QueryResult, axis: Axis, telling: Telling): ReportBlock[] {
  const [first, ...others] = linesOf(
    answer,
    axis.buckets.map(({ label }) => label),
    telling.known,
  );
  if (!first) return [];
  const { before, known } = telling;
  if (before && "query" in before && !("shape" in before)) {
    // By position, as comparisons are.
    const labels = before.meta.time_labels ?? [];
    const lines = linesOf(before, labels, known).map((line) => ({ ...line, label: `${line.label} before` }));
    return [pictureOf(telling.title || first.label, [first, ...lines], { axis, bars: telling.bars })];
  }
  const lines = [first, ...others];
  const groups = [...Map.groupBy(lines, ({ unit }) => unit).values()];
  return groups.map((group) => {
    const title = groups.length === 1 ? telling.title : "";
    return pictureOf(title, group, { axis, bars: telling.bars });
  });
}

/** Of the first metric by time and one other dimension: its largest values. */
function byValue(answer: QueryResult, axis: Axis, telling: Telling): ReportBlock[] {
  const { dimensions, metrics } = answer.query;
  const at = dimensions.findIndex(isTimeDimension);
  const other = dimensions[1 - at] ?? "";
  const { unit, label } = metricTold(metrics[0] ?? "", telling.known);
  const byOther = Map.groupBy(answer.results, (row) => row.dimensions[1 - at] ?? "");
  const totals = [...byOther].map(([value, rows]) => ({
    value,
    rows: new Map(rows.map((row) => [row.dimensions[at] ?? "", row.metrics[0] ?? null])),
    total: rows.reduce((all, row) => all + (amountOf(row.metrics[0]) ?? 0), 0),
  }));
  const largest = totals.toSorted((a, b) => b.total - a.total || (a.value < b.value ? -1 : 1)).slice(0, MOST_SERIES);
  const lines = largest.map(({ value, rows }): Line => {
    const values = axis.buckets.map((bucket) => rows.get(bucket.label) ?? emptyOf(unit));
    return { label: shownDimension(other, value).text, unit, values };
  });
  const more = totals.length - largest.length;
  const title = telling.title || `${label} by ${dimensionLabel(other).toLowerCase()}`;
  const rest: ReportBlock[] =
    more > 0 ? [{ kind: "paragraph", text: `The ${MOST_SERIES} largest; ${notShown(more)}` }] : [];
  return [pictureOf(title, lines, { axis, bars: false }), ...rest];
}

/** Null where the answer is not by time, or by more than one dimension beside it. */
export function seriesBlocks(answer: QueryResult, telling: Telling): ReportBlock[] | null {
  const { dimensions } = answer.query;
  const axis = axisOf(answer, telling.timeZone);
  if (!axis || dimensions.length > 2) return null;
  if (answer.results.length === 0) return [NOTHING_CAME];
  return dimensions.length === 1 ? byTime(answer, axis, telling) : byValue(answer, axis, telling);
}
