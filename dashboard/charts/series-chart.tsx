// Figures as lines, areas or bars, with a legend where there are several.

import type { FigureMetric } from "../state/content.ts";
import { addDays, localStamp } from "../state/days.ts";
import { valueText } from "../state/dimensions.ts";
import type { ExpectedPoint } from "../state/expected.ts";
import { describeChange, formatBucket, formatMetric, shorten } from "../state/format.ts";
import type { Grain } from "../state/periods.ts";
import { type Series, type SeriesModel, seriesOf } from "../state/series.ts";
import { exactMetric, rounded } from "../state/table-model.ts";
import { CanvasChart } from "./canvas-chart.tsx";
import type { ChartProps } from "./definition.ts";
import type { SeriesDrawing, SeriesKind } from "./series-canvas.ts";

type Props = ChartProps<"timeseries" | "table">;

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const SIGN = { up: "+", down: "−", none: "" } as const;
const AXIS_LETTERS = 18;
const MARK_LETTERS = 60;
/** Of a time label, as many as say its bucket. */
const LETTERS = { hour: 13, day: 10, month: 7 } as const;

/** A line of the tooltip: what the series is at the place, and what it was. */
function pointLines(model: SeriesModel, grainText: (label: string) => string) {
  const single = model.series.length === 1;
  return ({ name, metric, points }: Series, index: number): string[] => {
    const point = points[index];
    if (!point) return [];
    const change = describeChange(point.change, metric);
    const lines = [
      `${name}: ${exactMetric(point.value, metric)}${change ? `  (${SIGN[change.direction]}${change.text})` : ""}`,
    ];
    const before = model.placesBefore[index];
    if (single && before) lines.push(`${grainText(before)}: ${exactMetric(point.before, metric)}`);
    return lines;
  };
}

/** What the tooltip says of what was expected at the place. */
function expectedLines(point: ExpectedPoint | undefined, metric: FigureMetric | undefined): string[] {
  if (!point || !metric || point.low === null || point.high === null) return [];
  const [low, high] = [point.low, point.high].map((bound) => exactMetric(rounded(bound, metric), metric));
  return [`Expected: ${low} to ${high}`, ...(point.why === null ? [] : [`⚠ ${sentence(point.why)}`])];
}

/** Whether the time lies before the end of the bucket. */
function endsAfter(place: string, grain: Grain, stamp: string): boolean {
  if (grain === "week") return stamp.slice(0, 10) <= addDays(place.slice(0, 10), 6);
  return stamp.slice(0, LETTERS[grain]) <= place.slice(0, LETTERS[grain]);
}

/** Each mark in the bucket that holds its day or its time; those of other periods are left out. */
function placed(marks: NonNullable<Props["marks"]>, places: readonly string[], grain: Grain): SeriesDrawing["marks"] {
  return marks.flatMap(({ day, stamp, text }) => {
    if (stamp !== undefined) {
      const index = places.findLastIndex((place) => place <= stamp);
      const isWithin = index >= 0 && endsAfter(places[index]!, grain, stamp);
      return isWithin ? [{ index, text: shorten(text, MARK_LETTERS) }] : [];
    }
    const exact = places.findIndex((place) => place.slice(0, 10) === day);
    const index = exact >= 0 ? exact : places.findLastIndex((place) => place.slice(0, 10) < day);
    return index >= 0 ? [{ index, text: shorten(text, MARK_LETTERS) }] : [];
  });
}

function Legend({ names }: { names: string[] }) {
  return (
    <ul class="legend">
      {names.map((name, i) => (
        <li key={name}>
          <span class="legend-mark" style={{ background: `var(--series-${(i % 8) + 1})` }} />
          {name}
        </li>
      ))}
    </ul>
  );
}

function drawingOf(kind: SeriesKind, props: Props): SeriesDrawing {
  const { content, onBucket, onValue, timeZone, marks = [], expected } = props;
  const { grain, dimensions } = content.figures;
  const model = seriesOf(content.figures, localStamp(Date.now(), timeZone));
  const [dimension = ""] = dimensions;
  const [, group] = dimensions;
  const series = group ? model.series.map((one) => ({ ...one, name: valueText(group, one.name) })) : model.series;
  const byTime = new Map(expected?.map((point) => [point.time, point]));
  const expectedAt = (index: number) => byTime.get(model.places[index] ?? "");
  const linesOf = pointLines(model, (place) => textOf(place));
  const textOf = (place: string) => (grain ? formatBucket(place, grain, "full") : valueText(dimension, place));
  return {
    kind,
    model: { ...model, series },
    time: grain !== null,
    axisPlace: (place) =>
      grain ? formatBucket(place, grain, "axis") : shorten(valueText(dimension, place), AXIS_LETTERS),
    placeTitle: (index) => {
      const running = series.some(({ points }) => points[index]?.partial);
      return `${textOf(model.places[index] ?? "")}${running ? ", so far" : ""}`;
    },
    pointLines: (one, index) => [...linesOf(one, index), ...expectedLines(expectedAt(index), one.metric)],
    axisValue: (value, one) => formatMetric(value, one?.metric ?? { unit: "count" }),
    marks: grain ? placed(marks, model.places, grain) : [],
    ...(expected && { expected: model.places.map((_, index) => expectedAt(index) ?? null) }),
    onPick: (index) => {
      const place = model.places[index];
      if (place === undefined) return;
      if (grain) onBucket?.(place, grain);
      else onValue?.(dimension, place);
    },
  };
}

function seriesChart(kind: SeriesKind) {
  return function SeriesChart(props: Props) {
    const drawing = drawingOf(kind, props);
    const { model, axisPlace } = drawing;
    const names = model.series.map(({ name }) => name);
    const [first, last] = [model.places[0] ?? "", model.places.at(-1) ?? ""];
    const texts = drawing.marks.map(({ text }) => text);
    const marked = texts.length > 0 ? `. Marked: ${texts.join("; ")}` : "";
    return (
      <div class="series-chart">
        {names.length > 1 && <Legend names={names} />}
        <CanvasChart
          summary={`${props.title}: ${names.join(", ")}, ${axisPlace(first)} to ${axisPlace(last)}${marked}`}
          drawingKey={JSON.stringify([kind, model, drawing.marks, drawing.expected])}
          load={async () => {
            const { drawSeries } = await import("./series-canvas.ts");
            return (canvas) => drawSeries(canvas, drawing);
          }}
        />
        {model.more > 0 && <p class="chart-note">{model.more} more are not drawn; the table has all.</p>}
      </div>
    );
  };
}

export const LineChart = seriesChart("line");
export const AreaChart = seriesChart("area");
export const BarChart = seriesChart("bar");
export const StackedChart = seriesChart("stacked");
