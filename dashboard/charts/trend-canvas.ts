// The trend line on Chart.js, loaded only when a chart is shown. Registers only the parts it draws with.
import {
  CategoryScale,
  Chart,
  type ChartConfiguration,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";
import type { TrendPoint } from "../state/trend.ts";
import { colourOf, faded } from "./canvas-colours.ts";

Chart.register(CategoryScale, Filler, LinearScale, LineController, LineElement, PointElement, Tooltip);

export interface TrendDrawing {
  points: TrendPoint[];
  axisLabel: (label: string) => string;
  /** Title and lines of the tooltip for a point. */
  describe: (point: TrendPoint) => { title: string; lines: string[] };
  axisValue: (value: number) => string;
  wholeNumbers: boolean;
  onPick: (point: TrendPoint) => void;
}

export type TrendChart = Chart<"line", (number | null)[], string>;
type Config = ChartConfiguration<"line", (number | null)[], string>;

type Dataset = Config["data"]["datasets"][number];

/** The tint under the line, by itself: filled piece by piece, a dashed stretch would show its seams. */
function tint(data: (number | null)[], line: string): Dataset {
  return {
    data,
    borderWidth: 0,
    pointRadius: 0,
    pointHoverRadius: 0,
    cubicInterpolationMode: "monotone",
    fill: "origin",
    backgroundColor: ({ chart }) => {
      const gradient = chart.ctx.createLinearGradient(0, 0, 0, chart.height);
      gradient.addColorStop(0, faded(line, 0.18));
      gradient.addColorStop(1, faded(line, 0));
      return gradient;
    },
  };
}

function series({ points }: TrendDrawing): Config["data"] {
  const line = colourOf("--series-1");
  const before = colourOf("--series-before");
  const partial = new Set(points.flatMap((point, i) => (point.partial ? [i] : [])));
  const values = points.map(({ value }) => value);
  const shared = {
    pointRadius: points.length === 1 ? 4 : 0,
    pointHitRadius: 12,
    cubicInterpolationMode: "monotone" as const,
  };
  const now: Dataset = {
    ...shared,
    data: values,
    borderColor: line,
    borderWidth: 2,
    pointBackgroundColor: line,
    pointHoverRadius: 4,
    segment: { borderDash: ({ p1DataIndex }) => (partial.has(p1DataIndex) ? [3, 4] : undefined) },
  };
  const compared: Dataset = {
    ...shared,
    data: points.map((point) => point.before?.value ?? null),
    borderColor: before,
    borderWidth: 1.5,
    borderDash: [5, 4],
    pointBackgroundColor: before,
    pointHoverRadius: 3,
  };
  return { labels: points.map(({ label }) => label), datasets: [now, compared, tint(values, line)] };
}

function scales({ axisLabel, axisValue, wholeNumbers }: TrendDrawing): NonNullable<Config["options"]>["scales"] {
  const font = { family: getComputedStyle(document.body).fontFamily, size: 11 };
  const color = colourOf("--text-faint");
  return {
    x: {
      grid: { display: false },
      border: { display: false },
      ticks: {
        font,
        color,
        maxRotation: 0,
        autoSkipPadding: 24,
        callback(index) {
          return axisLabel(this.getLabelForValue(Number(index)));
        },
      },
    },
    y: {
      beginAtZero: true,
      grid: { color: colourOf("--line-faint") },
      border: { display: false },
      ticks: {
        font,
        color,
        maxTicksLimit: 5,
        ...(wholeNumbers ? { precision: 0 } : {}),
        callback: (value) => axisValue(Number(value)),
      },
    },
  };
}

function tooltip({
  points,
  describe,
}: TrendDrawing): NonNullable<NonNullable<Config["options"]>["plugins"]>["tooltip"] {
  const family = getComputedStyle(document.body).fontFamily;
  const of = (index: number | undefined) => (index === undefined ? undefined : points[index]);
  return {
    backgroundColor: colourOf("--tooltip"),
    titleColor: colourOf("--tooltip-text"),
    bodyColor: colourOf("--tooltip-text"),
    titleFont: { family, size: 12, weight: 600 },
    bodyFont: { family, size: 12 },
    padding: 10,
    cornerRadius: 8,
    caretSize: 0,
    caretPadding: 12,
    displayColors: false,
    // One entry a bucket speaks for all lines through it.
    filter: (_item, at) => at === 0,
    callbacks: {
      title: (items) => {
        const point = of(items[0]?.dataIndex);
        return point ? describe(point).title : "";
      },
      label: ({ dataIndex }) => {
        const point = of(dataIndex);
        return point ? describe(point).lines : "";
      },
    },
  };
}

function crosshair(colour: string) {
  return (chart: TrendChart): void => {
    const active = chart.getActiveElements()[0];
    if (!active) return;
    const { ctx, chartArea } = chart;
    const x = Math.round(active.element.x) + 0.5;
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.beginPath();
    ctx.moveTo(x, chartArea.top);
    ctx.lineTo(x, chartArea.bottom);
    ctx.stroke();
    ctx.restore();
  };
}

/** Draws the trend into the canvas; the caller destroys the chart when it draws another. */
export function drawTrend(canvas: HTMLCanvasElement, drawing: TrendDrawing): TrendChart {
  return new Chart<"line", (number | null)[], string>(canvas, {
    type: "line",
    data: series(drawing),
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      interaction: { mode: "index", intersect: false },
      scales: scales(drawing) ?? {},
      plugins: { tooltip: tooltip(drawing) ?? {} },
      onClick: (_event, elements) => {
        const point = elements[0] && drawing.points[elements[0].index];
        if (point) drawing.onPick(point);
      },
    },
    plugins: [{ id: "crosshair", beforeDatasetsDraw: crosshair(colourOf("--line")) }],
  });
}
