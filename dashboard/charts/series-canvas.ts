// Lines, areas and bars on Chart.js, loaded only when one is shown. Registers only the parts it draws with.
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartDataset,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";
import type { Series, SeriesModel, SeriesPoint } from "../state/series.ts";
import { colourOf, faded } from "./canvas-colours.ts";
import { placeAxis, STILL, seriesColour, tooltipStyle, valueAxis } from "./canvas-style.ts";
import { hovered } from "./hover.ts";

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

export type SeriesKind = "line" | "area" | "bar" | "stacked";

export interface ExpectedPlace {
  low: number | null;
  high: number | null;
  anomalous: boolean;
}

export interface SeriesDrawing {
  kind: SeriesKind;
  model: SeriesModel;
  axisPlace: (place: string) => string;
  /** Whether the places are moments, in order. */
  time: boolean;
  /** Title of the tooltip over a place. */
  placeTitle: (index: number) => string;
  /** A line of the tooltip for a series over a place. */
  pointLines: (series: Series, index: number) => string[];
  axisValue: (value: number, series: Series | undefined) => string;
  /** Places that are marked, each with what to say of it. */
  marks: readonly { index: number; text: string }[];
  /** By place, between which bounds it was expected, and whether it is an anomaly; none where it is not told. */
  expected?: readonly (ExpectedPlace | null)[] | undefined;
  onPick?: ((index: number) => void) | undefined;
}

type Type = "line" | "bar";
type Drawn = Chart<Type, (number | null)[], string>;
type Dataset = ChartDataset<Type, (number | null)[]>;

const shownPoint = (points: readonly SeriesPoint[]) => (points.length === 1 ? 4 : 0);

/** The tint under a line, by itself: filled piece by piece, a dashed stretch would show its seams. */
function tint(data: (number | null)[], colour: string): Dataset {
  return {
    type: "line",
    data,
    borderWidth: 0,
    pointRadius: 0,
    pointHoverRadius: 0,
    cubicInterpolationMode: "monotone",
    fill: "origin",
    backgroundColor: ({ chart }) => {
      const gradient = chart.ctx.createLinearGradient(0, 0, 0, chart.height);
      gradient.addColorStop(0, faded(colour, 0.18));
      gradient.addColorStop(1, faded(colour, 0));
      return gradient;
    },
  };
}

function line({ points }: Series, colour: string): Dataset {
  const partial = new Set(points.flatMap((point, i) => (point.partial ? [i] : [])));
  return {
    type: "line",
    data: points.map(({ value }) => value),
    borderColor: colour,
    borderWidth: 2,
    pointRadius: shownPoint(points),
    pointHitRadius: 12,
    pointBackgroundColor: colour,
    pointHoverRadius: 4,
    cubicInterpolationMode: "monotone",
    segment: { borderDash: ({ p1DataIndex }) => (partial.has(p1DataIndex) ? [3, 4] : undefined) },
  };
}

function lineBefore({ points }: Series, colour: string): Dataset {
  return {
    type: "line",
    data: points.map(({ before }) => before),
    borderColor: colour,
    borderWidth: 1.5,
    borderDash: [5, 4],
    pointRadius: shownPoint(points),
    pointHitRadius: 12,
    pointBackgroundColor: colour,
    pointHoverRadius: 3,
    cubicInterpolationMode: "monotone",
  };
}

const bar = (data: (number | null)[], colour: string): Dataset => ({
  type: "bar",
  data,
  backgroundColor: colour,
  hoverBackgroundColor: colour,
  borderRadius: 3,
  maxBarThickness: 48,
  categoryPercentage: 0.8,
  barPercentage: 0.9,
});

/** Beneath everything else: what was expected, as a band between two lines that are not drawn. */
function band(expected: NonNullable<SeriesDrawing["expected"]>, colour: string): Dataset[] {
  const edge = (data: (number | null)[], fill: string | boolean): Dataset => ({
    type: "line",
    data,
    borderWidth: 0,
    pointRadius: 0,
    pointHoverRadius: 0,
    cubicInterpolationMode: "monotone",
    fill,
    backgroundColor: faded(colour, 0.22),
  });
  return [
    edge(
      expected.map((place) => place?.high ?? null),
      "+1",
    ),
    edge(
      expected.map((place) => place?.low ?? null),
      false,
    ),
  ];
}

/** Of one line the period before is grey; of several, each is a paler form of its own. */
function datasetsOf({ kind, model, expected }: SeriesDrawing, axisOf: (series: Series) => string): Dataset[] {
  const single = model.series.length === 1;
  const all = model.series.flatMap((series, place): Dataset[] => {
    const colour = seriesColour(place);
    const pale = single ? colourOf("--series-before") : faded(colour, 0.45);
    const values = series.points.map(({ value }) => value);
    const before = series.points.map((point) => point.before);
    const own = { yAxisID: axisOf(series) };
    const compared = series.compared && kind !== "stacked";
    if (kind === "line" || kind === "area") {
      return [
        { ...line(series, colour), ...own },
        ...(compared ? [{ ...lineBefore(series, pale), ...own }] : []),
        ...(single || kind === "area" ? [{ ...tint(values, colour), ...own }] : []),
      ];
    }
    return [...(compared ? [{ ...bar(before, pale), ...own }] : []), { ...bar(values, colour), ...own }];
  });
  const bounds = expected ? band(expected, colourOf("--text-faint")) : [];
  return [...(kind === "stacked" ? all.map((dataset) => ({ ...dataset, stack: "all" })) : all), ...bounds];
}

/** A line over the place that is pointed at, here or in another chart along the same time. */
function crosshair(places: readonly string[], colour: string) {
  return ({ ctx, chartArea, scales }: Drawn): void => {
    const index = places.indexOf(hovered.peek() ?? "");
    if (index < 0) return;
    const x = Math.round(scales.x?.getPixelForValue(index) ?? 0) + 0.5;
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.beginPath();
    ctx.moveTo(x, chartArea.top);
    ctx.lineTo(x, chartArea.bottom);
    ctx.stroke();
    ctx.restore();
  };
}

/** A dotted line and a dot over each marked place. */
function flags(marks: SeriesDrawing["marks"], colour: string) {
  return ({ ctx, chartArea, scales }: Drawn): void => {
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.setLineDash([2, 3]);
    for (const { index } of marks) {
      const x = Math.round(scales.x?.getPixelForValue(index) ?? 0) + 0.5;
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      ctx.beginPath();
      ctx.arc(x, chartArea.top + 3, 3.5, 0, 2 * Math.PI);
      ctx.fill();
    }
    ctx.restore();
  };
}

/** A ring around each anomaly. */
function rings({ expected = [], model }: SeriesDrawing, colour: string) {
  return ({ ctx, scales }: Drawn): void => {
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.lineWidth = 2;
    for (const [index, place] of expected.entries()) {
      const value = model.series[0]?.points[index]?.value;
      if (!place?.anomalous || value === null || value === undefined) continue;
      ctx.beginPath();
      ctx.arc(scales.x?.getPixelForValue(index) ?? 0, scales.y?.getPixelForValue(value) ?? 0, 6, 0, 2 * Math.PI);
      ctx.stroke();
    }
    ctx.restore();
  };
}

/** Metrics of two units have an axis each; of more, the third and later share the second's. */
function axesOf({ model, axisValue, kind }: SeriesDrawing) {
  const units = [...new Set(model.series.map(({ metric }) => metric.unit))];
  const axisOf = ({ metric }: Series) => (units.indexOf(metric.unit) > 0 ? "second" : "y");
  const axis = (id: string) => {
    const own = model.series.find((series) => axisOf(series) === id);
    return {
      ...valueAxis({ label: (value) => axisValue(value, own), wholeNumbers: own?.metric.unit === "count" }),
      stacked: kind === "stacked",
    };
  };
  const second = { ...axis("second"), position: "right" as const, grid: { display: false } };
  return { axisOf, axes: { y: axis("y"), ...(units.length > 1 ? { second } : {}) } };
}

/** Draws into the canvas; the caller destroys the chart when it draws another. */
export function drawSeries(canvas: HTMLCanvasElement, drawing: SeriesDrawing): { destroy(): void } {
  const { model, placeTitle, pointLines, axisPlace, time, onPick, kind, marks } = drawing;
  const { axisOf, axes } = axesOf(drawing);
  const lineColour = colourOf("--line");
  const isLine = kind === "line" || kind === "area";
  const chart = new Chart<Type, (number | null)[], string>(canvas, {
    type: isLine ? "line" : "bar",
    data: { labels: model.places, datasets: datasetsOf(drawing, axisOf) },
    options: {
      ...STILL,
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { ...placeAxis(axisPlace, { places: model.places.length, time }), stacked: kind === "stacked" },
        ...axes,
      },
      plugins: {
        tooltip: {
          ...tooltipStyle(),
          displayColors: false,
          // One entry a place speaks for all that is drawn over it.
          filter: (_item, at) => at === 0,
          callbacks: {
            title: ([item]) => (item ? placeTitle(item.dataIndex) : ""),
            label: ({ dataIndex }) => [
              ...model.series.flatMap((series) => pointLines(series, dataIndex)),
              ...marks.filter(({ index }) => index === dataIndex).map(({ text }) => `⚑ ${text}`),
            ],
          },
        },
      },
      onHover: (_event, [element]) => {
        hovered.value = element ? (model.places[element.index] ?? null) : null;
      },
      onClick: (_event, elements) => {
        if (elements[0]) onPick?.(elements[0].index);
      },
    },
    plugins: [
      ...(isLine ? [{ id: "crosshair", beforeDatasetsDraw: crosshair(model.places, lineColour) }] : []),
      ...(drawing.expected ? [{ id: "rings", afterDatasetsDraw: rings(drawing, colourOf("--bad")) }] : []),
      ...(marks.length > 0 ? [{ id: "flags", afterDatasetsDraw: flags(marks, colourOf("--mark")) }] : []),
    ],
  });
  const leave = () => {
    hovered.value = null;
  };
  canvas.addEventListener("pointerleave", leave);
  const unsubscribe = isLine ? hovered.subscribe(() => chart.draw()) : () => {};
  return {
    destroy() {
      unsubscribe();
      canvas.removeEventListener("pointerleave", leave);
      chart.destroy();
    },
  };
}
