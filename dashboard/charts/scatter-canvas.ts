// Points on Chart.js, loaded only when some are shown.
import { Chart, LinearScale, PointElement, ScatterController, Tooltip } from "chart.js";
import type { Drawn } from "./canvas-chart.tsx";
import { colourOf, faded } from "./canvas-colours.ts";
import { STILL, seriesColour, tooltipStyle, valueAxis } from "./canvas-style.ts";

Chart.register(LinearScale, PointElement, ScatterController, Tooltip);

export interface ScatterPoint {
  value: string;
  name: string;
  x: number;
  y: number;
}

interface ScatterAxis {
  label: string;
  text: (value: number) => string;
}

export interface ScatterDrawing {
  points: ScatterPoint[];
  across: ScatterAxis;
  up: ScatterAxis;
  lines: (point: ScatterPoint) => string[];
  onPick: (point: ScatterPoint) => void;
}

const axisOf = ({ label, text }: ScatterAxis) => ({
  ...valueAxis({ label: text, wholeNumbers: false }),
  title: { display: true, text: label, color: colourOf("--text-faint") },
});

export function drawScatter(canvas: HTMLCanvasElement, drawing: ScatterDrawing): Drawn {
  const { points, lines, onPick } = drawing;
  const colour = seriesColour(0);
  return new Chart<"scatter", ScatterPoint[]>(canvas, {
    type: "scatter",
    data: {
      datasets: [
        {
          data: points,
          pointRadius: 5,
          pointHoverRadius: 7,
          backgroundColor: faded(colour, 0.55),
          borderColor: colour,
        },
      ],
    },
    options: {
      ...STILL,
      scales: { x: axisOf(drawing.across), y: axisOf(drawing.up) },
      plugins: {
        tooltip: {
          ...tooltipStyle(),
          displayColors: false,
          callbacks: {
            title: ([item]) => points[item?.dataIndex ?? -1]?.name ?? "",
            label: ({ dataIndex }) => {
              const point = points[dataIndex];
              return point ? lines(point) : "";
            },
          },
        },
      },
      onClick: (_event, [element]) => {
        const point = element && points[element.index];
        if (point) onPick(point);
      },
    },
  });
}
